def mutate(nb, d):
    at = next(k for k, cell in enumerate(nb["cells"]) if cell["id"] == "answer")
    nb["cells"].append(nb["cells"].pop(at))
