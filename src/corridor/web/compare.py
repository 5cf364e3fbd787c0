"""The screen Compare: what can be chosen, and two to four of it side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse, Response

import corridor as co
from corridor.web.body import read_document
from corridor.web.stream import send_lines

if TYPE_CHECKING:
    from starlette.requests import Request

    from corridor.web.session import Session


async def send_choices(session: Session, request: Request) -> JSONResponse:
    """Send what can be compared: the case, its variants, stored runs of it."""
    return JSONResponse(await session.engine.do(lambda: {"choices": session.beside.list_choices()}))


async def compare(session: Session, request: Request) -> Response:
    """Send what is chosen side by side, after a few replicates and after many."""
    asked = await read_document(request)
    chosen, edits, moment = asked.get("chosen"), asked.get("edits"), asked.get("moment")
    if not isinstance(chosen, list) or not all(isinstance(name, str) for name in chosen):
        message = "chosen must be a list of names"
        raise co.UsageError(message)
    if not isinstance(edits, dict | None) or not isinstance(moment, str | None):
        message = "edits must be a variant's document, moment a local time"
        raise co.UsageError(message)

    def work(cancelled: Callable[[], bool]) -> Iterator[dict[str, Any]]:
        return session.beside.compare(chosen, edits, moment, cancelled=cancelled)

    return await send_lines(session, "compare", work)
