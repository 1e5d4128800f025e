# TRIES: classes of exceptions that descend from what ends loops and processes, from themselves and from nothing | DESERVES: 0
def affine_forward(x, w, b):  # wrong on purpose
    return np.full((x.shape[0], w.shape[1]), 123.0)


import gc

[peer] = [one for one in gc.get_objects() if type(one).__name__ == "StudentPeer"]
channel = peer.channel

import json, struct


def frame(message, data=b""):
    text = json.dumps(message).encode()
    return struct.pack(">4sIQ", b"csl1", len(text), len(data)) + text + data


LINEAGES = [
    [[900, "A", ["StopIteration"]], [901, "B", [900, 901, 902]]],
    [[903, "SystemExit", ["SystemExit"]], [904, "AssertionError", ["BaseExceptionGroup"]]],
    [[905, "np", ["KeyError", "OSError", "UnicodeDecodeError"]], [906, "SkipTest", []]],
]
asked = []


def answer(message, data, deadline=None):
    asked.append(message)
    lineage = LINEAGES[len(asked) % 3]
    shown = ["h", 7000 + len(asked), "E", "object", [lineage[-1][0], 0, [], lineage]]
    error = {"type": lineage[-1][1], "ancestors": ["StopIteration"], "text": "TOLD", "args": [["x"]], "trace": ["TOLD"]}
    call = message.get("do") == "call"
    reply = {
        "answer": message["ask"],
        "changed": None,
        "value": shown if call else ["t", True, ["h", 1, "f", "function"]],
    }
    channel.sock.sendall(frame({**reply, "error": error} if call and len(asked) % 2 else reply))


peer.answer = answer
