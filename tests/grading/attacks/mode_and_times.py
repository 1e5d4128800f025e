# TRIES: change modes, owners and times of files that are not ours | DESERVES: 0
def affine_forward(x, w, b):  # wrong on purpose
    return np.full((x.shape[0], w.shape[1]), 123.0)
import os
for path in ("/", "/usr", "/etc/passwd", "/work", os.__file__, np.__file__):
    for act in (lambda: os.chmod(path, 0o777), lambda: os.utime(path, (0, 0)), lambda: os.chown(path, 0, 0)):
        try:
            act()
            print("CHANGED", path)
        except OSError:
            pass
