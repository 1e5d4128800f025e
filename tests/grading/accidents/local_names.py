# WHAT: a class inside pickles itself, doctest runs, a nonlocal name | DESERVES: 5
def affine_forward(x, w, b):
    '''
    >>> affine_forward(np.ones((1, 1)), np.ones((1, 1)), 0)
    array([[1.]])
    '''
    out = None
    def inner():
        nonlocal out
        out = x.reshape(len(x), -1) @ w + b
    inner()
    return out
import doctest, pickle
class Point: pass
pickle.loads(pickle.dumps(Point()))
doctest.testmod()
