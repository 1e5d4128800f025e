def mutate(nb, d):
    for number, cell in enumerate(nb["cells"]):
        cell.pop("id")
        cell["metadata"] = {"cell_id": f"00{number}", "deepnote_cell_type": cell["cell_type"], "source_hash": "1"}
    made = "<a style='text-decoration:none' href='https://deepnote.com'>Created in Deepnote</a>"
    nb["cells"].append({"cell_type": "markdown", "metadata": {"created_in_deepnote_cell": True}, "source": made})
