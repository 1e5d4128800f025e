# WHAT: asks the streams for their numbers, to start a program or to see where a crash comes from | DESERVES: 5
import faulthandler, subprocess, sys
faulthandler.enable()
subprocess.run([sys.executable, "-c", "print('x' * 100_000)"], stdout=sys.stdout, stderr=sys.stderr)
def affine_forward(x, w, b):
    return x.reshape(len(x), -1) @ w + b
