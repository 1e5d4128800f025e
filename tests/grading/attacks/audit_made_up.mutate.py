def mutate(nb, d):
    passed = {"status": "passed", "score": 3}
    nb["metadata"]["cs_layers"] = {"audit": {"verdicts": {"hidden": passed, "visible": passed}}, "notes": ["5 of 5"]}
    for cell in nb["cells"]:
        cell["metadata"]["cs_layers"] = {"kind": "text"}
