"""The screen What if: what can be changed, what comes of it, and the variants that are kept."""

from __future__ import annotations

import asyncio
import shlex
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse

import corridor as co
from corridor.web.body import read_document
from corridor.web.stream import send_lines

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import StreamingResponse

    from corridor.web.session import Session

MOST_STAGES = 4
DIGITS = 3  # significant, of a number that a slider has moved
QUIET = 2.0  # seconds since the last what-if before levers are measured
Told = dict[str, Any]


async def send_levers(session: Session, request: Request) -> JSONResponse:
    """Send the numbers, events and kinds of event that a what-if may change, and what the links of the map are.

    With `measured` they are sent once it is known how far each moves the answers, those that move them most first.
    """
    language = session.choose_language(request)
    if request.query_params.get("measured"):
        session.measuring = session.measuring or asyncio.create_task(_measure(session))
        await asyncio.shield(session.measuring)

    def describe() -> Told:
        from corridor.front.page.what_if import list_targets

        live = session.live
        return {**live.list_levers(language), "targets": list_targets(live.scenario), "links": live.describe_ways()}

    return JSONResponse(await session.engine.do(describe))


async def _measure(session: Session) -> None:
    """Measure the levers bit by bit while nobody asks what would be if."""
    async for _ in session.engine.follow("levers", lambda cancelled: session.live.measure_levers(cancelled)):
        while time.monotonic() - session.asked_at < QUIET:
            await asyncio.sleep(QUIET / 4)


async def send_claims(session: Session, request: Request) -> JSONResponse:
    """Send claims by their ids."""
    names = request.query_params.get("ids", "").split()

    def describe() -> list[Told]:
        from corridor.front.page.numbers import list_claims

        return list_claims(session.brief().run.result, names)

    return JSONResponse({"claims": await session.engine.do(describe)})


async def answer_what_if(session: Session, request: Request) -> StreamingResponse:
    """Send what comes of some edits, a line of JSON for each answer, each of more replicates than the last.

    A newer what-if makes this one stale: its lines end. Of edits that cannot be, the one line tells the faults.
    """
    asked = await read_document(request)
    edits, stages = require_edits(asked), require_stages(asked)

    session.asked_at = time.monotonic()

    def work(cancelled: Callable[[], bool]) -> Iterator[Told]:
        try:
            for answer in session.live.answer(edits, stages, cancelled):
                session.asked_at = time.monotonic()
                yield answer
        except co.FaultsError as error:
            yield co.faults_document(error.faults)  # an answer too: while a number is typed it is often none

    # the case as it is has a line of its own: no change makes it stale
    return await send_lines(session, "what-if" if edits else "as it is", work)


def require_edits(asked: Told) -> Told:
    """Return the edits of a request. Raises UsageError for what is no variant's document."""
    edits = asked.get("edits", {})
    if not isinstance(edits, dict):
        message = "edits are a variant's document: an object with change, add and remove"
        raise co.UsageError(message)
    return edits


def require_stages(asked: Told) -> tuple[int, ...]:
    """Return after how many replicates answers are asked for. Raises UsageError for what are no such numbers."""
    stages = asked.get("stages", [10, 50, 200])
    if not isinstance(stages, list) or len(stages) > MOST_STAGES or not all(type(one) is int for one in stages):
        message = f"stages are at most {MOST_STAGES} growing numbers of replicates"
        raise co.UsageError(message)
    return tuple(stages)


async def send_shifted(session: Session, request: Request) -> JSONResponse:
    """Send a range moved as a whole, in the form in which it was written; needs no model."""
    from corridor.front.levers import shift

    asked = await read_document(request)
    table, column, text = (str(asked.get(name, "")) for name in ("table", "column", "text"))
    try:
        factor, offset = float(asked.get("factor", 1.0)), float(asked.get("offset", 0.0))
        return JSONResponse({"text": shift(table, column, text, factor, offset, DIGITS)})
    except (ValueError, KeyError, TypeError) as error:
        message = f"this cannot be moved as a whole: {text[:80]}"
        raise co.UsageError(message) from error


async def send_variants(session: Session, request: Request) -> JSONResponse:
    """Send the variants of the case with what they hold."""
    from corridor.front.page.what_if import list_variants

    return JSONResponse({"variants": list_variants(session.case)})


async def save_variant(session: Session, request: Request) -> JSONResponse:
    """Write edits as a variant of the case, and send the command that runs it. Raises FaultsError for its faults."""
    asked = await read_document(request)
    name, edits = str(asked.get("name", "")), require_edits(asked)
    if session.stored:
        message = "this page shows a run: serve the folder of its case to save variants"
        raise co.UsageError(message)
    folder = session.folder

    def write() -> None:
        co.read(folder, edits=edits)  # what cannot be run is not saved
        co.write_variant(folder, name, edits, replace=asked.get("replace") is True)

    await session.engine.do(write)
    return JSONResponse({"name": name, "command": shlex.join(["corridor", "run", str(folder), "--variant", name])})


async def write_variant_text(session: Session, request: Request) -> JSONResponse:
    """Send edits as the text of a variant's file."""
    from corridor.front.page.what_if import write_text

    return JSONResponse({"text": write_text(require_edits(await read_document(request)))})
