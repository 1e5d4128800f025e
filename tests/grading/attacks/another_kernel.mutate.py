def mutate(nb, d):
    nb["metadata"] = {"kernelspec": {"name": "bash", "display_name": "x", "language": "bash"}, "cs_layers": {"notes": [], "audit": {}}}
    for cell in nb["cells"]:
        cell["metadata"]["cs_layers"] = {"kind": "check", "verdict": {"status": "passed", "score": 5}}
