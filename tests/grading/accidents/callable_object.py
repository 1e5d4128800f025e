# WHAT: the function is an object with __call__ | DESERVES: 5
class Affine:
    def __call__(self, x, w, b):
        return x.reshape(len(x), -1) @ w + b
affine_forward = Affine()
