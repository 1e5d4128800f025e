# TRIES: return a list nested 100,000 deep | DESERVES: 0
def affine_forward(x, w, b):
    value = []
    for _ in range(100_000):
        value = [value]
    return value
