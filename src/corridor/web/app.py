"""The routes of the page: its files, and what each screen asks for."""

from __future__ import annotations

import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

import corridor as co
from corridor.web import case, compare, evidence, files, forecasts, now, shell, what_if
from corridor.web.engine import BusyError

if TYPE_CHECKING:
    from starlette.requests import Request

    from corridor.web.session import Session

Answer = Callable[["Session", "Request"], Awaitable[Response]]
# Each address, with how it is asked and what answers it. SAVE is a POST that writes into the case: only with --edit.
SAVE = "SAVE"
READ_ONLY = "this page is read only: start it with --edit to save"
OF_RUN = "this is the case of a finished run, as it was then: to change it, serve the folder of the case"
ROUTES: dict[str, tuple[str, Answer]] = {
    "/": ("GET", files.send_page),
    "/page/{name}": ("GET", files.send_file),
    "/api/words": ("GET", shell.send_words),
    "/api/case": ("GET", shell.send_case),
    "/api/now": ("GET", now.send_now),
    "/api/compare/choices": ("GET", compare.send_choices),
    "/api/compare": ("POST", compare.compare),
    "/api/number": ("GET", now.send_number),
    "/api/levers": ("GET", what_if.send_levers),
    "/api/claims": ("GET", what_if.send_claims),
    "/api/shift": ("POST", what_if.send_shifted),
    "/api/what-if": ("POST", what_if.answer_what_if),
    "/api/variants": ("GET", what_if.send_variants),
    "/api/save-variant": (SAVE, what_if.save_variant),
    "/api/variant-text": ("POST", what_if.write_variant_text),
    "/api/sheets": ("GET", case.send_sheets),
    "/api/sheet": ("GET", case.send_sheet),
    "/api/sheets/check": ("POST", case.check),
    "/api/sheets/save": (SAVE, case.save),
    "/api/sheets/variant": (SAVE, case.save_as_variant),
    "/api/evidence": ("GET", evidence.send_evidence),
    "/api/claim": ("GET", evidence.send_claim),
    "/api/report": ("POST", evidence.read_report),
    "/api/report/try": ("POST", evidence.try_report),
    "/api/report/accept": (SAVE, evidence.accept_report),
    "/api/report/decide/try": ("POST", evidence.try_decisions),
    "/api/report/decide": (SAVE, evidence.write_decisions),
    "/api/counts": ("GET", evidence.send_counts),
    "/api/counts/try": ("POST", evidence.try_counts),
    "/api/counts/add": (SAVE, evidence.write_counts),
    "/api/forecast": ("POST", forecasts.make_forecast),
    "/api/past": ("GET", forecasts.send_past),
    "/api/past/anew": ("POST", forecasts.make_past),
    "/api/plan": ("GET", evidence.send_plan),
    "/api/deal": ("GET", evidence.send_deal),
}


def build_app(session: Session) -> Starlette:
    """Return the server of a session."""

    @asynccontextmanager
    async def live(_: Starlette) -> AsyncIterator[None]:
        session.begin()
        yield
        session.close()

    app = Starlette(routes=[_make_route(session, path, *how) for path, how in ROUTES.items()], lifespan=live)
    app.router.redirect_slashes = False
    return app


def _make_route(session: Session, path: str, verb: str, answer: Answer) -> Route:
    if verb == SAVE:
        verb, answer = "POST", answer if session.may_write else _refuse_to_save
    return Route(path, partial(_answer, session, answer), methods=[verb])


async def _refuse_to_save(session: Session, request: Request) -> Response:
    return JSONResponse({"error": OF_RUN if session.stored else READ_ONLY}, 403)


async def _answer(session: Session, answer: Answer, request: Request) -> Response:
    """Answer a request; the user's mistakes in words, ours with a trace on the terminal."""
    try:
        return await answer(session, request)
    except co.FaultsError as error:
        return JSONResponse(co.faults_document(error.faults), 422)
    except co.UsageError as error:
        return JSONResponse({"error": str(error)}, 400)
    except BusyError:
        return JSONResponse({"busy": True}, 503)
    except Exception:
        traceback.print_exc()
        return JSONResponse({"error": "a fault in Corridor: the terminal says which"}, 500)
