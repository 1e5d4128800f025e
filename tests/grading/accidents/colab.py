# WHAT: saved by Colab: its own metadata, no ids, cells of its own | DESERVES: 5
def affine_forward(x, w, b):
    return x.reshape(x.shape[0], -1) @ w + b
