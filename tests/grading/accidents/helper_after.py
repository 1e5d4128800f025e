# WHAT: a helper in a cell after the answer | DESERVES: 5
def affine_forward(x, w, b):
    return flat(x) @ w + b
