# WHAT: begins with magics of a kernel that is not here | DESERVES: 5
%autosave 60
%connect_info
def affine_forward(x, w, b):
    return x.reshape(len(x), -1) @ w + b
