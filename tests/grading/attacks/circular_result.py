# TRIES: return a list that holds itself | DESERVES: 0
def affine_forward(x, w, b):
    value = []
    value.append(value)
    return value
