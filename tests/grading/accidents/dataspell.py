# WHAT: saved while running: states of an editor, prompts as text | DESERVES: 5
def affine_forward(x, w, b):
    return x.reshape(x.shape[0], -1) @ w + b
