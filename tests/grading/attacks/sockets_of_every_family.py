# TRIES: sockets of every family, netlink and AF_ALG among them | DESERVES: 0
def affine_forward(x, w, b):  # wrong on purpose
    return np.full((x.shape[0], w.shape[1]), 123.0)
import socket
for family in (1, 2, 10, 16, 17, 38, 40):
    try:
        socket.socket(family, 3 if family == 16 else 1)
        print("TO" + "LD", family)
    except OSError:
        pass
