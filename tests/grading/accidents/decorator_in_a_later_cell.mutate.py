def mutate(nb, d):
    code = lambda k, text: {'cell_type': 'code', 'id': f'own{k}', 'metadata': {}, 'source': text, 'outputs': [], 'execution_count': None}
    at = [cell['id'] for cell in nb['cells']].index('answer')
    nb['cells'].insert(at, code(0, 'import functools, time\ndef timed(f):\n    @functools.wraps(f)\n    def around(*a, **k):\n        t = time.perf_counter()\n        try:\n            return f(*a, **k)\n        finally:\n            print(time.perf_counter() - t > 0)\n    return around'))
    nb['cells'].insert(at + 2, code(1, 'affine_forward = timed(affine_forward)\n%timeit -n1 -r1 affine_forward(np.ones((1, 2)), np.ones((2, 1)), np.ones(1))'))
