# WHAT: turns warnings into errors and changes how arrays print | DESERVES: 5
import warnings
warnings.filterwarnings('error')
np.seterr(all='raise')
np.set_printoptions(precision=2, threshold=5)
def affine_forward(x, w, b):
    return x.reshape(x.shape[0], -1) @ w + b
