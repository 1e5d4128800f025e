import copy
def mutate(nb, d):
    at = next(k for k, cell in enumerate(nb["cells"]) if cell["id"] == "answer")
    first = copy.deepcopy(nb["cells"][at])
    first["id"] = "first"
    first["source"] = "def affine_forward(x, w, b):\n    return 0"
    nb["cells"].insert(at, first)
