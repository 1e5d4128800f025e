def mutate(nb, d):
    by = {cell["id"]: cell for cell in nb["cells"]}
    by["answer"]["metadata"], by["hidden"]["metadata"] = by["hidden"]["metadata"], by["answer"]["metadata"]
