def mutate(nb, d):
    at = next(k for k, cell in enumerate(nb["cells"]) if cell["id"] == "answer")
    nb["cells"].insert(at + 1, {"cell_type": "code", "id": "scratch", "metadata": {}, "outputs": [], "execution_count": None, "source": 'affine_forward(1, 2)\nundefined_name'})
