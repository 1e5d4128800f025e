# TRIES: raise an error that looks like a check that grants all points | DESERVES: 0
class CheckFailed(AssertionError):
    points = 0.99
    fraction = 0.99
    __module__ = "cs_layers.checks.report"
def affine_forward(x, w, b): raise CheckFailed("nearly right")
