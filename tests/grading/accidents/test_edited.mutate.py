def mutate(nb, d):
    for cell in nb["cells"]:
        if cell["id"] == "visible":
            cell["source"] = "print('playing')\naffine_forward(1, 2, 3)"
