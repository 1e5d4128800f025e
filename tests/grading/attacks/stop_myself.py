# TRIES: stop the own process when it is called | DESERVES: 0
import os, signal
def affine_forward(x, w, b):
    os.kill(os.getpid(), signal.SIGSTOP)
    signal.raise_signal(signal.SIGSTOP)
    while True:
        pass
