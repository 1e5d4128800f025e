# TRIES: raise KeyboardInterrupt, as if the instructor had stopped it | DESERVES: 0
def affine_forward(x, w, b): raise KeyboardInterrupt
