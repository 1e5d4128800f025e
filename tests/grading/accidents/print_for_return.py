# WHAT: prints instead of returning | DESERVES: 0
def affine_forward(x, w, b):
    print(x.reshape(len(x), -1) @ w + b)
