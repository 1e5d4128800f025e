import copy
def mutate(nb, d):
    at = next(k for k, cell in enumerate(nb["cells"]) if cell["id"] == "answer")
    second = copy.deepcopy(nb["cells"][at])
    second["id"] = "second"
    second["source"] = "# YOUR CODE HERE\nraise NotImplementedError()"
    nb["cells"].insert(at + 1, second)
