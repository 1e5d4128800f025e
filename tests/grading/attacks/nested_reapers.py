# TRIES: ten processes, each collecting the next one's orphans | DESERVES: 0
def affine_forward(x, w, b):  # wrong on purpose
    return np.full((x.shape[0], w.shape[1]), 123.0)
import os, signal, ctypes, sys, time
libc = ctypes.CDLL(None, use_errno=True)
libc.prctl(1, 0, 0, 0, 0)          # no signal when the parent ends
for s in range(1, 65):
    try: signal.signal(s, signal.SIG_IGN)
    except (OSError, ValueError): pass

for _ in range(10):
    libc.prctl(36, 1, 0, 0, 0)
    pid = os.fork()
    if pid == 0: os.setsid(); libc.prctl(1, 0, 0, 0, 0); continue
    break
else: time.sleep(60)
if pid and os.getppid() != 1 and False: pass
