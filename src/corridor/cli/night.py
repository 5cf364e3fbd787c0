"""`corridor night`: all cases of a folder, and one page that says what changed."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Annotated, Any, TextIO

import typer

import corridor as co
from corridor.cli.answer import Bars, answer, on_one_line, say

SHOWN = 20  # rows of the text answer


def night(
    folder: Annotated[Path, typer.Argument(help="Folder of cases.", metavar="FOLDER")],
    out: Annotated[Path | None, typer.Option(help="Folder of nights; runs/night-FOLDER if not given.")] = None,
    day: Annotated[
        str | None, typer.Option(metavar="DAY", help="Which night; today if not given. The same one is taken up.")
    ] = None,
    replicates: Annotated[int, typer.Option(min=1, help="Replicates of each run.")] = 200,
    particles: Annotated[int, typer.Option(min=100, help="Particles of each forecast.")] = 1000,
    quick: Annotated[bool, typer.Option("--quick", help="Briefings without what each number moves.")] = False,
    language: Annotated[str, typer.Option(help="Language of briefings and index, by code or name.")] = "en",
    workers: Annotated[int, typer.Option(min=1, help="Cases at the same time; they change no result.")] = 1,
    longest: Annotated[float, typer.Option(min=0.01, metavar="MINUTES", help="Time for one case.")] = 60.0,
    log: Annotated[
        str | None, typer.Option(metavar="json|FILE", help="A JSON line for each step, to stderr or added to a file.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Check all cases of a folder, add new counts, forecast, write briefings, and one page of what changed.

    Exit codes: 0 all done, 3 some case or file of counts is faulty, 5 some were killed or took too long (the same
    command takes them up), 1 a fault in Corridor; a case that fails stops no other.
    """
    target = out or Path("runs") / f"night-{folder.resolve().name}"
    asked = co.Nightly(replicates, particles, quick, language)
    with ExitStack() as open_things:
        write = _open_log(log, open_things)
        bars = open_things.enter_context(ExitStack())
        try:
            found = co.night(folder, target, asked, day, workers, longest, write, Bars(bars))
        except KeyboardInterrupt:
            say("corridor: interrupted; what is done is kept, the same command takes the night up")
            sys.exit(130)
    document = {**found.document, "index": str(found.folder / "index.html")}
    answer(document, _write(document), as_json)
    sys.exit(found.exit_code)


def _open_log(log: str | None, open_things: ExitStack) -> Any:
    """Return what writes a line of the log: to stderr, to a file, or a first word on stderr of how long it may take."""
    if log is None:
        return _say_estimate
    if log == "json":
        return lambda line: say(json.dumps(line, ensure_ascii=False))
    file = open_things.enter_context(_appending(Path(log)))
    return lambda line: file.write(json.dumps(line, ensure_ascii=False) + "\n")


@contextmanager
def _appending(path: Path) -> Iterator[TextIO]:
    try:
        with path.open("a", encoding="utf-8", buffering=1) as file:
            yield file
    except OSError as error:
        message = f"cannot write {path}: {error.strerror}"
        raise co.UsageError(message) from error


def _say_estimate(line: dict[str, Any]) -> None:
    if line["step"] == "begin" and line["seconds"]:
        say(f"{line['outcome']}: about {line['seconds'] / 60:.1f} minutes of work, by what they took before")


def _write(document: dict[str, Any]) -> str:
    told = ", ".join(f"{number} {state}" for state, number in sorted(document["states"].items()))
    lines = [f"night of {document['night']}: {told}"]
    for row in document["cases"][:SHOWN]:
        changes = len(row["changes"])
        more = f", {changes} change{'s' if changes != 1 else ''} since {row['since']}" if row["since"] else ""
        why = _write_why(row)
        lines.append(f"  {on_one_line(row['case'])}: {row['state']}{more}{why}")
    left = len(document["cases"]) - SHOWN
    lines += [f"  … and {left} more"] if left > 0 else []
    lines += [f"  no case: {', '.join(map(on_one_line, document['left_out']))}"] if document["left_out"] else []
    return "\n".join([*lines, f"open {on_one_line(document['index'])}"])


def _write_why(row: dict[str, Any]) -> str:
    """Return in a few words what is wrong with a case."""
    if faults := row.get("faults"):
        first = faults[0]
        more = f" and {len(faults) - 1} more" if len(faults) > 1 else ""
        return f" ({first['file']}: {first['code']}{more})"
    said = str(row.get("said", "")).strip().splitlines()
    return f" ({said[-1]})" if said else f" ({len(row['refused'])} files of counts refused)" if row["refused"] else ""
