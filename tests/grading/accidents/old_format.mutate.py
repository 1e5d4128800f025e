def mutate(nb, d):
    cells = nb.pop("cells")
    for cell in cells:
        if cell["cell_type"] == "code":
            cell["input"] = cell.pop("source")
    nb["worksheets"] = [{"cells": cells}]
    nb["nbformat"] = 3
