# TRIES: objects whose class is described in every wrong way: NumPy's, an instructor's function, none, another each time | DESERVES: 0
def affine_forward(x, w, b):  # wrong on purpose
    return np.full((x.shape[0], w.shape[1]), 123.0)
import gc
[peer] = [one for one in gc.get_objects() if type(one).__name__ == "StudentPeer"]
channel, honest = peer.channel, peer.answer

import json, struct
def frame(message, data=b"", size=None, text=None):
    text = json.dumps(message).encode() if text is None else text
    return struct.pack(">4sIQ", b"csl1", len(text), len(data) if size is None else size) + text + data

described = [
    [6, -1, ["numpy.ndarray", "ndarray", "object", "type", "affine_forward"]],
    [7, 1 << 4000, ["np", "matplotlib.figure.Integral", "matplotlib.axes._axes.Axes"] * 40],
    [6, 0, []],
    [5, -1, ["x\0y", "", "."]],
    [6, (1 << 80) - 1, []],
]
turn = 0
def answer(message, data, deadline=None):
    global turn
    turn += 1
    if message["do"] in ("name", "run", "fork"):
        return honest(message, data, deadline)
    value = ["h", 5, "\ud800 ndarray", ("object", "class", "iterator")[turn % 3], described[turn % len(described)]]
    if message["do"] == "special":
        value = ["t", True, value]
    channel.sock.sendall(frame({"answer": message["ask"], "changed": None, "value": value}))
peer.answer = answer
