# WHAT: gives a transposed view, which is not contiguous | DESERVES: 5
def affine_forward(x, w, b):
    return np.asfortranarray(x.reshape(len(x), -1) @ w + b).T.T
