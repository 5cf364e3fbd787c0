"""The screen Case: the tables as sheets, what a check says of changes, and saving them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse

import corridor as co
from corridor.front.page.sheet_checks import check_sheets
from corridor.front.page.sheet_saving import save_sheets, tell_changed
from corridor.front.page.sheet_variant import save_variant
from corridor.front.page.sheets import ChangedFilesError, list_sheets, read_sheet
from corridor.web.body import read_document

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request

    from corridor.web.session import Session


async def send_sheets(session: Session, request: Request) -> JSONResponse:
    """Send which sheets the case has, and what their columns mean."""
    document = await _do(session, list_sheets)
    return JSONResponse({**document, "editable": session.editable and not session.stored, "stored": session.stored})


async def send_sheet(session: Session, request: Request) -> JSONResponse:
    """Send one sheet by its name."""
    name = request.query_params.get("table", "")
    return JSONResponse(await _do(session, lambda folder: read_sheet(folder, name)))


async def check(session: Session, request: Request) -> JSONResponse:
    """Send what a check says of the case as changes would make it. Newer changes make an answer under way stale."""
    edits = (await read_document(request)).get("edits")
    number = session.count_check()

    def work(folder: Path) -> dict[str, Any]:
        return {"stale": True} if session.is_stale(number) else check_sheets(folder, edits)

    return await _answer(session, work)


async def save(session: Session, request: Request) -> JSONResponse:
    """Write changes into the case."""
    if session.stored:
        return JSONResponse({"error": "the case of a run that is finished is not changed"}, 403)
    body = await read_document(request)
    despite = body.get("despite_faults") is True

    def work(folder: Path) -> dict[str, Any]:
        saved = save_sheets(folder, body.get("edits"), despite)
        if saved["saved"]:
            session.forget_case()
        return saved

    answer = await _answer(session, work)
    session.begin()
    return answer


async def save_as_variant(session: Session, request: Request) -> JSONResponse:
    """Write changes as a variant of the case; its tables stay as they are."""
    if session.stored:
        return JSONResponse({"error": "the case of a run that is finished is not changed"}, 403)
    body = await read_document(request)
    name, title = (str(body.get(key) or "") for key in ("name", "title"))
    replace, despite = (body.get(key) is True for key in ("replace", "despite_faults"))

    def work(folder: Path) -> dict[str, Any]:
        return save_variant(folder, body.get("edits"), name, title, replace, despite)

    return await _answer(session, work)


async def _answer(session: Session, work: Callable[[Path], dict[str, Any]]) -> JSONResponse:
    """Answer with what work finds, or says of files that are not as the page read them, or refuses in words.

    None of these is a failure of the request, which a browser would complain of on its console.
    """
    try:
        return JSONResponse(await _do(session, work))
    except ChangedFilesError as error:
        names = error.names
        return JSONResponse(await _do(session, lambda folder: tell_changed(folder, names)))
    except co.UsageError as error:
        return JSONResponse({"refused": str(error)})


async def _do(session: Session, work: Callable[[Path], dict[str, Any]]) -> dict[str, Any]:
    """Do work on the tables of the case: beside the model, so that nobody waits for a long run to see a fault."""
    folder = session.folder
    if session.stored:
        folder = (await session.engine.do(lambda: session.run)).scenario.folder
    return await session.desk.do(lambda: work(folder))
