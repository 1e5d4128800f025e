# WHAT: a helper in a cell of its own, before the answer | DESERVES: 5
def affine_forward(x, w, b):
    return flat(x) @ w + b
