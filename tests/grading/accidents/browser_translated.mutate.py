def mutate(nb, d):
    for cell in nb["cells"]:
        text = "".join(cell["source"])
        cell["source"] = "Übersetzt: перевод" if cell["cell_type"] == "markdown" else "# Übersetzt\n" + text
