def mutate(nb, d):
    nb['cells'] = [cell for cell in nb['cells'] if cell['id'] == 'answer']
    nb['metadata'] = {}
