# WHAT: the whole notebook pasted into itself, the first copy as released | DESERVES: 5
def affine_forward(x, w, b):
    return x.reshape(x.shape[0], -1) @ w + b
