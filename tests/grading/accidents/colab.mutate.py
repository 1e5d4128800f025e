def mutate(nb, d):
    nb["metadata"] = {"colab": {"provenance": []}, "accelerator": "GPU"}
    nb["nbformat_minor"] = 0
    for number, cell in enumerate(nb["cells"]):
        cell.pop("id")
        cell["metadata"] = {"id": f"aB{number}_x", "outputId": "x"}
        cell["source"] = "".join(cell["source"]).splitlines(True)
    mount = ["from google.colab import drive\n", "drive.mount('/content/drive')"]
    nb["cells"].insert(0, {"cell_type": "code", "metadata": {"id": "q"}, "source": mount, "outputs": []})
