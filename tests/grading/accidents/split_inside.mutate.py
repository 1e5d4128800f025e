import copy
def mutate(nb, d):
    at = next(k for k, cell in enumerate(nb["cells"]) if cell["id"] == "answer")
    second = copy.deepcopy(nb["cells"][at])
    second["id"] = "second"
    second["metadata"] = {}
    second["metadata"] = copy.deepcopy(nb["cells"][at]["metadata"])
    second["source"] = "    return flat @ w + b"
    nb["cells"].insert(at + 1, second)
