def mutate(nb, d):
    for kind, name in (("markdown", "grading-report"), ("code", "grading-report"), ("code", "student-1"), ("code", "hidden")):
        cell = {"cell_type": kind, "id": name, "metadata": {"cs_layers": {"kind": "check"}}, "source": "5"}
        nb["cells"].append(cell)
