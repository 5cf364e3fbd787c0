"""What every screen needs: the words of the page, and what does not change in the case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import JSONResponse

import corridor as co
from corridor.front.page.shell import describe_case, describe_unusable, list_page_words

if TYPE_CHECKING:
    from starlette.requests import Request

    from corridor.web.session import Session


async def send_words(session: Session, request: Request) -> JSONResponse:
    """Send the words of the page in a language."""
    return JSONResponse(list_page_words(session.choose_language(request)))


async def send_case(session: Session, request: Request) -> JSONResponse:
    """Send what does not change while the page is open: names, places, ways, events, period."""
    try:
        document = describe_case(session.case, session.parameters_shown, session.outline)
    except co.FaultsError as error:  # one that cannot be run can be mended on the page
        document = describe_unusable(session.folder, error.faults)
    session.shown.set()
    shown = {"editable": session.may_write, "run": str(session.folder.name) if session.stored else None}
    return JSONResponse({**document, **shown})
