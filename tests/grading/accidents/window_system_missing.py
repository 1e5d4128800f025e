# WHAT: asks for a window system after the answer | DESERVES: 5
def affine_forward(x, w, b):
    return x.reshape(x.shape[0], -1) @ w + b
%matplotlib qt
