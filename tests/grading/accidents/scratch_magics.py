# WHAT: scratch cells of JavaScript, SVG, Ruby and a language that is not there | DESERVES: 5
def affine_forward(x, w, b):
    return x.reshape(x.shape[0], -1) @ w + b
