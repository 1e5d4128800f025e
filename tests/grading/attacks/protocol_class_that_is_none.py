# TRIES: a class that is no list of three | DESERVES: 0
def affine_forward(x, w, b):  # wrong on purpose
    return np.full((x.shape[0], w.shape[1]), 123.0)
import gc
[peer] = [one for one in gc.get_objects() if type(one).__name__ == "StudentPeer"]
channel, honest = peer.channel, peer.answer

import json, struct
def frame(message, data=b"", size=None, text=None):
    text = json.dumps(message).encode() if text is None else text
    return struct.pack(">4sIQ", b"csl1", len(text), len(data) if size is None else size) + text + data

def answer(message, data, deadline=None):
    if message["do"] != "call":
        return honest(message, data, deadline)
    value = ["h", 5, "Duck", "object", {"number": 1}]
    channel.sock.sendall(frame({"answer": message["ask"], "changed": None, "value": value}))
peer.answer = answer
