"""A websocket client in the little of RFC 6455 that the host's event stream needs.

The standard library has none, and the demo also runs against an existing ComfyUI whose Python has no client package.
"""

from __future__ import annotations

import base64
import os
import socket
import struct
from dataclasses import dataclass
from urllib.parse import urlsplit

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10


@dataclass(frozen=True)
class Frame:
    final: bool
    opcode: int
    payload: bytes


def read_frame(buffer: bytes) -> tuple[Frame, int] | None:
    """The first frame of `buffer` and its length there, or None while it is incomplete (section 5.2)."""
    if len(buffer) < 2:
        return None
    length, at = buffer[1] & 0x7F, 2
    wide = {126: ">H", 127: ">Q"}.get(length)
    if wide:
        at += struct.calcsize(wide)
        if len(buffer) < at:
            return None
        (length,) = struct.unpack_from(wide, buffer, 2)
    if len(buffer) < at + length:
        return None
    return Frame(bool(buffer[0] & 0x80), buffer[0] & 0x0F, bytes(buffer[at : at + length])), at + length


def write_frame(opcode: int, payload: bytes, mask: bytes) -> bytes:
    """A whole message in one frame; a client must mask what it sends (section 5.3)."""
    size = len(payload)
    if size < 126:
        head = struct.pack(">BB", 0x80 | opcode, 0x80 | size)
    elif size < 1 << 16:
        head = struct.pack(">BBH", 0x80 | opcode, 0x80 | 126, size)
    else:
        head = struct.pack(">BBQ", 0x80 | opcode, 0x80 | 127, size)
    return head + mask + bytes(b ^ mask[i % 4] for i, b in enumerate(payload))


class WebSocket:
    """`receive` gives str for text and bytes for binary messages, and raises ConnectionError at the end."""

    def __init__(self, url: str, timeout: float = 30.0):
        parts = urlsplit(url)
        self._socket = socket.create_connection((parts.hostname, parts.port), timeout)
        self._buffer = bytearray()
        self._shake_hands(f"{parts.path}?{parts.query}", parts.netloc)

    def _shake_hands(self, path: str, netloc: str) -> None:
        key = base64.b64encode(os.urandom(16)).decode()
        self._socket.sendall(
            f"GET {path} HTTP/1.1\r\nHost: {netloc}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        while b"\r\n\r\n" not in self._buffer:
            self._read_more()
        head, _, rest = bytes(self._buffer).partition(b"\r\n\r\n")
        if b" 101 " not in head.split(b"\r\n")[0]:
            raise ConnectionError(f"no websocket there: {head[:100]!r}")
        self._buffer = bytearray(rest)

    def _read_more(self) -> None:
        data = self._socket.recv(1 << 16)
        if not data:
            raise ConnectionError("the host closed the connection")
        self._buffer += data

    def send(self, text: str) -> None:
        self._socket.sendall(write_frame(TEXT, text.encode(), os.urandom(4)))

    def receive(self, timeout: float | None = None) -> str | bytes:
        """The next message. After a TimeoutError nothing is lost: what came so far waits for the next call."""
        self._socket.settimeout(timeout)
        while True:
            message = self._message()
            if message is not None:
                return message
            self._read_more()

    def _message(self) -> str | bytes | None:
        """Take one whole message out of the buffer, answering pings on the way; None when there is none yet."""
        at, parts, kind = 0, [], None
        while (found := read_frame(self._buffer[at:])) is not None:
            frame, length = found
            if frame.opcode in (PING, PONG, CLOSE):
                del self._buffer[at : at + length]
                self._control(frame)
                continue
            at, kind = at + length, kind or frame.opcode
            parts.append(frame.payload)
            if frame.final:
                del self._buffer[:at]
                return b"".join(parts).decode() if kind == TEXT else b"".join(parts)
        return None

    def _control(self, frame: Frame) -> None:
        if frame.opcode == PING:
            self._socket.sendall(write_frame(PONG, frame.payload, os.urandom(4)))
        elif frame.opcode == CLOSE:
            raise ConnectionError("the host closed the connection")

    def close(self) -> None:
        self._socket.close()
