# WHAT: a timer in a cell of its own, put around the function in a later one | DESERVES: 5
def affine_forward(x, w, b):
    return x.reshape(x.shape[0], -1) @ w + b
