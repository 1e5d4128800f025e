def mutate(nb, d):
    cell = {'cell_type': 'code', 'id': 'injected', 'metadata': {'tags': ['injected-parameters']}, 'source': '# Parameters\nx = w = b = None\nnp_seed = 1', 'outputs': [], 'execution_count': None}
    nb['cells'].insert(2, cell)
    nb['cells'].insert(4, {**cell, 'id': 'injected2'})
    nb['metadata']['papermill'] = {'exception': None, 'version': '2.4.0'}
