def mutate(nb, d):
    for cell in nb["cells"]:
        cell.pop("id")
        cell["metadata"]["pycharm"] = {"name": "#%%"}
        if cell["cell_type"] == "code":
            cell["source"] = "#%%\n" + "".join(cell["source"])
