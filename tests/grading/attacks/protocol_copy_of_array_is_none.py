# TRIES: an array whose contents are another array that is not here | DESERVES: 0
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

def answer(m, d, deadline=None):
    if m["do"] in ("name", "run"): return honest(m, d, deadline)
    if m["do"] == "call": send(m, ["h", 5, "ndarray", "array"])
    elif m["do"] == "copy": send(m, ["h", 5, "ndarray", "array"])
    else: send(m, ["h", 6, "ndarray", "array"])
peer.answer = answer
