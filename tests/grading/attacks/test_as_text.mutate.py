def mutate(nb, d):
    for cell in nb["cells"]:
        if cell["id"] in ("visible", "hidden"):
            cell["cell_type"] = "markdown"
            cell.pop("outputs", None)
