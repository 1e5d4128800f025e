# WHAT: the answer split in the middle of the function | DESERVES: 5
def affine_forward(x, w, b):
    flat = x.reshape(len(x), -1)
