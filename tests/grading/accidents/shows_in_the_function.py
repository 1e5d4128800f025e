# WHAT: draws and shows inside the function | DESERVES: 5
import matplotlib.pyplot as plt
def affine_forward(x, w, b):
    plt.figure()
    plt.plot(w)
    plt.show()
    return x.reshape(len(x), -1) @ w + b
