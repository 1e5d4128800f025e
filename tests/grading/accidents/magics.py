# WHAT: magics, a shell command, %pip | DESERVES: 5
%matplotlib inline
%load_ext autoreload
!echo hello
%pip --version
def affine_forward(x, w, b):
    return x.reshape(x.shape[0], -1) @ w + b
%timeit -n1 -r1 affine_forward(np.ones((1, 1)), np.ones((1, 1)), 0)
