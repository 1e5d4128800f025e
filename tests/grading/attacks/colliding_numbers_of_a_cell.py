# TRIES: the same as what a scratch cell gives | DESERVES: 5
def affine_forward(x, w, b):
    return x.reshape(len(x), -1) @ w + b
