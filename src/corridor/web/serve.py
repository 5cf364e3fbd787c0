"""`corridor serve`: the page of a case or a run on this machine."""

from __future__ import annotations

import secrets
import socket
import webbrowser
from collections.abc import Callable
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

import corridor as co
from corridor.web.app import build_app
from corridor.web.guard import Guard
from corridor.web.session import Session

LOOPBACK = "127.0.0.1"


def serve(
    folder: Path | str,
    edit: bool = False,
    port: int = 0,
    host: str = LOOPBACK,
    language: str = "en",
    parameters: str | None = None,
    outline: Path | str | None = None,
    opened: Callable[[str], object] = webbrowser.open,
) -> None:
    """Serve the page of a case folder or a stored run until it is stopped; `opened` is told the address with its token.

    The server answers this machine alone unless `host` names another address of it; any free port is taken if none is
    given. With `edit` the page may write into the case. Raises UsageError for a folder that holds neither a case nor a
    run, and for a port that is taken.
    """
    session = Session(Path(folder), edit, language, parameters, Path(outline) if outline else None)
    require_something(session.folder)
    listening = _listen(host, port)
    chosen = listening.getsockname()[1]
    token = secrets.token_urlsafe(24)
    config = uvicorn.Config(
        guard_app(session, token, host, chosen),
        log_level="warning",
        access_log=False,
        lifespan="on",
        server_header=False,
    )
    opened(f"http://{host}:{chosen}/?token={token}")
    uvicorn.Server(config).run([listening])


def guard_app(session: Session, token: str, host: str, port: int) -> ASGIApp:
    """Return the server of a session behind its guard."""
    names = {host, "localhost"} if host == LOOPBACK else {host}
    return Guard(build_app(session), token, [f"{name}:{port}" for name in names])


def require_something(folder: Path) -> None:
    """Raise UsageError for a folder in which there is nothing to show."""
    if not any((folder / name).is_file() for name in ("scenario.toml", "manifest.json")):
        message = f"{folder} holds neither a case (scenario.toml) nor a run (manifest.json)"
        raise co.UsageError(message)


def _listen(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port))
    except OSError as error:
        message = f"cannot listen on {host}:{port} ({error.strerror or error}): name another --port"
        raise co.UsageError(message) from error
