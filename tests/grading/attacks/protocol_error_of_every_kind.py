# TRIES: errors of kinds that end processes, generators and groups | DESERVES: 0
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
    if message["do"] == "name":
        value = ["t", True, ["h", 5, "f", "callable"]]
        channel.sock.sendall(frame({"answer": number, "changed": None, "value": value}))
        return
    kinds = ["BaseExceptionGroup", "KeyboardInterrupt", "GeneratorExit", "SystemExit", "ExceptionGroup"]
    channel.sock.sendall(frame({"answer": number, "changed": None, "value": None, 'error': {"type": "CheckFailed", "ancestors": kinds, "text": "5", "points": 0.9, "trace": [{}]}}))
peer.answer = answer
