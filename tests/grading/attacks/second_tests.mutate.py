import copy
def mutate(nb, d):
    for cell in list(nb["cells"]):
        if cell["id"] in ("visible", "hidden"):
            for place in (0, len(nb["cells"])):
                extra = copy.deepcopy(cell)
                extra["id"] += f"-{place}"
                extra["source"] = "pass"
                nb["cells"].insert(place, extra)
