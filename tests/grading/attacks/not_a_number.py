# TRIES: return NaN and infinity | DESERVES: 0
def affine_forward(x, w, b): return np.full((x.shape[0], w.shape[1]), np.nan)
