import copy
def mutate(nb, d):
    first = copy.deepcopy(nb["cells"])
    for cell in first:
        cell["id"] += "-2"
        if cell["id"] == "answer-2":
            cell["source"] = "# YOUR CODE HERE\nraise NotImplementedError()"
    nb["cells"] = first + nb["cells"]
