"""`corridor serve` as a process: what it says, what it refuses, and that Ctrl-C ends it at once and without a word."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from command import call
from corridor.web.address import list_hosts

START = [sys.executable, "-c", "from corridor.cli.main import main; main()", "serve"]
SOON = 5  # seconds: for Ctrl-C


@contextmanager
def start(*words: str | Path) -> Iterator[subprocess.Popen[str]]:
    surroundings = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")}
    command = [*START, *map(str, words)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, env=surroundings) as process:
        try:
            yield process
        finally:
            process.kill()


def read_address(process: subprocess.Popen[str]) -> str:
    assert process.stderr is not None
    for line in process.stderr:
        if found := re.search(r"open (http://\S+)", line):
            return found[1]
    message = "no address was printed"
    raise AssertionError(message)


def stop(process: subprocess.Popen[str]) -> tuple[int, str, float]:
    """Press Ctrl-C; return the exit code, what was said, and the seconds it took."""
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    said = process.communicate(timeout=60)
    return process.returncode, "".join(said), time.monotonic() - began


@pytest.mark.slow
@pytest.mark.parametrize("wait", [0, 0.02, 0.05, 1.5])
def test_interrupted(short_case: Path, wait: float) -> None:
    """While it starts, while the model is loaded, and later."""
    with start(short_case, "--no-browser") as process:
        read_address(process)
        time.sleep(wait)
        code, said, seconds = stop(process)
    assert (code, said) == (130, "")
    assert seconds < SOON


@pytest.mark.slow
def test_interrupted_while_it_answers(short_case: Path) -> None:
    with start(short_case, "--no-browser") as process, httpx.Client(trust_env=False, follow_redirects=True) as client:
        page = client.get(read_address(process))
        assert page.status_code == 200
        with pytest.raises(httpx.ReadTimeout):
            client.get(f"{page.url}api/now", timeout=0.3)
        code, said, seconds = stop(process)
    assert (code, said) == (130, "")
    assert seconds < SOON


@pytest.mark.slow
def test_no_browser_to_open(short_case: Path) -> None:
    with start(short_case) as process:
        read_address(process)
        assert process.stderr is not None
        assert "no browser could be opened" in process.stderr.readline()
        assert stop(process)[0] == 130


def test_a_port_that_is_taken(short_case: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = call("serve", short_case, "--no-browser", "--port", str(taken.getsockname()[1]))
    assert done.code == 2
    assert "name another --port" in done.stderr


@pytest.mark.parametrize(
    "words",
    [("--port", "70000"), ("--host", "no such name"), ("--host", "256.1.1.1"), ("--host", ""), ("--host", "x" * 300)],
)
def test_an_address_that_is_none(short_case: Path, words: tuple[str, str]) -> None:
    done = call("serve", short_case, "--no-browser", *words)
    assert done.code == 2
    assert "Traceback" not in done.stderr


def test_nothing_to_show(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "absent"):
        done = call("serve", folder, "--no-browser")
        assert done.code == 2
        assert "neither a case" in done.stderr


@pytest.mark.parametrize(
    ("host", "warned"), [("127.0.0.1", False), ("localhost", False), ("0.0.0.0", True), ("127.evil", True)]
)
def test_others_are_warned_of(short_case: Path, monkeypatch: pytest.MonkeyPatch, host: str, warned: bool) -> None:
    served: list[Any] = []
    monkeypatch.setattr("corridor.web.serve.serve", lambda *words: served.append(words))
    done = call("serve", short_case, "--no-browser", "--edit", "--host", host)
    assert ("warning: other machines can reach" in done.stderr and "write into it" in done.stderr) is warned
    assert len(served) == 1


def test_names_it_may_be_asked_under() -> None:
    assert list_hosts("127.0.0.1", 8000) == {"127.0.0.1:8000", "localhost:8000"}
    assert list_hosts("::1", 8000) == {"[::1]:8000", "localhost:8000"}
    assert list_hosts("127.0.0.1", 80) == {"127.0.0.1", "localhost"}
    assert list_hosts("10.0.0.7", 8000) == {"10.0.0.7:8000"}
    assert "127.0.0.1:8000" in list_hosts("0.0.0.0", 8000)
    assert "0.0.0.0:8000" not in list_hosts("0.0.0.0", 8000)
