def mutate(nb, d):
    for cell in nb['cells']:
        cell['metadata'] |= {'pycharm': {'name': '#%%\n', 'is_executing': True}, 'ExecuteTime': {'end_time': None}, 'collapsed': False}
        if cell['cell_type'] == 'code':
            cell['execution_count'] = '*'
            cell['outputs'] = None
