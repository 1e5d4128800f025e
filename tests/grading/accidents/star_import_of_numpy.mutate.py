def mutate(nb, d):
    for cell in nb['cells']:
        if cell['id'] == 'imports':
            cell['source'] = 'from numpy import *\nimport numpy as np, numpy\n'
