"""What a person decided on a report's proposals, read from a file or from the page: every fault at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from corridor.evidence.accept import CLAIM_COLUMNS, SOURCE_COLUMNS
from corridor.evidence.belonging import BINDABLE_TABLES
from corridor.evidence.decision_file import CLAIMS, OBSERVATIONS
from corridor.scenario.cells import BLANK
from corridor.scenario.draft import Broken, Draft, Row, show, suggest
from corridor.scenario.faults import Fault
from corridor.scenario.read import read_toml_value
from corridor.scenario.schema import Field, load_fields
from corridor.scenario.variant import row_name

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

YES, NO = "yes", "no"
_HELD_BY_PROGRAM = {"source", "quote", "prefix", "suffix"}
_CLAIM = [column for column in CLAIM_COLUMNS if column not in _HELD_BY_PROGRAM]
_COUNT = ("time", "since", "series", "area", "exit", "error", "status", "published")
_SOURCE = [column for column in SOURCE_COLUMNS if column not in ("hash", "file")]
_TOP = ("report", "hash", "date", "encoding", "language", "scenario", "keep_text", "source", "claims", "proposal")
_PROPOSAL = ("accept", "sentence", "into", "replace", "counted_at", *_CLAIM, *_COUNT)


@dataclass(frozen=True)
class Decision:
    """A proposal that is accepted: the cells given for its claim and count, and the row it goes into, if any.

    `where` is where the decision stands: file, line and dotted key.
    """

    proposal: str
    where: tuple[str, int, str]
    claim: Mapping[str, str]
    count: Mapping[str, str] | None = None
    row: Row | None = None
    column: str = ""
    replace: bool = False


@dataclass(frozen=True)
class Decisions:
    """All decisions on one report, and how many proposals were declined and are still to be decided."""

    source: Mapping[str, str]
    accepted: tuple[Decision, ...]
    declined: int = 0
    undecided: int = 0
    keep_text: bool = False


@dataclass
class _Reader:
    """Reads one document; faults are collected in `notes`, a draft that stands for the document."""

    document: Mapping[str, Any]
    file: str
    case: Draft
    notes: Draft = field(init=False)
    rows: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.notes = Draft(self.case.folder, zone=self.case.zone, toml_rows={self.file: dict(self.rows)})

    def where(self, key: str) -> tuple[str, int, str]:
        """Return where a key stands, that of its table where it is not there itself."""
        line = self.rows.get(key) or self.rows.get(key.rpartition(".")[0], 0)
        return self.file, line, key

    def table(self, key: str, holder: Mapping[str, Any], known: Collection[str] = ()) -> dict[str, Any]:
        """Return a table of the document; whatever else stands there, and keys that are not known, are faults."""
        found = holder.get(key.rpartition(".")[2], {})
        if not isinstance(found, dict):
            self.notes.note("wrong_type.list", self.where(key), text=show(str(found)), allowed="a table of keys")
            return {}
        for name in found if known else ():
            if name not in known and not str(name).startswith("x_"):
                facts = {"key": show(str(name)), "known": ", ".join(known), "hint": suggest(str(name), known)}
                self.notes.note("unknown_setting", self.where(f"{key}.{name}"), **facts)
        return found

    def cell(self, key: str, spec: Field, value: Any) -> str:
        """Return a value as the text of a cell, checked as that of its column would be."""
        if isinstance(read_toml_value(self.notes, self.where(key), spec, value), Broken):
            return ""
        return value.isoformat() if hasattr(value, "isoformat") else str(value).strip()

    def word(self, key: str, value: Any, allowed: tuple[str, ...]) -> str:
        """Return a word that is one of those allowed; true is yes and false is no."""
        text = {True: YES, False: NO}.get(value, value) if isinstance(value, bool) else value
        if text in allowed:
            return str(text)
        facts = {"text": show(str(value)), "allowed": ", ".join(allowed), "hint": suggest(str(value), allowed)}
        self.notes.note("not_a_choice", self.where(key), **facts)
        return allowed[-1]


def read_decisions(
    document: Mapping[str, Any], file: str, rows: Mapping[str, int], case: Draft, proposals: Mapping[str, str]
) -> tuple[Decisions, list[Fault]]:
    """Return what a document decides, and what is wrong with it; `rows` are the lines of its dotted keys.

    `proposals` are the kinds of what the report may say, by id. A proposal that nobody has decided on is not looked at
    any further, nor one that is declined.
    """
    reader = _Reader(document, file, case, rows)
    for key in document:
        if key not in _TOP and not str(key).startswith("x_"):
            facts = {"key": show(str(key)), "known": ", ".join(_TOP), "hint": suggest(str(key), _TOP)}
            reader.notes.note("unknown_setting", reader.where(str(key)), **facts)
    shared = reader.table("claims", document, _CLAIM)
    accepted, said = [], dict.fromkeys((YES, NO, BLANK), 0)
    listed = reader.table("proposal", document)
    for name in listed:
        key = f"proposal.{name}"
        given = reader.table(key, listed, _PROPOSAL)
        word = reader.word(f"{key}.accept", given.get("accept", BLANK), (YES, NO, BLANK))
        said[word] += 1
        if name not in proposals:
            reader.notes.note(
                "proposal_unknown", reader.where(key), name=show(str(name)), hint=suggest(name, proposals)
            )
        elif word == YES:
            accepted.append(_read_one(reader, key, proposals[name], {**shared, **_fill(shared, given)}))
    source = _read_source(reader, bool(accepted))
    keep = reader.word("keep_text", document.get("keep_text", NO), (YES, NO)) == YES
    said[BLANK] += len(proposals.keys() - listed.keys())
    reader.notes.note_untold()
    return Decisions(source, tuple(accepted), said[NO], said[BLANK], keep), reader.notes.faults


def _fill(shared: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a proposal gives, without blanks for which all claims have something."""
    return {key: value for key, value in given.items() if value != "" or key not in shared}


