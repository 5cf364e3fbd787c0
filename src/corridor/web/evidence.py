"""The screen Evidence: reports read and accepted, claims, conflicts, new counts, the plan and the deal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse

import corridor as co
from corridor.web.body import read_document

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request

    from corridor.web.session import Session


def read_text(asked: dict[str, Any], name: str) -> str:
    """Return a text that the page sends, blank if it does not. Raises UsageError for anything else."""
    text = asked.get(name) or ""
    if not isinstance(text, str):
        message = f"{name} must be a text"
        raise co.UsageError(message)
    return text


async def send_evidence(session: Session, request: Request) -> JSONResponse:
    """Send sources, claims, support, conflicts, failed checks and numbers without a claim."""

    def work() -> dict[str, Any]:
        from corridor.front.page.evidence import describe_evidence

        return describe_evidence(session.read_case())

    return JSONResponse(await session.desk.do(work))


async def send_claim(session: Session, request: Request) -> JSONResponse:
    """Send one claim whole."""
    name = request.query_params.get("id", "")

    def work() -> dict[str, Any]:
        from corridor.front.page.evidence import describe_claim_whole

        return describe_claim_whole(session.read_case(), name)

    return JSONResponse(await session.desk.do(work))


async def read_report(session: Session, request: Request) -> JSONResponse:
    """Propose what a report says, and where in the case it may belong."""
    asked = await read_document(request)
    text, day, language = (read_text(asked, name) for name in ("text", "day", "language"))

    def work() -> dict[str, Any]:
        from corridor.front.page.reports import describe_report, open_report

        case = session.read_case()
        return describe_report(case, open_report(case, text, day, language))

    return JSONResponse(await session.desk.do(work))


async def try_report(session: Session, request: Request) -> JSONResponse:
    """Say which rows a proposal would become, and what the checks say of them; nothing is written."""
    return await answer_anyway(_accept(session, await read_document(request), "try_wish"))


async def accept_report(session: Session, request: Request) -> JSONResponse:
    """Write a proposal as a claim, with its source and count."""
    return await _accept(session, await read_document(request), "accept_wish")


async def try_decisions(session: Session, request: Request) -> JSONResponse:
    """Say which rows all that was accepted of a report would become; nothing is written."""
    return await answer_anyway(_decide(session, await read_document(request), write=False))


async def write_decisions(session: Session, request: Request) -> JSONResponse:
    """Write all that was accepted of a report, or nothing."""
    return await _decide(session, await read_document(request), write=True)


async def _decide(session: Session, asked: dict[str, Any], write: bool) -> JSONResponse:
    text, day, language = (read_text(asked, name) for name in ("text", "day", "language"))
    document: dict[str, Any] = {
        key: asked[key] for key in ("source", "claims", "proposal", "keep_text") if key in asked
    }

    def work() -> dict[str, Any]:
        from corridor.front.page import reports

        case = session.read_case()
        done = reports.decide(case, reports.open_report(case, text, day, language), document, write)
        if write:
            session.forget_case()
        return done

    return JSONResponse(await session.desk.do(work))


async def _accept(session: Session, asked: dict[str, Any], call: str) -> JSONResponse:
    text, day, language = (read_text(asked, name) for name in ("text", "day", "language"))

    def work() -> dict[str, Any]:
        from corridor.front.page import reports

        case = session.read_case()
        wish = reports.read_wish(asked)
        found: dict[str, Any] = getattr(reports, call)(case, reports.open_report(case, text, day, language), wish)
        if call == "accept_wish":
            session.forget_case()
        return found

    return JSONResponse(await session.desk.do(work))


async def send_counts(session: Session, request: Request) -> JSONResponse:
    """Send what a count may name, and the newest there are."""

    def work() -> dict[str, Any]:
        from corridor.front.new_counts import describe_counts

        return describe_counts(session.read_case(), session.parameters_shown)

    return JSONResponse(await session.desk.do(work))


async def try_counts(session: Session, request: Request) -> JSONResponse:
    """Say which rows new counts would become, and what the checks say of them; nothing is written."""
    from corridor.front import new_counts

    return await answer_anyway(_count(session, await read_document(request), new_counts.try_counts))


async def write_counts(session: Session, request: Request) -> JSONResponse:
    """Write new counts into the case."""
    from corridor.front import new_counts

    return await _count(session, await read_document(request), new_counts.write_counts)


async def _count(session: Session, asked: dict[str, Any], call: Callable[..., dict[str, Any]]) -> JSONResponse:
    from corridor.front.new_counts import read_count_rows, write_counts

    rows = read_count_rows(asked.get("rows"))

    def work() -> dict[str, Any]:
        found = call(session.read_case(), rows)
        if call is write_counts:
            session.forget_case()
        return found

    return JSONResponse(await session.desk.do(work))


async def answer_anyway(answer: Awaitable[JSONResponse]) -> JSONResponse:
    """Return what keeps a question from being answered as an answer: asking was right, and the reader is told why."""
    try:
        return await answer
    except co.FaultsError as error:
        return JSONResponse({"refused": True, "added": [], **co.faults_document(error.faults)})
    except co.UsageError as error:
        return JSONResponse({"refused": True, "added": [], "faults": [], "error": str(error)})


async def send_plan(session: Session, request: Request) -> JSONResponse:
    """Send the relief plan for what the run expects, or for the people at the start."""
    asked = dict(request.query_params)

    def work() -> dict[str, Any]:
        from corridor.front.page.relief import describe_plan

        run = session.run if asked.get("expected") == "yes" else None
        return describe_plan(session.case, asked, session.parameters_shown, run, session.choose_language(request))

    async def answer() -> JSONResponse:
        return JSONResponse(await session.engine.do(work))

    return await answer_anyway(answer())


async def send_deal(session: Session, request: Request) -> JSONResponse:
    """Send the answer about the negotiation, null where nothing is negotiated."""

    def work() -> dict[str, Any] | None:
        from corridor.front.page.relief import describe_deal

        return describe_deal(session.read_case(), session.parameters_shown, session.choose_language(request))

    async def answer() -> JSONResponse:
        return JSONResponse({"deal": await session.desk.do(work)})

    return await answer_anyway(answer())
