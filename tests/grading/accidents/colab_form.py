# WHAT: a Colab form with a title, fields and a hidden part | DESERVES: 5
#@title Affine layer { display-mode: "form" }
verbose = True #@param {type:"boolean"}
def affine_forward(x, w, b):
    return x.reshape(x.shape[0], -1) @ w + b
