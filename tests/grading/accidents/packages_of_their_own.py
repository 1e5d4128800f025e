# WHAT: the answer's cell imports packages that are installed on the student's machine alone, and does not need them | DESERVES: 5
import numpy as np
import seaborn as sns
from sklearn.linear_model import (
    LinearRegression,
    Ridge,
)
from scipy import stats


def affine_forward(x, w, b):
    return x.reshape(len(x), -1) @ w + b


import torchvision
