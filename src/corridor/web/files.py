"""The page's own files: all from the package, by a list made once, so that no address reaches anything else."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from starlette.responses import PlainTextResponse, Response

if TYPE_CHECKING:
    from starlette.requests import Request

    from corridor.web.session import Session

KINDS = {"html": "text/html", "css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}


@cache
def list_files() -> dict[str, bytes]:
    """Return the files of the page by name."""
    folder = resources.files("corridor.web").joinpath("page")
    return {file.name: file.read_bytes() for file in folder.iterdir() if file.name.rpartition(".")[2] in KINDS}


async def send_page(session: Session, request: Request) -> Response:
    """Send the page itself."""
    return _send("index.html")


async def send_file(session: Session, request: Request) -> Response:
    """Send one of its files."""
    return _send(request.path_params["name"])


def _send(name: str) -> Response:
    content = list_files().get(name)
    if content is None:
        return PlainTextResponse("not found", 404)
    return Response(content, media_type=f"{KINDS[name.rpartition('.')[2]]}; charset=utf-8")
