"""Calls across the connection: either side asks, the other answers, and may ask back before it does.

Each side keeps a table of its own objects that it has shown; the other side knows them by number. `["h", number, type,
kind]` is an object of the sender, perhaps with a description of its class, `["H", number]` one of the receiver.
"""

import secrets
import time

import numpy as np

from cs_layers.grading.codec import Codec
from cs_layers.grading.protocol import Channel, NotPlain, ProtocolError
from cs_layers.grading.raised import describe

MAX_SHOWN = 200_000
_PASS_ON = (KeyboardInterrupt,)


class _PeerCodec(Codec):
    def __init__(self, peer, nodes=None):
        super().__init__(nodes if nodes is not None else [])
        self.peer = peer
        self.generators = peer.sends_generators
        self.tells_layout = not peer.sends_generators

    def keep(self, value):
        return self.peer.show(value)

    def write_other(self, value, depth):
        return self.peer.show(value) if self.peer.is_theirs(value) else super().write_other(value, depth)

    def find(self, tag, items):
        if tag == "H" and len(items) == 1 and type(items[0]) is int:
            return self.peer.own(items[0])
        if tag == "h" and len(items) in (3, 4) and type(items[0]) is int:
            return self.peer.proxy(items[0], str(items[1])[:100], *items[2:])
        return self.peer.find(self, tag, items)

    def own_class(self, name):
        return self.peer.find_class(name)


class DataCodec(_PeerCodec):
    """Writes what needs nothing of this side later: no object stays behind as a handle."""

    def __init__(self, peer):
        super().__init__(peer)
        self.generators = False

    def keep(self, value):
        raise NotPlain(f"a value of type {type(value).__name__} would stay on this side.")


class Peer:
    """One end of the conversation.

    Parameters
    ----------
    sock : socket.socket
    max_bytes : int
        Largest message.
    """

    sends_generators = False
    """Whether this side may describe a random generator to the other; the checker alone does, and the student reads."""

    def __init__(self, sock, max_bytes=256 << 20):
        self.channel = Channel(sock, max_bytes)
        self.table, self._numbers, self._next = {}, {}, 1
        self.freed = set()

    # -- objects

    def show(self, value):
        """Note an object of this side and describe it to the other."""
        number = self._numbers.get(id(value))
        if number is None or self.table.get(number) is not value:
            if len(self.table) >= MAX_SHOWN:
                raise ValueError("more than 200,000 objects are held by the other side.")
            number, self._next = self._next, self._next + 1
            self.table[number] = value
            self._numbers[id(value)] = number
        return ["h", number, type(value).__name__, self.kind(value)]

    def has_shown(self, value):
        """Whether the other side knows a value of this side by its number."""
        number = self._numbers.get(id(value))
        return number is not None and self.table.get(number) is value

    def is_theirs(self, value):
        """Whether a value is this side's proxy of an object of the other."""
        return False

    def kind(self, value):
        return "callable" if callable(value) else "iterator" if hasattr(type(value), "__next__") else "object"

    def own(self, number):
        """The object of this side that the other side names."""
        try:
            return self.table[number]
        except KeyError:
            raise ProtocolError("the number of an object that was never shown") from None

    def proxy(self, number, type_name, kind, class_=None):
        raise NotImplementedError

    def find(self, codec, tag, items):
        raise ProtocolError("an unknown tag")

    def find_class(self, name):
        """The class that this side's notebook knows by a name."""
        return None

    def free(self, numbers):
        for number in numbers if isinstance(numbers, list) else ():
            value = self.table.pop(number, None) if type(number) is int else None
            self._numbers.pop(id(value), None)

    # -- asking

    def ask(self, operation, *values, deadline=None, **extra):
        """Have the other side do something.

        Parameters
        ----------
        operation : str
        values : plain data, or objects and proxies
        deadline : float, optional
            `time.monotonic()`.
        extra : JSON data
            Further fields of the message.

        Returns
        -------
        message : dict
            The answer, with the decoded value under "value".

        Raises
        ------
        ProtocolError
            If the answer breaks a rule, comes late or not at all.
        """
        codec = _PeerCodec(self)
        tree, buffers = codec.encode(values)
        number = secrets.randbits(52)
        message = {"ask": number, "do": operation, "values": tree, "free": sorted(self.freed), **extra}
        self.freed.clear()
        self.channel.send(message, buffers, deadline)
        return self.wait(number, codec, deadline)

    def wait(self, number, codec, deadline):
        """Answer the other side's questions until it answers number `number`."""
        while True:
            message, data = self.channel.receive(deadline)
            if type(message) is not dict:
                raise ProtocolError("a frame that is no message")
            if "ask" in message:
                self.answer(message, data, deadline)
                continue
            if message.get("answer") != number:
                raise ProtocolError("an answer to a question that was not asked")
            codec.deadline = deadline
            tree = codec.decode(["t", message.get("changed"), message.get("value")], data)
            self.change(codec, tree[0])
            message["value"] = tree[1]
            return message

    def change(self, codec, changes):
        """Repeat here what the other side did to the values it was given."""

    # -- answering

    def answer(self, message, data, deadline=None):
        """Do what a message asks and send the answer, or the exception."""
        self.free(message.get("free"))
        codec = _PeerCodec(self)
        codec.generators, codec.deadline = True, deadline
        extra = {}
        try:
            values = codec.decode(message.get("values"), data)
            if type(values) is not tuple:
                raise ProtocolError("a question without values")
            origins = self.remember(codec)
            value, extra = self.perform(message, values)
            codec.generators = self.sends_generators
            changed = self.changes(codec, origins)
            tree, buffers = codec.encode((changed, value))
            reply = {"answer": message.get("ask"), "changed": tree[1], "value": tree[2], **extra}
            self.channel.send(reply, buffers, deadline)
        except (ProtocolError, *_PASS_ON) as error:
            if not isinstance(error, KeyboardInterrupt) and self.strict:
                raise
            self._send_error(message, error, extra)
        except BaseException as error:
            self._send_error(message, error, {**extra, **self.after_error()})

    strict = True

    def after_error(self):
        return {}

    def _send_error(self, message, error, extra):
        described = describe(error)
        try:
            tree, _ = _PeerCodec(self).encode((None, self.held(error)))
        except Exception:  # what describes itself badly is not described
            tree = ["t", None, None]
        reply = {"answer": message.get("ask"), "changed": tree[1], "value": tree[2], "error": described, **extra}
        self.channel.send(reply)

    def held(self, error):
        """The exception itself, if the other side can make something of it; else None."""
        return None

    def remember(self, codec):
        return None

    def changes(self, codec, origins):
        return None

    def perform(self, message, values):
        raise NotImplementedError


def same_bytes(array, original):
    """Whether an array still holds the bytes it was made from."""
    if array.nbytes != len(original):
        return False
    if array.nbytes == 0:
        return True
    if not array.flags.c_contiguous:
        return array.tobytes() == bytes(original)
    return np.array_equal(array.reshape(-1).view("u1"), np.frombuffer(original, "u1"))


def deadline_in(seconds):
    return time.monotonic() + seconds
