# WHAT: a lambda | DESERVES: 5
affine_forward = lambda x, w, b: x.reshape(len(x), -1) @ w + b
