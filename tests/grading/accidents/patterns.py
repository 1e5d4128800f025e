# WHAT: matches patterns, keeps the value in an expression | DESERVES: 5
def affine_forward(x, w, b):
    match x.shape:
        case (n, *rest) if (d := int(np.prod(rest))) == len(w):
            return x.reshape(n, d) @ w + b
        case _:
            raise ValueError(x.shape)
