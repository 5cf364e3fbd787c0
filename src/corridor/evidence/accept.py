"""`corridor evidence accept`: a proposal becomes a claim, added with its source to the tables."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from corridor.evidence.rows import CLAIMS_FILE, SOURCES_FILE
from corridor.evidence.tables import add_rows, read_rows
from corridor.scenario.faults import UsageError
from corridor.scenario.writing import locked, write_files

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from corridor.evidence.grammar.text import Text
    from corridor.evidence.suggest import Proposal, Suggestion

SOURCE_COLUMNS = [
    "id",
    "publisher",
    "title",
    "published",
    "retrieved",
    "address",
    "origin",
    "reliability",
    "language",
    "hash",
    "file",
    "note",
]
CLAIM_COLUMNS = [
    "id",
    "source",
    "speaker",
    "role",
    "said_to",
    "said_on",
    "about",
    "happened",
    "place",
    "quantity",
    "value",
    "low",
    "high",
    "unit",
    "date",
    "stance",
    "credibility",
    "quote",
    "prefix",
    "suffix",
    "wording",
    "use",
    "note",
]
_AROUND = 40  # characters kept as prefix and suffix
BINDABLE = ("quantity", "statement", "date")
DATES = ("happened", "said_on", "date")  # columns that may name a date proposal


@dataclass(frozen=True)
class Accepted:
    """What was added: ids of the claims and the source, and their lines (0: it was there already)."""

    source: str
    source_line: int
    claims: tuple[str, ...]
    lines: tuple[int, ...]
    kept_text: str = ""
    warnings: tuple[str, ...] = field(default=())


def make_claims(
    text: Text,
    suggestion: Suggestion,
    chosen: Sequence[str],
    details: Mapping[str, str],
    source: str,
    quoted: bool,
) -> list[dict[str, str]]:
    """Return claim rows for the chosen proposals.

    A quantity gives value, low, high and unit, a date the day that is claimed, and each takes the speaker of the one
    statement it stands in; a statement gives speaker, role, said_to, stance and about. `details` fills columns and
    prevails; `happened`, `said_on` and `date` may name a date proposal. The quote is filled only if `quoted` (the text
    is kept). Raises UsageError for an unknown id.
    """
    by_id = {str(p["id"]): p for p in suggestion.proposals}
    unknown = [name for name in chosen if name not in by_id]
    if unknown or not chosen:
        message = (
            f"no proposal {', '.join(unknown)}; `corridor evidence suggest` lists them"
            if unknown
            else "no proposal chosen"
        )
        raise UsageError(message)
    claims = []
    for name in chosen:
        proposal = by_id[name]
        if proposal["kind"] not in BINDABLE:
            message = f"{name} is a {proposal['kind']}: bind it to a quantity, a statement or a date with --place"
            raise UsageError(message)
        claim = {"id": f"{source}_{name.replace('-', '_')}", "source": source}
        claim |= _READ[str(proposal["kind"])](proposal, suggestion)
        if quoted:
            claim |= _from_text(text, proposal)
        claim |= {column: _resolve(column, value, by_id) for column, value in details.items() if value}
        claims.append(claim)
    return claims


def _from_quantity(proposal: Proposal, suggestion: Suggestion) -> dict[str, str]:
    claim = {column: _write(proposal[column]) for column in ("value", "low", "high", "unit")}
    return claim | {"quantity": str(proposal["counts"])} | _find_speaker(proposal, suggestion)


def _from_date(proposal: Proposal, suggestion: Suggestion) -> dict[str, str]:
    return {"date": write_days(proposal), "quantity": "date"} | _find_speaker(proposal, suggestion)


def _from_statement(proposal: Proposal, _: Suggestion) -> dict[str, str]:
    return {column: str(proposal[column]) for column in ("speaker", "role", "said_to", "stance")}


_READ = {"quantity": _from_quantity, "date": _from_date, "statement": _from_statement}


def _find_speaker(proposal: Proposal, suggestion: Suggestion) -> dict[str, str]:
    """Return who says what the one statement says in which a quantity or a date stands."""
    around = [p for p in suggestion.proposals if p["kind"] == "statement" and is_said_in(proposal, p)]
    return _from_statement(around[0], suggestion) if len(around) == 1 else {}


def write_days(proposal: Proposal) -> str:
    """Return the day of a date proposal, or the first and last with .. between them."""
    return str(proposal["from"]) if proposal["from"] == proposal["to"] else f"{proposal['from']}..{proposal['to']}"


def _from_text(text: Text, proposal: Proposal) -> dict[str, str]:
    start, end = _span(proposal)
    before, after = text.content[max(0, start - _AROUND) : start], text.content[end : end + _AROUND]
    return {
        "quote": text.content[start:end],
        "prefix": re.sub(r"^\S*\s+", "", before[before.rfind("\n") + 1 :]) if before else "",
        "suffix": re.sub(r"\s+\S*$", "", after.split("\n")[0]) if after else "",
    }


def _resolve(column: str, value: str, by_id: Mapping[str, Proposal]) -> str:
    if column in DATES and value.startswith("date-"):
        proposal = by_id.get(value)
        if proposal is not None and column == "date":
            return write_days(proposal)
        if proposal is None or proposal["from"] != proposal["to"]:
            message = f"{value} names no single day; give {column} as YYYY-MM-DD"
            raise UsageError(message)
        return str(proposal["from"])
    return value


def _span(proposal: Proposal) -> tuple[int, int]:
    return int(str(proposal["start"])), int(str(proposal["end"]))


def is_said_in(part: Proposal, statement: Proposal) -> bool:
    """Tell whether a quantity or a date stands in what is said, not only in the same sentence."""
    (a, b), (c, d) = _span(part), _span(statement)
    offset = str(statement["text"]).find(str(statement["about"]))
    said = c + offset
    return offset >= 0 and said <= a and b <= min(d, said + len(str(statement["about"])))


def _write(value: object) -> str:
    return "" if value is None else str(value)


def accept(
    folder: Path,
    text: Text,
    suggestion: Suggestion,
    chosen: Sequence[str],
    source: Mapping[str, str],
    details: Mapping[str, str],
    keep_text: Path | None = None,
) -> Accepted:
    """Add chosen proposals as claims to a scenario folder, and their source if it is not there yet.

    `source` needs `id`, and for a new source `publisher`; `details` must give `wording` (the claim in our
    own words), and may give any other column of the claim. `keep_text` is the report's file, kept below
    evidence/texts if the user has the right to; quotes are written only for a kept text. Another process that
    accepts is waited for; all or nothing is added. Raises UsageError for what is missing, taken or not writable.
    """
    with locked(folder / CLAIMS_FILE):  # two at once must not overwrite each other's rows
        contents, added = prepare(folder, text, suggestion, chosen, source, details, keep_text)
        write_files(contents)
    return added


def prepare(
    folder: Path,
    text: Text,
    suggestion: Suggestion,
    chosen: Sequence[str],
    source: Mapping[str, str],
    details: Mapping[str, str],
    keep_text: Path | None = None,
) -> tuple[dict[Path, str | bytes], Accepted]:
    """Return what `accept` would write, whole files in the order in which they are written, and what it would add.

    The text appears first, then its source, then the claims: whatever is cut short on the way passes the check, and the
    same call goes on with the rest. Raises as `accept` does.
    """
    _require_named(chosen, source, details)
    old = {row.get("id", "").strip(): row for row in read_rows(folder, SOURCES_FILE)}.get(source["id"])
    if old is None and not source.get("publisher"):
        message = f'"{source["id"]}" is a new source: name its --publisher'
        raise UsageError(message)
    is_kept = old is not None and old.get("hash", "").lower().removeprefix("sha256:") == text.hash
    if keep_text and old is not None and not is_kept:
        message = f'the source "{source["id"]}" is there without this text; give the text a source of its own'
        raise UsageError(message)
    claims = make_claims(text, suggestion, chosen, details, source["id"], quoted=bool(keep_text) or is_kept)
    contents: dict[Path, str | bytes] = {}
    row, kept, line = name_language(source, suggestion), "", 0
    if keep_text and not is_kept:
        kept = keep_text.name
        contents |= copy_text(folder, keep_text)
        row |= {"hash": text.hash, "file": kept}
    if old is None:
        contents[folder / SOURCES_FILE], (line,) = add_rows(folder, SOURCES_FILE, SOURCE_COLUMNS, [row])
    contents[folder / CLAIMS_FILE], lines = add_rows(folder, CLAIMS_FILE, CLAIM_COLUMNS, claims)
    return contents, Accepted(source["id"], line, tuple(claim["id"] for claim in claims), lines, kept)


def _require_named(chosen: Sequence[str], source: Mapping[str, str], details: Mapping[str, str]) -> None:
    if not source.get("id"):
        message = "name the source with --source"
        raise UsageError(message)
    if not details.get("wording"):
        message = "say in your own words what is claimed, with --wording"
        raise UsageError(message)
    if details.get("id") and len(chosen) > 1:
        message = "one id cannot name several claims"
        raise UsageError(message)


def name_language(source: Mapping[str, str], suggestion: Suggestion) -> dict[str, str]:
    """Return a source with the language of its text, where that is not English and the source names none."""
    told = {"language": suggestion.language} if suggestion.language not in ("", "en") else {}
    return told | {column: cell for column, cell in source.items() if cell or column != "language"}


def copy_text(folder: Path, original: Path) -> dict[Path, bytes]:
    """Return the report and its place below evidence/texts, nothing if it is there.

    Raises UsageError when another text of its name is: it is never overwritten.
    """
    target, data = folder / "evidence" / "texts" / original.name, original.read_bytes()
    if not target.exists():
        return {target: data}
    if target.read_bytes() != data:
        message = f"evidence/texts/{original.name} is another text; rename the report"
        raise UsageError(message)
    return {}
