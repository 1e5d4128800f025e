# WHAT: changes the bias it was given | DESERVES: 5
def affine_forward(x, w, b):
    b *= 1
    w.flags.writeable and w.setflags(write=True)
    return x.reshape(x.shape[0], -1) @ w + b
