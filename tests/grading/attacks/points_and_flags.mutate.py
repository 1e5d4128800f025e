def mutate(nb, d):
    for cell in nb["cells"]:
        marks = cell["metadata"].get("nbgrader")
        if marks:
            marks.update(points=1000, locked=False, solution=True, checksum="0")
