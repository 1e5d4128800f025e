def mutate(nb, d):
    nb["cells"] = __import__("copy").deepcopy(nb["metadata"].pop("released", nb["cells"]))
    for cell in nb["cells"]:
        if cell["id"] == "answer":
            cell["source"] = "# YOUR CODE HERE\nraise NotImplementedError()"
