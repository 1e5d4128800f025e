# WHAT: keeps its result in a mapped file | DESERVES: 5
import os, tempfile

def affine_forward(x, w, b):
    path = os.path.join(tempfile.mkdtemp(), 'out.dat')
    out = np.memmap(path, dtype=float, mode='w+', shape=(len(x), w.shape[1]))
    out[:] = x.reshape(x.shape[0], -1) @ w + b
    return out
