"""A new scenario folder that begins with the accepted claims; every blank in it is marked."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from corridor.evidence.accept import CLAIM_COLUMNS, SOURCE_COLUMNS, copy_text, is_said_in, make_claims, name_language
from corridor.evidence.proposed import find_published, propose_claims
from corridor.evidence.rows import CLAIMS_FILE, SOURCES_FILE
from corridor.evidence.series import fill_count, find_counted
from corridor.evidence.tables import add_rows
from corridor.scenario.cells import BLANK
from corridor.scenario.schema import REQUIRED_TABLES, Field, load_fields
from corridor.scenario.spreadsheet import write_cells
from corridor.scenario.writing import building, write_file, write_files

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from corridor.evidence.grammar.text import Text
    from corridor.evidence.suggest import Proposal, Suggestion


@dataclass(frozen=True)
class Blank:
    """A cell that the claims do not fill: where it is, what it means, and what it may hold."""

    file: str
    row: int
    column: str
    meaning: str
    unit: str


def draft_from_report(
    folder: Path,
    text: Text,
    suggestion: Suggestion,
    chosen: Sequence[str] | None,
    source: Mapping[str, str],
    details: Mapping[str, str],
    keep_text: Path | None = None,
) -> list[Blank]:
    """Begin a folder with the chosen proposals of a report, or with all quantities, statements and days promised.

    What `source` and `details` leave open is marked as blank; the text is kept only if `keep_text` names
    its file.
    """
    names = chosen or [str(p["id"]) for p in suggestion.proposals if _is_drafted(p, suggestion)]
    row = name_language(source, suggestion) | {"id": source.get("id") or "report"}
    row["published"] = row.get("published") or find_published(text, suggestion, None)
    claims = make_claims(text, suggestion, names, details, row["id"], quoted=keep_text is not None)
    days = {one.id: one.claim for one in propose_claims(text, suggestion, {})}
    for name, claim in zip(names, claims, strict=True):
        claim |= {column: claim.get(column) or days[name].get(column, "") for column in ("happened", "said_on")}
    if keep_text is not None:
        row |= {"hash": text.hash, "file": keep_text.name}
    counted = find_counted(text, suggestion, dict(zip(names, claims, strict=True)))
    with building(folder) as fresh:
        blanks = draft_scenario(fresh, folder.absolute().name, [row], claims, suggestion.report_date, counted)
        if keep_text is not None:
            write_files(copy_text(fresh, keep_text))
    return blanks


def _is_drafted(proposal: Proposal, suggestion: Suggestion) -> bool:
    """Tell whether a proposal is drafted unasked: a day only where somebody promised it or tells that it is agreed."""
    if proposal["kind"] != "date":
        return proposal["kind"] in ("quantity", "statement")
    statements = (p for p in suggestion.proposals if p["kind"] == "statement")
    return any(p["stance"] in ("promises", "agreed") and is_said_in(proposal, p) for p in statements)


def draft_scenario(
    folder: Path,
    name: str,
    sources: Sequence[Mapping[str, str]],
    claims: Sequence[Mapping[str, str]],
    report_date: date | None,
    counted: Mapping[str, str] = MappingProxyType({}),
) -> list[Blank]:
    """Fill a folder with the scenario `name`, made from claims, and return its blanks, each marked with `?`.

    The folder holds scenario.toml, the tables that a scenario must have (with one row to fill, or one for
    each claim that counts people), the counts to compare with (`counted`: series by claim), an event for each claim
    of a day, the evidence, and TO-FILL.md, which lists the blanks and the claims that no table holds yet.
    """
    blanks = _write_settings(folder, name, report_date)
    people = [c for c in claims if c.get("unit") == "people" and c.get("quantity") and c["id"] not in counted]
    for table in REQUIRED_TABLES:
        rows = _people_rows(people) if table == "people" and people else [{}]
        blanks += _write_table(folder, table, f"{table}.csv", rows)
    if counted:
        published = {row["id"]: row.get("published", "") for row in sources}
        rows = [_count_row(c, counted[c["id"]], published.get(c["source"], "")) for c in claims if c["id"] in counted]
        (folder / "observations").mkdir()
        blanks += _write_table(folder, "observations", "observations/reported.csv", rows)
    dated = [claim for claim in claims if claim.get("quantity") == "date" and claim.get("date")]
    if dated:
        blanks += _write_table(folder, "events", "events.csv", _event_rows(dated))
    for file, columns, required, given in (
        (SOURCES_FILE, SOURCE_COLUMNS, "publisher", sources),
        (CLAIMS_FILE, CLAIM_COLUMNS, "wording", claims),
    ):
        rows = [_mark(row, columns, (required,)) for row in given]
        content, lines = add_rows(folder, file, columns, rows)
        write_file(folder / file, content)
        field = load_fields()["sources" if file == SOURCES_FILE else "claims"][required]
        blanks += [_blank(file, at, field) for at, row in zip(lines, rows, strict=True) if row[required] == BLANK]
    used = {c["id"] for c in (*people, *dated)} | counted.keys()
    _write_list(folder, blanks, [c for c in claims if c["id"] not in used])
    return blanks


def _count_row(claim: Mapping[str, str], series: str, published: str) -> dict[str, str]:
    row = fill_count(claim, {"series": series}, published)
    note = claim.get("wording") or claim.get("quantity", "")
    return row | {"time": row["time"] or BLANK, "claims": claim["id"], "note": note}


def _event_rows(dated: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    """Return claims of a day as events of which the rest is to be told."""
    rows = [{"time": claim["date"], "claims": claim["id"], "note": claim.get("wording", "")} for claim in dated]
    return [{"id": f"event_{number}", **row} for number, row in enumerate(rows, 1)]


def _people_rows(people: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    return [{"people": _range(claim), "claims": claim["id"], "note": claim.get("quantity", "")} for claim in people]


def _range(claim: Mapping[str, str]) -> str:
    value, low, high = (claim.get(column, "") for column in ("value", "low", "high"))
    return value if value else f"{low}..{high}" if low and high else BLANK


def _mark(row: Mapping[str, str], columns: Sequence[str], required: Sequence[str]) -> dict[str, str]:
    marked = {column: row.get(column, "") for column in columns}
    return marked | {column: BLANK for column in required if not marked[column]}


def _blank(file: str, row: int, field: Field) -> Blank:
    return Blank(file, row, field.name, field.meaning, field.unit)


def _write_settings(folder: Path, name: str, report_date: date | None) -> list[Blank]:
    lines, blanks = ["# A draft made from a report. Replace every ? (TO-FILL.md lists them).", ""], []
    known = {"id": name, "data_date": report_date.isoformat() if report_date else BLANK}
    for field in load_fields()["scenario"].values():
        if not field.required:
            continue
        value = known.get(field.name, BLANK)
        lines.append(f'{field.name} = "{value}"  # {field.meaning}')
        if value == BLANK:
            blanks.append(_blank("scenario.toml", len(lines), field))
    (folder / "scenario.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return blanks


def _write_table(folder: Path, table: str, file: str, rows: Sequence[Mapping[str, str]]) -> list[Blank]:
    fields, blanks = load_fields()[table], []
    filled = {name for row in rows for name in row if row[name]} | {"claims", "note"}
    columns = [name for name, field in fields.items() if field.required or name in filled]
    lines = [",".join(columns)]
    for row in rows:
        cells = []
        for name in columns:
            value = row.get(name, "")
            if not value and fields[name].required:
                value = BLANK
            if value == BLANK:
                blanks.append(_blank(file, len(lines) + 1, fields[name]))
            cells.append(value)
        lines.append(write_cells(cells, ","))
    (folder / file).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return blanks


def _write_list(folder: Path, blanks: Sequence[Blank], unplaced: Sequence[Mapping[str, str]]) -> None:
    lines = ["# To fill", "", "Every `?` in this folder stands for something the report does not say.", ""]
    lines += ["| file | row | column | meaning | unit |", "|---|---|---|---|---|"]
    lines += [f"| {b.file} | {b.row} | {b.column} | {b.meaning} | {b.unit} |" for b in blanks]
    lines += ["", "Claims that no table uses yet:", ""]
    for claim in unplaced:
        number = " ".join(
            w for w in (_range(claim), claim.get("unit", ""), claim.get("quantity", "")) if w and w != BLANK
        )
        lines.append(f"- `{claim['id']}`: {number or claim.get('stance', '')} {claim.get('speaker', '')}".rstrip())
    (folder / "TO-FILL.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
