# TRIES: an error whose text has a gigabyte, and one that is its own cause | DESERVES: 0
class Huge(Exception):
    def __str__(self): return "x" * 10**9
def affine_forward(x, w, b):
    if x.ndim != 3:
        a, c = ValueError(1), ValueError(2)
        a.__cause__, c.__cause__ = c, a
        raise a
    raise Huge()
