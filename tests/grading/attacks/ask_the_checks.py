# TRIES: take a right implementation out of the course's own checks | DESERVES: 0
def affine_forward(x, w, b):  # wrong on purpose
    return np.full((x.shape[0], w.shape[1]), 123.0)
from cs_layers import checks
f = checks.alternatives("affine_forward")[0].function
affine_forward = lambda x, w, b: f(x, w, b)[0]
