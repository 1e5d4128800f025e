"""What the checker and a student's process say to each other: frames of plain data, checked before use.

A frame is a head (magic, length of the text, length of the raw bytes), a JSON text, and the bytes of all arrays one
after the other. Nothing in it names code; `codec` says what the data stand for. The side that reads trusts no length.
"""

import json
import struct
import time

import numpy as np

MAX_TEXT = 32 << 20
_HEAD = struct.Struct(">4sIQ")
_MAGIC = b"csl1"


class ProtocolError(Exception):
    """The other side sent something that is no valid frame."""


class Closed(ProtocolError):
    """The other side has closed the connection."""


class Late(ProtocolError):
    """No whole frame came before the deadline."""


class NotPlain(TypeError):
    """A value is neither plain data nor something that can stay behind as a handle."""


class Channel:
    """Frames over a connected stream socket.

    Parameters
    ----------
    sock : socket.socket
    max_bytes : int
        Largest payload, of text and raw bytes each, that is accepted or sent.
    """

    def __init__(self, sock, max_bytes=256 << 20):
        self.sock = sock
        self.max_bytes = max_bytes
        self.in_frame = False

    def send(self, message, buffers=(), deadline=None):
        """Send one frame. `message` is JSON data, `buffers` are bytes-like.

        Raises
        ------
        ValueError
            If the frame is larger than the limit.
        Closed, Late
            If it could not be delivered.
        """
        text = json.dumps(message, separators=(",", ":")).encode()
        size = sum(len(buffer) for buffer in buffers)
        if len(text) > MAX_TEXT or size > self.max_bytes:
            raise ValueError(
                f"{(len(text) + size) >> 20} MB are more than the {self.max_bytes >> 20} MB one message may hold."
            )
        self.in_frame = False
        try:
            self._wait(deadline)
            self.in_frame = True
            self.sock.sendall(_HEAD.pack(_MAGIC, len(text), size) + text)
            for buffer in buffers:
                self._wait(deadline)
                self.sock.sendall(buffer)
            self.in_frame = False
        except TimeoutError:
            raise Late("the other side did not take the message in time") from None
        except OSError:
            raise Closed("the other side has gone") from None

    def receive(self, deadline=None):
        """Wait for one frame.

        Parameters
        ----------
        deadline : float, optional
            `time.monotonic()` after which to give up.

        Returns
        -------
        message : object
            The JSON data.
        data : memoryview
            The raw bytes, fresh and writable.
        """
        magic, text_size, size = _HEAD.unpack(self._read(_HEAD.size, deadline))
        self.in_frame = True
        if magic != _MAGIC:
            raise ProtocolError("a frame without its head")
        if text_size > MAX_TEXT or size > self.max_bytes:
            raise ProtocolError("a frame that says it is larger than a message may be")
        text = self._read(text_size, deadline)
        data = self._read(size, deadline)
        self.in_frame = False
        try:
            return json.loads(bytes(text).decode()), data
        except (ValueError, RecursionError, MemoryError) as error:
            raise ProtocolError(f"a frame that is not JSON ({type(error).__name__})") from None

    def _read(self, size, deadline):
        view, got = memoryview(np.empty(size, np.uint8)), 0
        while got < size:
            self._wait(deadline)
            try:
                count = self.sock.recv_into(view[got:], min(size - got, 1 << 20))
            except TimeoutError:
                raise Late("no answer in time") from None
            except OSError:
                raise Closed("the connection broke") from None
            if count == 0:
                raise Closed("the other side has closed the connection")
            got += count
            self.in_frame = True
        return view

    def _wait(self, deadline):
        if deadline is None:
            self.sock.settimeout(None)
            return
        left = deadline - time.monotonic()
        if left <= 0:
            raise Late("no answer in time")
        self.sock.settimeout(left)

    def close(self):
        self.sock.close()
