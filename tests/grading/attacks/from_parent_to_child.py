# TRIES: twelve processes that run away, each ending as soon as it has a child | DESERVES: 0
def affine_forward(x, w, b):  # wrong on purpose
    return np.full((x.shape[0], w.shape[1]), 123.0)
import os, signal, ctypes, sys, time
libc = ctypes.CDLL(None, use_errno=True)
libc.prctl(1, 0, 0, 0, 0)          # no signal when the parent ends
for s in range(1, 65):
    try: signal.signal(s, signal.SIG_IGN)
    except (OSError, ValueError): pass

def run_for_ever(limit=60):
    end = time.monotonic() + limit
    while time.monotonic() < end:
        if os.fork(): os._exit(0)

for _ in range(12):
    if os.fork() == 0: os.setsid(); run_for_ever()
