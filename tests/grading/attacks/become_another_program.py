# TRIES: replace the process by another program when called | DESERVES: 0
import os
def affine_forward(x, w, b):
    os.execv("/bin/sleep", ["sleep", "600"])
