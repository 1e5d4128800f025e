def mutate(nb, d):
    at = next(k for k, cell in enumerate(nb["cells"]) if cell["id"] == "answer")
    text = "".join(nb["cells"].pop(at)["source"])
    nb["cells"][at - 1]["source"] = "".join(nb["cells"][at - 1]["source"]) + "\n\n" + text
