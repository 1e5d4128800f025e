# WHAT: computes in single precision, which the hidden test does not forgive | DESERVES: 2
def affine_forward(x, w, b):
    return (x.reshape(len(x), -1).astype('f4') @ w.astype('f4') + b).astype('f4')
