# TRIES: raise an error whose text is never ready | DESERVES: 0
class Slow(Exception):
    def __str__(self):
        while True:
            pass
    __repr__ = __str__
def affine_forward(x, w, b): raise Slow()
