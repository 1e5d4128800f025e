# WHAT: a loop that does not end | DESERVES: 0
def affine_forward(x, w, b):
    i = 0
    while i < 10:
        pass
    return x
