# TRIES: use memory in many processes, each under the limit | DESERVES: 0
def affine_forward(x, w, b):  # wrong on purpose
    return np.full((x.shape[0], w.shape[1]), 123.0)
import os, time
for _ in range(12):
    if os.fork() == 0:
        block = np.ones(25_000_000)
        time.sleep(600)
time.sleep(3)
