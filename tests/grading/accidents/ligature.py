# WHAT: a name pasted from a PDF, with a ligature | DESERVES: 5
def aﬃne_forward(x, w, b):
    return x.reshape(x.shape[0], -1) @ w + b
