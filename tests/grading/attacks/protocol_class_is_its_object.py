# TRIES: a class that is its own object | DESERVES: 0
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
def reply(m, d): send(m, ["h", 5, "x", "class", [5, -1, ["x"]]], b'')
always(reply)
