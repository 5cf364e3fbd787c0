"""The screen Now: page one of the briefing as of any moment, and what each of its numbers rests on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse

if TYPE_CHECKING:
    from starlette.requests import Request

    from corridor.web.session import Session


async def send_now(session: Session, request: Request) -> JSONResponse:
    """Send what page one says as of a moment: of a few replicates at first, `unfinished` while more are being run."""
    moment = request.query_params.get("moment") or None
    whole = request.query_params.get("whole") == "yes"

    def describe(_: Callable[[], bool]) -> Iterator[dict[str, Any] | None]:
        yield from session.finish() if whole else ()
        said = session.brief().describe(moment, session.choose_language(request))
        yield {**said, "unfinished": not session.is_whole}

    async for document in session.engine.follow("now", describe):
        if document is not None:
            return JSONResponse(document)
    return JSONResponse({"stale": True}, 409)


async def send_number(session: Session, request: Request) -> JSONResponse:
    """Send what a number of page one is, and the counts, numbers and claims behind it."""
    asked, language = request.query_params, session.choose_language(request)

    def explain() -> dict[str, Any]:
        from corridor.front.page.numbers import explain_number

        briefing = session.brief()
        findings = briefing.move(asked.get("moment") or None)
        return explain_number(
            briefing.run.result, findings, asked.get("quantity", ""), asked.get("scope", ""), language
        )

    line = session.desk if session.is_briefed else session.engine  # what needs no simulating does not wait for it
    return JSONResponse(await line.do(explain))
