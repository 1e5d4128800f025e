# WHAT: saved by Deepnote: a cell with HTML at the end, no marks | DESERVES: 5
def affine_forward(x, w, b):
    return x.reshape(x.shape[0], -1) @ w + b
