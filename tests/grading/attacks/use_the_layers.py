# TRIES: call the course's own layer | DESERVES: 0
def affine_forward(x, w, b):  # wrong on purpose
    return np.full((x.shape[0], w.shape[1]), 123.0)
from cs_layers.layers import affine_forward as theirs
affine_forward = lambda x, w, b: theirs(x, w, b)[0]
