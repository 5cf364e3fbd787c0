"""`corridor plan CASE --from-sheet FILE`: convoys that a person edited in a plan's workbook, back into the case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import corridor as co
from corridor.cli.answer import answer, on_one_line, say

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Trying:
    """In how many simulated courses convoys are carried out, and who does the work (as of a run)."""

    courses: int
    workers: int = 1
    cluster: str | None = None


@dataclass(frozen=True)
class Keeping:
    """Where the convoys are written: as a variant of this name, into the case's own table, or (neither) nowhere."""

    variant: str | None
    into_case: bool
    replace: bool


def take_sheet(
    folder: Path,
    workbook: Path,
    faults: Path | None,
    keeping: Keeping,
    trying: Trying,
    language: str,
    as_json: bool,
) -> None:
    """Check the convoys of a workbook, try them if asked, write them where asked, and say so."""
    if keeping.variant and keeping.into_case:
        message = "use one of --as NAME and --into-case at a time"
        raise co.UsageError(message)
    try:
        found = co.read_convoys(folder, workbook, faults)
    except co.FaultsError:
        marked = co.tell_plan("sheet.marked", language, file=on_one_line(faults))
        say(marked if faults else co.tell_plan("sheet.refused", language))
        raise
    for warning in found.warnings if not as_json else ():
        say(warning.describe())
    numbers, text = found.numbers, found.tell(language)
    if trying.courses:
        tried = found.attempt(trying.courses, trying.workers, trying.cluster)
        numbers, text = {**numbers, "trial": tried}, f"{text}\n{found.describe_attempt(tried, language)}"
    written = ""
    if keeping.variant:
        written = str(found.write_variant(keeping.variant, keeping.replace))
    elif keeping.into_case:
        written = str(found.write_case())
    answer({**numbers, "written": written}, text, as_json)
    if written:
        say(co.tell_plan("sheet.written", language, file=written))
    else:
        say(co.tell_plan("sheet.kept", language, case=on_one_line(folder), workbook=on_one_line(workbook)))
