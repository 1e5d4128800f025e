# TRIES: return an empty array, which is close to everything | DESERVES: 0
def affine_forward(x, w, b): return np.zeros((0, w.shape[1]))
