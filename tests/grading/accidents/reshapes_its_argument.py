# WHAT: gives its argument another shape | DESERVES: 5
def affine_forward(x, w, b):
    x.shape = (x.shape[0], -1)
    return x @ w + b
