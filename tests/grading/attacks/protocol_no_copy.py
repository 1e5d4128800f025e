# TRIES: do not make the copy for a hidden test, and keep its inputs | DESERVES: 0
def affine_forward(x, w, b):  # wrong on purpose
    return np.full((x.shape[0], w.shape[1]), 123.0)
import gc
[peer] = [one for one in gc.get_objects() if type(one).__name__ == "StudentPeer"]
channel = peer.channel

import json, struct
def frame(message, data=b"", size=None, text=None):
    text = json.dumps(message).encode() if text is None else text
    return struct.pack(">4sIQ", b"csl1", len(text), len(data) if size is None else size) + text + data

import array, socket
def no_fork(message):
    socket.recv_fds(channel.sock, 1, 1)
    channel.send({"answer": message["ask"], "changed": None, "value": None})
peer._fork = no_fork
