"""The rows that accepted decisions become: claims and their source, counts, and the cells that name them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridor.evidence.accept import CLAIM_COLUMNS, SOURCE_COLUMNS, copy_text, make_claims
from corridor.evidence.belonging import write_value
from corridor.evidence.grammar.units import convert
from corridor.evidence.rows import CLAIMS_FILE, SOURCES_FILE, number_of
from corridor.evidence.series import fill_count
from corridor.evidence.tables import add_rows, read_rows
from corridor.front.new_counts import add_counts
from corridor.front.page.binding import Binding, bind_claims
from corridor.scenario.faults import FaultsError, UsageError, fault
from corridor.scenario.schema import load_fields

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from corridor.evidence.decisions import Decision, Decisions
    from corridor.evidence.grammar.text import Text
    from corridor.evidence.suggest import Suggestion
    from corridor.front.trials import Contents
    from corridor.scenario.draft import Draft


def prepare_rows(
    case: Draft, text: Text, suggestion: Suggestion, decisions: Decisions, keep: Path | None
) -> tuple[Contents, list[tuple[dict[str, str], Decision]], int]:
    """Return the files as they would be, the claims with the decisions they come from, and how many were there.

    `keep` is the report's file where its text is to be kept. Raises UsageError for a source that is there without this
    text, FaultsError for claims whose id another row has.
    """
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
