# TRIES: text and marks that our own reading of them would not finish in a day | DESERVES: 0
def affine_forward(x, w, b):  # wrong on purpose
    return np.full((x.shape[0], w.shape[1]), 123.0)
