# WHAT: defines the function in an if, a try and a loop | DESERVES: 5
for _attempt in range(2):
    try:
        import cupy as xp
    except ImportError:
        xp = np
    if xp is np:
        def affine_forward(x, w, b):
            return x.reshape(x.shape[0], -1) @ w + b
