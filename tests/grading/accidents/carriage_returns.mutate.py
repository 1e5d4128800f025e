def mutate(nb, d):
    for cell in nb["cells"]:
        cell["source"] = "".join(cell["source"]).replace("\n", "\r")
