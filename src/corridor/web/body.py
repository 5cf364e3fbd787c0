"""What a request carries: taken whole before it is answered, no larger than any that the page makes, and in time."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any, NoReturn

import corridor as co

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import Message, Receive

LARGEST = 4_000_000  # bytes of a request: a pasted report or a sheet
SECONDS = 20  # for all of them; the page and its server are on one machine


class TooLargeError(Exception):
    """A request that is larger than any that the page makes."""


class GoneError(Exception):
    """Whoever asked went away before the question was complete."""


async def take_body(receive: Receive, largest: int = LARGEST, seconds: float = SECONDS) -> bytes:
    """Return what a request carries, in bytes.

    Raises TooLargeError, TimeoutError when it does not come in time, GoneError when it never will.
    """
    parts, taken = [], 0
    async with asyncio.timeout(seconds):
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise GoneError
            parts.append(message.get("body", b""))
            taken += len(parts[-1])
            if taken > largest:
                raise TooLargeError
            if not message.get("more_body", False):
                return b"".join(parts)


def give_again(body: bytes, receive: Receive) -> Receive:
    """Return what gives a body that was taken already, and then what comes after it."""
    given = False

    async def receive_again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive_again


async def read_document(request: Request) -> dict[str, Any]:
    """Return the JSON document that a request carries. Raises UsageError for anything that is none, in words.

    What JSON itself does not know (NaN) or no file can hold (half a character) is refused here, once for all.
    """
    try:
        text = (await request.body()).decode("utf-8")
        document = json.loads(text, parse_constant=_refuse_constant)
        json.dumps(document, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError) as error:
        message = "what was sent is not a JSON document"
        raise co.UsageError(message) from error
    if not isinstance(document, dict):
        message = "what was sent is not a JSON object"
        raise co.UsageError(message)
    return document


def _refuse_constant(name: str) -> NoReturn:
    message = f"{name} is not a number"
    raise ValueError(message)
