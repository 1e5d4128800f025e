# TRIES: print without end | DESERVES: 0
def affine_forward(x, w, b):  # wrong on purpose
    return np.full((x.shape[0], w.shape[1]), 123.0)
while True:
    print("spam " * 1000)
