# WHAT: clears all names first, as in Matlab | DESERVES: 5
%reset -f
%matplotlib inline
import numpy as np
def affine_forward(x, w, b):
    return x.reshape(x.shape[0], -1) @ w + b
