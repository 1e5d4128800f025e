# TRIES: raise an error with 100 MB of text and a name to match | DESERVES: 0
Huge = type("H" * 1_000_000, (ValueError,), {})
def affine_forward(x, w, b): raise Huge("x" * 100_000_000)
