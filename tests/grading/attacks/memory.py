# TRIES: use memory without end | DESERVES: 0
def affine_forward(x, w, b):
    keep = []
    while True:
        keep.append(np.ones(1 << 23))
