def mutate(nb, d):
    for k, cell in enumerate(nb['cells']):
        cell['metadata'] |= {'jupyter': {'source_hidden': True, 'outputs_hidden': True}, 'tags': ['raises-exception', 'remove-cell'], 'slideshow': {'slide_type': 'skip'}, 'init_cell': True, 'run_control': {'frozen': True}, 'editable': False, 'deletable': False}
