# WHAT: two versions merged by a tool, its marks in text cells | DESERVES: 5
def affine_forward(x, w, b):
    return x.reshape(x.shape[0], -1) @ w + b
