# TRIES: read the disk or memory through devices | DESERVES: 0
def affine_forward(x, w, b):  # wrong on purpose
    return np.full((x.shape[0], w.shape[1]), 123.0)
import os
for path in ("/dev/mem", "/dev/kmem", "/dev/vda", "/dev/sda", "/dev/nvme0n1", "/dev/fuse", "/dev/kvm"):
    try:
        print(path, os.open(path, os.O_RDONLY))
    except OSError:
        pass
try:
    os.mknod("disk", 0o60666, os.makedev(254, 0))
    print(open("disk", "rb").read(10))
except OSError:
    pass
