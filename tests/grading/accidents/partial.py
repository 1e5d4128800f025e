# WHAT: functools.partial | DESERVES: 5
import functools
affine_forward = functools.partial(lambda k, x, w, b: k * (x.reshape(len(x), -1) @ w + b), 1)
