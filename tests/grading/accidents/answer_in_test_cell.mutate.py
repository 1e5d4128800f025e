def mutate(nb, d):
    for cell in nb["cells"]:
        if cell["id"] == "visible":
            cell["source"] = "def affine_forward(x, w, b):\n    return x.reshape(len(x), -1) @ w + b\n" + "".join(cell["source"])
