# WHAT: everything of NumPy, under no name, in the imports' cell | DESERVES: 5
def affine_forward(x, w, b):
    return dot(x.reshape(x.shape[0], int(prod(x.shape[1:]))), w) + b
