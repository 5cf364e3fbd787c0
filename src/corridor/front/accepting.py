"""All that a person accepted of a report, written into a case in one go: every check before, all of it or nothing."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corridor.evidence.decisions import read_decisions
from corridor.evidence.rows import CLAIMS_FILE
from corridor.front.accepted_rows import prepare_rows
from corridor.front.trials import Contents, Trial, try_contents
from corridor.scenario.faults import Fault, FaultsError
from corridor.scenario.scenario import load_draft
from corridor.scenario.writing import locked, write_files

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from corridor.evidence.decisions import Decision
    from corridor.evidence.grammar.text import Text
    from corridor.evidence.suggest import Suggestion


@dataclass(frozen=True)
class AcceptedAll:
    """What was added to a case: pieces (file, row, text), ids of the claims that stand there now, and what waits.

    `was_there` tells how many of the claims stood there before. `faults` are warnings that the checks have anew.
    """

    added: tuple[Mapping[str, Any], ...]
    claims: tuple[str, ...]
    was_there: int
    declined: int
    undecided: int
    faults: tuple[Fault, ...] = ()

    @property
    def document(self) -> dict[str, Any]:
        """Return it as JSON-ready data."""
        return asdict(self)

    def __str__(self) -> str:
        """Return what was written, line by line, and what still waits."""
        lines = [f"{part['file']}, row {part['row']}" if part["row"] else str(part["file"]) for part in self.added]
        new = len(self.claims) - self.was_there
        there = f", {self.was_there} there already" if self.was_there else ""
        lines.append(f"{new} claims added{there}; {self.declined} declined; {self.undecided} not yet decided")
        return "\n".join(lines)


def accept_all(
    folder: Path,
    report: tuple[Text, Suggestion],
    document: Mapping[str, Any],
    kept: Path | None,
    write: bool = True,
    file: str = "report",
    rows: Mapping[str, int] | None = None,
) -> AcceptedAll:
    """Add what a document of decisions accepts of a report to the case in `folder`, or only say what that would add.

    `document` holds `source`, `claims` and `proposal` as the file of decisions does (docs/evidence.md); `file` and
    `rows` say where its keys stand. `kept` is the report's file, kept where the document says so. Raises FaultsError
    with all that is wrong, of the decisions and of what the case would become, and writes nothing then.
    """
    with _alone(folder, write):
        case = load_draft(folder, None)
        if not case.settings:
            raise FaultsError(case.faults)
        text, suggestion = report
        kinds = {
            str(p["id"]): str(p["kind"]) for p in suggestion.proposals if p["kind"] in ("quantity", "date", "statement")
        }
        decisions, faults = read_decisions(document, file, rows or {}, case, kinds)
        if faults:
            raise FaultsError(faults)
        keep = kept if decisions.keep_text else None
        contents, claims, there = prepare_rows(case, text, suggestion, decisions, keep)
        trial = try_contents(case, contents)
        if trial.refused:
            raise FaultsError(_locate(trial, folder, contents, claims))
        if write:
            write_files(contents)
    return AcceptedAll(
        trial.added, tuple(row["id"] for row, _ in claims), there, decisions.declined, decisions.undecided, trial.faults
    )


@contextmanager
def _alone(folder: Path, write: bool) -> Iterator[None]:
    if not write or not folder.is_dir():
        yield
        return
    with locked(folder / CLAIMS_FILE):
        yield


def _locate(
    trial: Trial, folder: Path, contents: Contents, claims: list[tuple[dict[str, str], Decision]]
) -> list[Fault]:
    """Return faults at the decisions they come from, where they stand in a row that a decision adds."""
    decided = {row["id"]: one for row, one in claims}
    places = {(str(part["file"]), int(part["row"])): str(part["text"]) for part in trial.added}
    found = []
    for one in trial.faults:
        added = places.get((one.file, one.row), "")
        names = [name for name in decided if name in added.replace(",", " ").replace(";", " ").split()]
        if one.file == CLAIMS_FILE:
            names = names[:1]
        if len(names) == 1:
            file, line, key = decided[names[0]].where
            one = replace(one, file=file, row=line, column=f"{key}.{one.column}".rstrip("."))
        found.append(one)
    return found
