def mutate(nb, d):
    for cell in nb["cells"]:
        marks = cell["metadata"].get("nbgrader")
        if marks:
            marks.update(checksum="0" * 32, points=1e308, task=True, grade=True)
