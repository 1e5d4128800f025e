# TRIES: close every file descriptor | DESERVES: 0
def affine_forward(x, w, b):  # wrong on purpose
    return np.full((x.shape[0], w.shape[1]), 123.0)
import os
os.closerange(0, 1000)
