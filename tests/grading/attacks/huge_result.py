# TRIES: return more than memory should hold | DESERVES: 0
def affine_forward(x, w, b):
    return np.broadcast_to(np.float64(0), (1 << 16, 1 << 16))
