# TRIES: hang in a call that holds the interpreter | DESERVES: 0
import ctypes
def affine_forward(x, w, b):
    ctypes.PyDLL(None).sleep(600)
