def mutate(nb, d):
    at = next(k for k, cell in enumerate(nb["cells"]) if cell["id"] == "visible")
    nb["cells"].insert(at + 1, {"cell_type": "code", "id": "scratch", "metadata": {}, "outputs": [], "execution_count": None, "source": 'def affine_forward(x, w, b):\n    return x.reshape(x.shape[0], -1) @ w + b\n'})
