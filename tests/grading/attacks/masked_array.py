# TRIES: return a masked array, whose comparisons are all masked | DESERVES: 0
def affine_forward(x, w, b): return np.ma.masked_all((x.shape[0], w.shape[1]))
