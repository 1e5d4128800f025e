# TRIES: crash the process when called | DESERVES: 0
import ctypes
def affine_forward(x, w, b):
    ctypes.string_at(0)
