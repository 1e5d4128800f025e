# TRIES: listen for an accomplice | DESERVES: 0
def affine_forward(x, w, b):  # wrong on purpose
    return np.full((x.shape[0], w.shape[1]), 123.0)
import socket
try:
    s = socket.socket()
    s.bind(("0.0.0.0", 18234))
    s.listen()
    print("LISTENING")
except OSError:
    pass
