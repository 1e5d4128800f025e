def mutate(nb, d):
    for cell, odd in zip(nb["cells"], ([], "x", 5, None, {"nbgrader": []}, {"nbgrader": "x"})):
        cell.update(metadata=odd, id=odd, outputs={"a": 1}, attachments={"x.svg": {"image/svg+xml": "<svg onload=x>"}})
    nb["cells"] += [None, 5, [], {}, {"cell_type": 5}, {"cell_type": ["code"], "source": {"a": 1}}]
    nb["nbformat"] = [4]
