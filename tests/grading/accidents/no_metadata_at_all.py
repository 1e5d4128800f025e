# WHAT: cells without any field but type and text, as lists of lines | DESERVES: 5
def affine_forward(x, w, b):
    return x.reshape(x.shape[0], -1) @ w + b
