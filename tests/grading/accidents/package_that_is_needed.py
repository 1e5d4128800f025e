# WHAT: the answer needs a package that is not installed where it is graded, or says so too late | DESERVES: 0
import seaborn as sns

def affine_forward(x, w, b):
    sns.set_theme()
    return x.reshape(len(x), -1) @ w + b
