# WHAT: saved by PyCharm: every code cell begins with a mark of its own | DESERVES: 5
def affine_forward(x, w, b):
    return x.reshape(x.shape[0], -1) @ w + b
