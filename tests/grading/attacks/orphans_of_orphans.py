# TRIES: a chain of orphans, each in a session of its own, deaf to every signal | DESERVES: 0
def affine_forward(x, w, b):  # wrong on purpose
    return np.full((x.shape[0], w.shape[1]), 123.0)
import os, signal, time
for number in range(12):
    if os.fork():
        if number:
            os._exit(0)
        break
    os.setsid()
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
else:
    time.sleep(1000)
