# TRIES: return an integer of a million digits | DESERVES: 0
def affine_forward(x, w, b):
    return 10 ** 1_000_000
