# WHAT: closes sys.stdout, and logs to the one it had before | DESERVES: 5
import logging, sys
logging.basicConfig(stream=sys.stdout, level=logging.INFO, force=True)
def affine_forward(x, w, b):
    logging.info('x has shape %s', x.shape)
    sys.stdout.close()
    return x.reshape(len(x), -1) @ w + b
