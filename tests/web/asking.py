"""Requests as nobody's browser makes them: bytes over a socket, and what comes back."""

from __future__ import annotations

import socket
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from serving import Served

SECONDS = 10


@dataclass(frozen=True)
class Answered:
    """An answer: its status (0: the line was closed without one), its headers in small letters, its text."""

    status: int
    headers: dict[str, str]
    text: str


def ask_raw(served: Served, *pieces: bytes) -> Answered:
    """Send bytes, piece by piece, and return the answer."""
    url = urlsplit(served.address)
    with socket.create_connection((url.hostname, url.port), SECONDS) as line:
        received = b""
        try:
            for piece in pieces:
                line.sendall(piece)
            while chunk := line.recv(65536):
                received += chunk
        except (ConnectionResetError, BrokenPipeError):
            pass  # what was sent is more than the server took
    return read_answer(received)


def read_answer(received: bytes) -> Answered:
    head, _, body = received.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    return Answered(int(first.split()[1]) if first else 0, headers, body.decode("utf-8", "replace"))


def write_request(
    served: Served, method: str = "GET", path: str = "/api/case", leave_out: Iterable[str] = (), **headers: str
) -> bytes:
    """Return a request as the page would make it, but for what is changed; a header's name has underscores."""
    own = {
        "host": urlsplit(served.address).netloc,
        "cookie": "; ".join(f"{name}={value}" for name, value in served.cookie.items()),
        "origin": served.address,
        "sec-fetch-site": "same-origin",
        "connection": "close",
    }
    own |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"{name}: {value}" for name, value in own.items() if name not in leave_out]
    return "\r\n".join([f"{method} {path} HTTP/1.1", *lines, "", ""]).encode("latin-1")
