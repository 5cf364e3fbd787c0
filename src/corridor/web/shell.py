"""What every screen needs: the words of the page, and what does not change in the case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import JSONResponse

from corridor.front.pages import describe_case, list_page_words

if TYPE_CHECKING:
    from starlette.requests import Request

    from corridor.web.session import Session


async def send_words(session: Session, request: Request) -> JSONResponse:
    """Send the words of the page in a language."""
    return JSONResponse(list_page_words(session.choose_language(request)))


async def send_case(session: Session, request: Request) -> JSONResponse:
    """Send what does not change while the page is open: names, places, ways, events, period."""
    document = describe_case(session.case, session.parameters, session.outline)
    shown = {"editable": session.editable, "run": str(session.folder.name) if session.stored else None}
    return JSONResponse({**document, **shown})
