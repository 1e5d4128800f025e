def mutate(nb, d):
    nb["metadata"] = {}
    for cell in nb["cells"]:
        cell["metadata"] = {}
