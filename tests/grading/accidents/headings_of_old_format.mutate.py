def mutate(nb, d):
    cells = []
    for cell in nb.pop("cells"):
        text = "".join(cell["source"])
        if cell["cell_type"] == "code":
            cells.append({"cell_type": "code", "language": "python", "input": text, "prompt_number": 3})
        else:
            cells.append({"cell_type": "heading", "level": 1, "source": text.lstrip("# ")})
    nb.update(worksheets=[{"cells": cells[:3]}, {"cells": cells[3:]}], nbformat=3, nbformat_minor=0)
