# TRIES: single bytes between the frames, from another thread | DESERVES: 0
def affine_forward(x, w, b):
    return x.reshape(x.shape[0], -1) @ w + b
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

import threading
def noise():
    while True:
        try: channel.sock.send(b"c"); time.sleep(.001)
        except OSError: return
threading.Thread(target=noise, daemon=True).start()
