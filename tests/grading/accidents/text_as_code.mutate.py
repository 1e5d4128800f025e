def mutate(nb, d):
    for cell in nb["cells"]:
        if cell["cell_type"] == "markdown":
            cell.update(cell_type="code", outputs=[], execution_count=None)
