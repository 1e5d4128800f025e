def mutate(nb, d):
    for cell in nb["cells"]:
        if cell["id"] == "answer":
            cell["cell_type"] = "markdown"
            cell.pop("outputs")
            cell.pop("execution_count")
