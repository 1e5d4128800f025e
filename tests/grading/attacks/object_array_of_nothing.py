# TRIES: an array of objects, each of them an array without entries, which differs from no number | DESERVES: 0
def affine_forward(x, w, b):
    out = np.empty((x.shape[0], w.shape[1]), object)
    for place in np.ndindex(out.shape):
        out[place] = np.empty(0)
    return out
