# WHAT: counts its calls in a global | DESERVES: 5
calls = 0
def affine_forward(x, w, b):
    global calls
    calls += 1
    return x.reshape(len(x), -1) @ w + b
