"""The command line called in this process: the same words, exit code, stdout and stderr as in one of its own, without its start."""

from __future__ import annotations

import contextlib
import functools
import io
import sys
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import typer.main

from corridor.cli.main import main

COMMANDS = functools.cache(typer.main.get_command)  # made once: a process of its own makes them for its one call


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    stdout: str
    stderr: str


def call(*words: str | Path, at: Path | None = None) -> Done:
    """Call `corridor` with some words, in the folder `at` if one is named."""
    out, err, code = io.StringIO(), io.StringIO(), 0
    with (
        patch.object(typer.main, "get_command", COMMANDS),
        patch.object(sys, "argv", ["corridor", *map(str, words)]),
        contextlib.chdir(at or Path.cwd()),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
    return Done(code, out.getvalue(), err.getvalue())
