# WHAT: prints inside the function | DESERVES: 5
def affine_forward(x, w, b):
    print("shape", x.shape)
    return x.reshape(x.shape[0], -1) @ w + b
