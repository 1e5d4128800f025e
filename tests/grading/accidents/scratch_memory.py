# WHAT: a scratch cell that asks for too much memory | DESERVES: 5
def affine_forward(x, w, b):
    return x.reshape(x.shape[0], -1) @ w + b
