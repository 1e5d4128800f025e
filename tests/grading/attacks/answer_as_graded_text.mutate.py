def mutate(nb, d):
    for cell in nb["cells"]:
        if cell["id"] == "answer":
            cell["metadata"]["nbgrader"].update(grade=True, points=50, cell_type="markdown")
            cell.update(cell_type="markdown", source="full points")
