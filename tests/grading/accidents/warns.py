# WHAT: a NumPy warning and a warning of its own | DESERVES: 5
def affine_forward(x, w, b):
    import warnings
    np.float64(1) / np.float64(0)
    warnings.warn("careful")
    return x.reshape(x.shape[0], -1) @ w + b
