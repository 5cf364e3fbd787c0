"""Answers that come in several lines, each better than the last, one JSON document to a line."""

from __future__ import annotations

import json
import traceback
from collections.abc import AsyncIterator, Callable, Iterator
from typing import TYPE_CHECKING, Any

from starlette.responses import StreamingResponse

if TYPE_CHECKING:
    from corridor.web.session import Session

KIND = "application/x-ndjson"
Work = Callable[[Callable[[], bool]], Iterator[dict[str, Any]]]


async def send_lines(session: Session, kind: str, work: Work) -> StreamingResponse:
    """Send what a piece of work in the engine yields; see `Engine.follow` for `kind` and `work`.

    What is wrong with the question turns up before the first line and is raised; what fails later is a line itself.
    """
    lines = session.engine.follow(kind, work)
    first = await anext(lines, None)
    return StreamingResponse(_write(first, lines), media_type=KIND)


async def _write(first: dict[str, Any] | None, lines: AsyncIterator[dict[str, Any]]) -> AsyncIterator[str]:
    try:
        if first is not None:
            yield _write_line(first)
        async for document in lines:
            yield _write_line(document)
    except Exception:
        traceback.print_exc()
        yield _write_line({"error": "a fault in Corridor: the terminal says which"})
    finally:
        await lines.aclose()  # type: ignore[attr-defined]


def _write_line(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":")) + "\n"
