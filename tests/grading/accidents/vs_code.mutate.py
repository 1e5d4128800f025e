def mutate(nb, d):
    for number, cell in enumerate(nb["cells"]):
        cell["id"] = f"{number:08x}"
        cell["metadata"] = {"vscode": {"languageId": "python"}} | (cell["metadata"] if number % 2 else {})
