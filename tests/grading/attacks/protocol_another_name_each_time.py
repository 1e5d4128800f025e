# TRIES: the function is another kind of thing whenever it is asked for | DESERVES: 0
def affine_forward(x, w, b):  # wrong on purpose
    return np.full((x.shape[0], w.shape[1]), 123.0)
import gc
[peer] = [one for one in gc.get_objects() if type(one).__name__ == "StudentPeer"]
channel = peer.channel

import json, struct
def frame(message, data=b"", size=None, text=None):
    text = json.dumps(message).encode() if text is None else text
    return struct.pack(">4sIQ", b"csl1", len(text), len(data) if size is None else size) + text + data

import os, signal, socket, sys, time
honest = peer.answer

def send(message, value=None, data=b"", **more):
    channel.sock.sendall(frame({"answer": message["ask"], "changed": None, "value": value, **more}, data))

k = 0
def answer(m, d, deadline=None):
    global k
    k += 1
    if m["do"] == "name": return send(m, ["t", True, ["h", k, "f", ["callable", "class", "dict", "list", "array", "iterator"][k % 6]]])
    if m["do"] == "run": return honest(m, d, deadline)
    send(m, ["h", -k, "f", "class"])
peer.answer = answer
