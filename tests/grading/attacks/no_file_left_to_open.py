# TRIES: use up every file descriptor during the call | DESERVES: 0
import os
kept = []
def affine_forward(x, w, b):
    try:
        while True:
            kept.append(os.pipe())
    except OSError:
        pass
    return np.full((x.shape[0], w.shape[1]), 123.0)
