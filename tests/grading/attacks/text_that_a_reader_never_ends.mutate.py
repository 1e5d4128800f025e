import copy
def mutate(nb, d):
    at = next(k for k, cell in enumerate(nb["cells"]) if cell["id"] == "answer")
    second = copy.deepcopy(nb["cells"][at])
    second["id"], second["source"] = "second", "def (" + "\n" * 60_000 + "x"
    nb["cells"].insert(at + 1, second)
    for number, text in enumerate(("def " + "a" * 60_000 + " +b?", "def\n" + "!a\n" * 490 + "x = 1\n" * 5000)):
        nb["cells"].append({"cell_type": "markdown", "id": f"text{number}", "metadata": {}, "source": text})
