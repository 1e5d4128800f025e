# WHAT: the answer split into two cells with one mark | DESERVES: 5
HALF = True
def flat(x):
    return x.reshape(len(x), -1)
