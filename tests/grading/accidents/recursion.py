# WHAT: a recursion that does not end | DESERVES: 0
def affine_forward(x, w, b):
    return affine_forward(x, w, b)
