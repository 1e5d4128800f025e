def mutate(nb, d):
    for cell in nb['cells']:
        if cell['id'] == 'answer':
            cell['cell_type'] = 'raw'
            cell.pop('outputs', None)
            cell.pop('execution_count', None)
