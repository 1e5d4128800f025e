# WHAT: a syntax error | DESERVES: 0
def affine_forward(x, w, b)
    return x
