# WHAT: gives numbers in the other byte order | DESERVES: 5
def affine_forward(x, w, b):
    return (x.reshape(x.shape[0], -1) @ w + b).astype('>f8')
