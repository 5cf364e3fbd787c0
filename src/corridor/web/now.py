"""The screen Now: page one of the briefing, live."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import JSONResponse

if TYPE_CHECKING:
    from starlette.requests import Request

    from corridor.web.session import Session


async def send_now(session: Session, request: Request) -> JSONResponse:
    """Send what page one says as of a moment, with what its pictures show."""
    from corridor.front.now import describe_now  # loads the model

    moment = request.query_params.get("moment") or None
    return JSONResponse(await session.engine.do(lambda: describe_now(session.run, moment)))
