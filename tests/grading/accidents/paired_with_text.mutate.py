def mutate(nb, d):
    nb['metadata']['jupytext'] = {'formats': 'ipynb,py:percent', 'text_representation': {'extension': '.py'}}
    for cell in nb['cells']:
        if cell['cell_type'] == 'code':
            cell['source'] = '# +\n' + ''.join(cell['source']) + '\n# -'
