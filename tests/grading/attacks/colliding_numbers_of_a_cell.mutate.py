SOURCE = """import gc
[peer] = [one for one in gc.get_objects() if type(one).__name__ == "StudentPeer"]
channel, honest = peer.channel, peer.answer

import json, struct
def frame(message, data=b"", size=None, text=None):
    text = json.dumps(message).encode() if text is None else text
    return struct.pack(">4sIQ", b"csl1", len(text), len(data) if size is None else size) + text + data

def answer(message, data, deadline=None):
    if message.get("do") != "run":
        return honest(message, data, deadline)
    numbers = ",".join(str(k * ((1 << 61) - 1)) for k in range(1, 700_000))
    text = '{"answer":%d,"changed":null,"value":["s",%s]}' % (message["ask"], numbers)
    channel.sock.sendall(frame(None, text=text.encode()))
peer.answer = answer
"""


def mutate(nb, folder):
    for number, source in enumerate((SOURCE, "1")):
        nb["cells"].insert(
            3 + number,
            {"cell_type": "code", "id": f"s{number}", "metadata": {}, "source": source, "outputs": [], "execution_count": None},
        )
