# WHAT: magics that only a kernel knows, help, and a figure format, above the answer | DESERVES: 5
%autosave 60
%config InlineBackend.figure_format = 'retina'
np.dot?
%precision 3
files = !ls
def affine_forward(x, w, b):
    return x.reshape(x.shape[0], -1) @ w + b