def _read_one(reader: _Reader, key: str, kind: str, given: Mapping[str, Any]) -> Decision:
    fields, counted = load_fields()["claims"], load_fields()["observations"]
    claim = {c: reader.cell(f"{key}.{c}", fields[c], given[c]) for c in _CLAIM if c in given and c != "id"}
    if "wording" not in given or not str(given["wording"]).strip():
        reader.cell(f"{key}.wording", fields["wording"], given.get("wording", ""))
    if given.get("id"):
        claim["id"] = reader.cell(f"{key}.id", fields["id"], given["id"])
    into = given.get("into", CLAIMS)
    decision = Decision(str(key.partition(".")[2]), reader.where(key), claim)
    if into == OBSERVATIONS and kind == "quantity":
        count = {c: reader.cell(f"{key}.{c}", counted[c], given[c]) for c in _COUNT if given.get(c)}
        if given.get("counted_at"):
            count["counted_at"] = reader.cell(f"{key}.counted_at", counted["place"], given["counted_at"])
        if not given.get("series"):
            reader.cell(f"{key}.series", counted["series"], "")
        if not given.get("time") and not given.get("happened"):
            reader.cell(f"{key}.time", counted["time"], "")
        return Decision(decision.proposal, decision.where, claim, count)
    if into == CLAIMS:
        return decision
    row, column = _find_row(reader, f"{key}.into", into, kind)
    put = reader.word(f"{key}.replace", given.get("replace", NO), (YES, NO)) == YES
    return Decision(decision.proposal, decision.where, claim, None, row, column, put)


def _find_row(reader: _Reader, key: str, into: Any, kind: str) -> tuple[Row | None, str]:
    """Return the row and column that a proposal goes into, named as `people.csv town/families people`."""
    allowed = [CLAIMS, OBSERVATIONS] if kind == "quantity" else [CLAIMS]
    words = str(into).split()
    named = dict(_name_rows(reader.case)) if kind != "statement" else {}
    row = named.get(" ".join(words[:-1])) if len(words) > 2 else None
    if row is None or words[-1] not in load_fields()[row.table] or words[-1] not in row.values:
        near = suggest(str(into), [*allowed, *(f"{name} {words[-1]}" for name in named if words)])
        asked = ", ".join(allowed) + (" or a row of the case: file, name and column" if named else "")
        reader.notes.note("not_a_choice", reader.where(key), text=show(str(into)), allowed=asked, hint=near)
        return None, ""
    return row, words[-1]


def _name_rows(case: Draft) -> Iterable[tuple[str, Row]]:
    for table in BINDABLE_TABLES:
        for row in case.tables.get(table, ()):
            if row.line:
                only = f"@{row.values['set']}" if row.values.get("set") else ""
                yield f"{row.file} {row_name(row)}{only}", row


def _read_source(reader: _Reader, is_needed: bool) -> dict[str, str]:
    """Return the source's columns; one that is in the case already needs its id alone."""
    given, fields = reader.table("source", reader.document, _SOURCE), load_fields()["sources"]
    there = {str(row.values.get("id")) for row in reader.case.tables.get("sources", ())}
    if not is_needed:
        return {}
    if given.get("id") in there:
        return {"id": str(given["id"])}
    cells = {c: reader.cell(f"source.{c}", fields[c], given[c]) for c in _SOURCE if c in given}
    for column in ("id", "publisher"):
        if column not in given:
            reader.cell(f"source.{column}", fields[column], "")
    return {column: text for column, text in cells.items() if text}
