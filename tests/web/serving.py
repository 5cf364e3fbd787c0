"""A case or a run served as `corridor serve` does, in a thread of the tests' own process, and asked over real sockets."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import uvicorn

from corridor.web.guard import Guard
from corridor.web.serve import guard_app
from corridor.web.session import Session


class Unloaded(Session):
    """A session whose model is not loaded before something needs it."""

    def begin(self) -> None:
        pass


TOKEN = "one-time"
ENGINE_SECONDS = 120  # within which the model behind a small case is loaded and run


@dataclass(frozen=True)
class Served:
    """A server that is up: its address, what it serves, and its guard."""

    address: str
    session: Session
    guard: Guard

    @property
    def cookie(self) -> dict[str, str]:
        """Return the cookie that its page carries, as if the token had been given."""
        return {self.guard.cookie: self.guard.key}

    def client(self, **more: Any) -> httpx.Client:
        """Return a client that asks like the page itself does."""
        headers = {"origin": self.address, **more.pop("headers", {})}
        # nothing of the tests' own surroundings (a proxy) may stand between
        return httpx.Client(
            base_url=self.address, cookies=self.cookie, headers=headers, timeout=60, trust_env=False, **more
        )

    def get(self, path: str, **asked: str) -> Any:
        """Return the document that the page is sent for a question."""
        with self.client() as client:
            answer = client.get(path, params=asked)
        assert answer.status_code == 200, answer.text
        return answer.json()


@contextmanager
def serve_folder(folder: Path, edit: bool = False, load: bool = True, **more: Any) -> Iterator[Served]:
    """Serve a folder on a free port until the end of the block; `more` are fields of the session."""
    session = (Session if load else Unloaded)(folder, edit, **more)
    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    guard = guard_app(session, TOKEN, "127.0.0.1", port)
    assert isinstance(guard, Guard)
    config = uvicorn.Config(guard, log_level="warning", access_log=False, lifespan="on", server_header=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
    thread.start()
    wait_until(lambda: server.started or not thread.is_alive())
    assert thread.is_alive(), "the server did not start"
    try:
        yield Served(f"http://127.0.0.1:{port}", session, guard)
    finally:
        server.should_exit = True
        thread.join(20)
        listening.close()
        assert not thread.is_alive(), "the server did not stop"


def wait_until(done: Any, seconds: float = ENGINE_SECONDS) -> None:
    """Wait until something holds. Raises AssertionError when it does not in time."""
    until = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.02)
