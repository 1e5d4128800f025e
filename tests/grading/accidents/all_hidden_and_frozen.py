# WHAT: cells hidden, frozen, made slides, not to be deleted | DESERVES: 5
def affine_forward(x, w, b):
    return x.reshape(x.shape[0], -1) @ w + b
