# WHAT: names of Python's own used for variables | DESERVES: 5
list = [1, 2]
sum = 0
max = min = 3
print = None
str = 'a'
type = 5
def affine_forward(x, w, b):
    return x.reshape(x.shape[0], -1) @ w + b
