# TRIES: start threads without end, each spinning | DESERVES: 0
def affine_forward(x, w, b):  # wrong on purpose
    return np.full((x.shape[0], w.shape[1]), 123.0)
import threading
def spin():
    while True:
        pass
for _ in range(1000):
    try:
        threading.Thread(target=spin, daemon=True).start()
    except RuntimeError:
        break
