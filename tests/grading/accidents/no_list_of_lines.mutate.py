def mutate(nb, d):
    for cell in nb['cells']:
        cell['source'] = list(''.join(cell['source']))
