# WHAT: prints to stderr, and logs | DESERVES: 5
def affine_forward(x, w, b):
    import sys, logging
    print("debug", file=sys.stderr)
    logging.warning("careful")
    return x.reshape(x.shape[0], -1) @ w + b
