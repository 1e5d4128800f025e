# WHAT: gives a cache beside the array that was asked for | DESERVES: 0
def affine_forward(x, w, b):
    return x.reshape(len(x), -1) @ w + b, (x, w, b)
