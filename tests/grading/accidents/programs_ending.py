# WHAT: the ends of a program: unittest.main(), argparse, a guard | DESERVES: 5
def affine_forward(x, w, b):
    return x.reshape(x.shape[0], -1) @ w + b
import argparse, unittest
if __name__ == '__main__':
    unittest.main()
argparse.ArgumentParser().parse_args()
