def mutate(nb, d):
    nb["cells"].reverse()
