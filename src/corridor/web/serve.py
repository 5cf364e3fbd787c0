"""`corridor serve`: the page of a case or a run on this machine."""

from __future__ import annotations

import logging
import secrets
import signal
import socket
import threading
import webbrowser
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import uvicorn

import corridor as co
from corridor.web.address import EVERYWHERE, choose_shown, list_hosts, write_host
from corridor.web.app import build_app
from corridor.web.guard import Guard
from corridor.web.session import Session

LOOPBACK = "127.0.0.1"
STOPPING = 1  # seconds that what is being answered at Ctrl-C has left


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
    run, for an address that cannot be listened on, and for a port that is taken.
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
        ws="none",
        timeout_graceful_shutdown=STOPPING,
    )
    config.load()
    address = f"http://{write_host(choose_shown(host), chosen)}/?token={token}"
    with listening:
        _Server(config).run_from(listening, lambda: opened(address))


class _Server(uvicorn.Server):
    """Ends at Ctrl-C, at whatever moment it comes, without a word about what is cut off then."""

    interrupted = False

    def run_from(self, listening: socket.socket, begin: Callable[[], object]) -> None:
        """Answer until stopped. Raises KeyboardInterrupt at Ctrl-C, and at no other place than here."""
        if threading.current_thread() is not threading.main_thread():
            begin()
            self.run([listening])
            return
        # from the first word on: raised in the midst of a start the interruption could be lost
        before = signal.signal(signal.SIGINT, self.handle_exit)
        try:
            begin()
            self.run([listening])
        finally:
            signal.signal(signal.SIGINT, before)
        if self.interrupted:
            raise KeyboardInterrupt

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self.interrupted |= sig == signal.SIGINT
        logging.getLogger("uvicorn.error").disabled = True
        super().handle_exit(sig, frame)


def guard_app(session: Session, token: str, host: str, port: int) -> Guard:
    """Return the server of a session behind its guard."""
    return Guard(build_app(session), token, list_hosts(host, port), everywhere=host in EVERYWHERE)


def require_something(folder: Path) -> None:
    """Raise UsageError for a folder in which there is nothing to show."""
    if not any((folder / name).is_file() for name in ("scenario.toml", "manifest.json")):
        message = f"{folder} holds neither a case (scenario.toml) nor a run (manifest.json)"
        raise co.UsageError(message)


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        if not host:
            message = "name an address to listen on; 0.0.0.0 is every network of this machine"
            raise co.UsageError(message)
        return socket.create_server((host, port), family=family)
    except (OSError, OverflowError, ValueError) as error:
        message = (
            f"cannot listen on {host} port {port} ({getattr(error, 'strerror', None) or error}): name another --port"
        )
        raise co.UsageError(message) from error
