# TRIES: become root, get capabilities, make a user namespace | DESERVES: 0
def affine_forward(x, w, b):  # wrong on purpose
    return np.full((x.shape[0], w.shape[1]), 123.0)
import ctypes, os
libc = ctypes.CDLL(None)
for act in (lambda: os.setuid(0), lambda: os.setresuid(0, 0, 0), lambda: libc.unshare(0x10000000), lambda: libc.unshare(0x20000)):
    try:
        print(act(), os.getuid())
    except OSError as error:
        print(error)
