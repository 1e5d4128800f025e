# WHAT: has more parameters than asked for | DESERVES: 5
def affine_forward(x, w, b, *rest, debug=False, **options):
    assert not rest and not options
    return x.reshape(x.shape[0], -1) @ w + b
