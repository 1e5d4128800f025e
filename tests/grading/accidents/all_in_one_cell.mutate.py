def mutate(nb, d):
    code = ["".join(cell["source"]) for cell in nb["cells"] if cell["cell_type"] == "code"]
    nb["cells"] = [{"cell_type": "code", "id": "one", "metadata": {}, "outputs": [], "source": "\n\n".join(code)}]
