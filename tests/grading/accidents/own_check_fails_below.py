# WHAT: tests of one's own, wrong, below the function | DESERVES: 5
def affine_forward(x, w, b):
    return x.reshape(x.shape[0], -1) @ w + b

assert affine_forward(np.ones((1, 2)), np.ones((2, 1)), np.zeros(1)) == 3, 'my test'
