# WHAT: sleeps for a second | DESERVES: 5
def affine_forward(x, w, b):
    import time
    time.sleep(0.7)
    return x.reshape(x.shape[0], -1) @ w + b
