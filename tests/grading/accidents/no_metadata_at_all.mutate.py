def mutate(nb, d):
    nb["cells"] = [{"cell_type": c["cell_type"], "source": "".join(c["source"]).splitlines(True)} for c in nb["cells"]]
