# TRIES: say that the copy was made, and talk nonsense on its line | DESERVES: 0
def affine_forward(x, w, b):  # wrong on purpose
    return np.full((x.shape[0], w.shape[1]), 123.0)
import gc
[peer] = [one for one in gc.get_objects() if type(one).__name__ == "StudentPeer"]
channel = peer.channel

import json, struct
def frame(message, data=b"", size=None, text=None):
    text = json.dumps(message).encode() if text is None else text
    return struct.pack(">4sIQ", b"csl1", len(text), len(data) if size is None else size) + text + data

import socket
def fork(message):
    _, fds, _, _ = socket.recv_fds(channel.sock, 1, 1)
    line = socket.socket(fileno=fds[0])
    line.sendall(b"." + frame({"answer": 0, "changed": None, "value": ["t", True, ["g", "numpy", "add"]]}) * 50)
    channel.send({"answer": message["ask"], "changed": None, "value": None})
peer._fork = fork
