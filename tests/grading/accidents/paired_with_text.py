# WHAT: paired with a text file: its header, and marks of cells in the cells | DESERVES: 5
def affine_forward(x, w, b):
    return x.reshape(x.shape[0], -1) @ w + b
