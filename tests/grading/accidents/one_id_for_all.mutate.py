def mutate(nb, d):
    for cell in nb['cells']:
        cell['id'] = 'answer'
