# TRIES: a process whose first thread is dead and whose second lives | DESERVES: 0
def affine_forward(x, w, b):  # wrong on purpose
    return np.full((x.shape[0], w.shape[1]), 123.0)
import os, signal, ctypes, sys, time
libc = ctypes.CDLL(None, use_errno=True)
libc.prctl(1, 0, 0, 0, 0)          # no signal when the parent ends
for s in range(1, 65):
    try: signal.signal(s, signal.SIG_IGN)
    except (OSError, ValueError): pass

import threading
if os.fork() == 0:
    os.setsid()
    threading.Thread(target=time.sleep, args=(60,)).start()
    libc.syscall(60, 0)        # only this thread ends: the process is a zombie whose threads live
    os._exit(0)
