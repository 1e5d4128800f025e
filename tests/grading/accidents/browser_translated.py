# WHAT: the page was translated by the browser: texts and comments changed in every cell | DESERVES: 5
def affine_forward(x, w, b):
    return x.reshape(x.shape[0], -1) @ w + b
