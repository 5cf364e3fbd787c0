"""All that a person accepted of a report, written into a case in one go: every check before, all of it or nothing."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corridor.evidence.accept import CLAIM_COLUMNS, SOURCE_COLUMNS, copy_text, make_claims
from corridor.evidence.belonging import write_value
from corridor.evidence.decisions import read_decisions
from corridor.evidence.grammar.units import convert
from corridor.evidence.rows import CLAIMS_FILE, SOURCES_FILE, number_of
from corridor.evidence.series import fill_count
from corridor.evidence.tables import add_rows, read_rows
from corridor.front.new_counts import add_counts
from corridor.front.page.binding import Binding, bind_claims
from corridor.front.trials import Contents, Trial, try_contents
from corridor.scenario.faults import Fault, FaultsError, UsageError, fault
from corridor.scenario.scenario import load_draft
from corridor.scenario.schema import load_fields
from corridor.scenario.writing import locked, write_files

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from corridor.evidence.decisions import Decision, Decisions
    from corridor.evidence.grammar.text import Text
    from corridor.evidence.suggest import Suggestion
    from corridor.scenario.draft import Draft


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
        contents, claims, there = _prepare(case, text, suggestion, decisions, keep)
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


def _prepare(
    case: Draft, text: Text, suggestion: Suggestion, decisions: Decisions, keep: Path | None
) -> tuple[Contents, list[tuple[dict[str, str], Decision]], int]:
    """Return the files as they would be, the claims with the decisions they come from, and how many were there."""
    folder, source = case.folder, dict(decisions.source)
    if not decisions.accepted:
        return {}, [], 0
    old = next((row for row in read_rows(folder, SOURCES_FILE) if row.get("id", "").strip() == source["id"]), None)
    is_kept = old is not None and old.get("hash", "").lower().removeprefix("sha256:") == text.hash
    if keep and old is not None and not is_kept:
        message = f'the source "{source["id"]}" is there without this text; give the text a source of its own'
        raise UsageError(message)
    claims = [
        (_make_claim(text, suggestion, one, source["id"], bool(keep) or is_kept), one) for one in decisions.accepted
    ]
    present = {row.get("id", "").strip(): row for row in read_rows(folder, CLAIMS_FILE)}
    _refuse_others(claims, present)
    contents: Contents = {}
    if keep and not is_kept:
        contents |= copy_text(folder, keep)
        source |= {"hash": text.hash, "file": keep.name}
    if old is None:
        contents[folder / SOURCES_FILE], _ = add_rows(folder, SOURCES_FILE, SOURCE_COLUMNS, [source])
    contents[folder / CLAIMS_FILE], _ = add_rows(folder, CLAIMS_FILE, CLAIM_COLUMNS, [row for row, _ in claims])
    published = (old or source).get("published", "")
    counts = [
        {"series": one.count.get("series", "")}
        | _blankless(fill_count(row, one.count, published))
        | {"claims": row["id"]}
        for row, one in claims
        if one.count is not None
    ]
    contents |= add_counts(case, counts)
    bindings = [_bind(row, one) for row, one in claims if one.row is not None]
    contents |= bind_claims(case, bindings)
    fresh = {path: new for path, new in contents.items() if not path.exists() or path.read_bytes() != _bytes(new)}
    return fresh, claims, sum(row["id"] in present for row, _ in claims)


def _bytes(content: str | bytes) -> bytes:
    return content.encode() if isinstance(content, str) else content


def _blankless(row: Mapping[str, str]) -> dict[str, str]:
    return {column: text for column, text in row.items() if text}


def _make_claim(text: Text, suggestion: Suggestion, one: Decision, source: str, quoted: bool) -> dict[str, str]:
    """Return the row of a claim: what the report says, and over it what the person has given, blanks too."""
    (claim,) = make_claims(text, suggestion, [one.proposal], {}, source, quoted)
    return {column: cell for column, cell in {**claim, **one.claim}.items() if cell or column in claim}


def _refuse_others(claims: list[tuple[dict[str, str], Decision]], present: Mapping[str, Mapping[str, str]]) -> None:
    """Raise FaultsError for claims whose id another row has, in the case or among the decisions."""
    faults, taken = [], dict(present)
    for row, one in claims:
        other = taken.setdefault(row["id"], row)
        differs = [column for column, cell in row.items() if cell != other.get(column, "")]
        if differs:
            file, line, key = one.where
            where = (file, line, f"{key}.{differs[0]}")
            faults.append(
                fault("claim_taken", where, name=row["id"], there=other.get(differs[0], ""), given=row[differs[0]])
            )
    if faults:
        raise FaultsError(faults)


def _bind(claim: Mapping[str, str], one: Decision) -> Binding:
    """Return into which row a claim goes, with what stands in the cell from then on where it is to be replaced."""
    row = one.row
    if row is None:
        raise AssertionError
    value = ""
    if one.replace:
        value = (
            claim.get("date", "")
            if row.table == "events"
            else _convert(claim, load_fields()[row.table][one.column].unit)
        )
    where = {"file": row.file, "row": str(row.line), "column": one.column, "value": value}
    return {**where, "was": write_value(row.values.get(one.column))}, [claim["id"]]


def _convert(claim: Mapping[str, str], unit: str) -> str:
    """Return a claim's number, or its range, in the unit of a column; in its own where the two do not convert."""
    factor = convert(1.0, claim.get("unit", "") or "1", unit or "1") or 1.0
    value, low, high = (number_of(claim, column) for column in ("value", "low", "high"))
    if low is not None and high is not None:
        return f"{low * factor:.10g}..{high * factor:.10g}"
    return f"{value * factor:.10g}" if value is not None else ""


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
