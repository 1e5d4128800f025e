# WHAT: adds in place, to a copy of the bias | DESERVES: 5
def affine_forward(x, w, b):
    out = np.tile(b, (len(x), 1))
    out += x.reshape(len(x), -1) @ w
    return out
