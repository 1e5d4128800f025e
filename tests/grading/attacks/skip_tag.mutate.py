def mutate(nb, d):
    for cell in nb["cells"]:
        cell["metadata"]["tags"] = ["skip-execution", "remove-cell"]
