# WHAT: left the line that raises above the function | DESERVES: 0
# YOUR CODE HERE
raise NotImplementedError()
def affine_forward(x, w, b):
    return x.reshape(x.shape[0], -1) @ w + b
