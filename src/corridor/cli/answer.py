"""How commands answer: data on stdout, everything else on stderr, one JSON document with --json."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Annotated, Any, TextIO

import typer

import corridor as co

Cluster = Annotated[
    str | None,
    typer.Option(
        metavar="ADDRESS|local", help="A cluster of dask.distributed: its scheduler, or --workers on this machine."
    ),
]
EXIT_OUR_FAULT, EXIT_USAGE, EXIT_INVALID, EXIT_EVIDENCE, EXIT_RESUMABLE, EXIT_INTERRUPTED = 1, 2, 3, 4, 5, 130


class Harmless(io.TextIOBase):
    """Standard output or error on which no text of the user's steers the terminal: what would is made visible."""

    def __init__(self, raw: TextIO) -> None:
        self.raw = raw

    def write(self, text: str) -> int:
        """Write a text in which what steers stands as JSON writes it, so that a JSON document keeps its meaning."""
        self.raw.write(co.make_visible(text))
        return len(text)

    def __getattr__(self, name: str) -> Any:
        """Return what else the stream has."""
        return getattr(self.raw, name)


def on_one_line(name: object) -> str:
    """Return a name of the user's, of a folder say, that ends no line of an answer."""
    return " ".join(str(name).splitlines())


def say(text: str) -> None:
    """Write a line for people to stderr."""
    sys.stderr.write(text + "\n")


def say_made_anew(files: Sequence[str]) -> None:
    """Say which files of a run that was taken up could not be kept."""
    if files:
        say(f"notice: damaged or unfinished, and made anew: {', '.join(files)}")


def answer(document: object, text: str, as_json: bool) -> None:
    """Write the answer of a command to stdout: one JSON document, or text for people."""
    if as_json:
        sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False) + "\n")
    else:
        sys.stdout.write(text.rstrip("\n") + "\n")


def print_faults(faults: Sequence[co.Fault], as_json: bool) -> None:
    """Show faults: all of them, as text on stderr or as one JSON document on stdout."""
    if as_json:
        answer(co.faults_document(faults), "", as_json=True)
        return
    for fault in faults:
        say(fault.describe())
    errors = sum(fault.severity != "warning" for fault in faults)  # also that with which Flee stops
    say(f"{errors} fault{'s' if errors != 1 else ''} found.")


@contextmanager
def show_progress(label: str, total: int) -> Iterator[Callable[[int], None]]:
    """Show a progress bar on stderr while long work goes on; nothing when stderr is not a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(file=getattr(sys.stderr, "raw", sys.stderr))  # the bar steers the terminal on purpose
    columns = (TextColumn(label), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(label, total=total)
        yield lambda done: progress.advance(task, done)


class Bars:
    """A bar of progress for each kind of work, begun when it is first heard of."""

    def __init__(self, bars: ExitStack) -> None:
        self.bars, self.shown = bars, {}  # type: ignore[var-annotated]

    def __call__(self, what: str, done: int, total: int) -> None:
        """Tell of some more that was done, of so much in all."""
        if what not in self.shown:
            self.bars.close()
            self.shown = {what: self.bars.enter_context(show_progress(what, total))}
        self.shown[what](done)
