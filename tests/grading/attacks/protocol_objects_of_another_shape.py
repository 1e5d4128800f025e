# TRIES: an array of objects with fewer entries than its shape says, and then a view of one as if it held numbers | DESERVES: 0
def affine_forward(x, w, b):  # wrong on purpose
    return np.full((x.shape[0], w.shape[1]), 123.0)
import gc
[peer] = [one for one in gc.get_objects() if type(one).__name__ == "StudentPeer"]
channel = peer.channel

import json, struct
def frame(message, data=b""):
    text = json.dumps(message).encode()
    return struct.pack(">4sIQ", b"csl1", len(text), len(data)) + text + data

asked = []
def answer(message, data, deadline=None):
    asked.append(message)
    short = ["ao", [2, 4], True, 1.0, 2.0]
    viewed = ["l", ["ao", [2, 2], True, "a", "b", None, 1], ["v", 4, 0, [4], [8], True]]
    value = [short, viewed][len(asked) % 2] if message.get("do") == "call" else ["t", True, None]
    channel.sock.sendall(frame({"answer": message["ask"], "changed": None, "value": value}))
peer.answer = answer
