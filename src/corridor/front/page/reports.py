"""A report on the screen Evidence: what it may say, where that belongs in the case, and accepting it to a row."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from corridor.evidence.accept import BINDABLE, CLAIM_COLUMNS, SOURCE_COLUMNS, make_claims, prepare
from corridor.evidence.belonging import find_rows
from corridor.evidence.decision_file import choose_goal, list_cells
from corridor.evidence.grammar.language import LANGUAGES
from corridor.evidence.grammar.text import Text, decode_text
from corridor.evidence.proposed import propose_claims
from corridor.evidence.rows import CLAIMS_FILE
from corridor.evidence.scenario_rows import known_of
from corridor.evidence.series import find_counted
from corridor.evidence.suggest import Suggestion, suggest
from corridor.front.accepting import accept_all
from corridor.front.new_counts import add_counts
from corridor.front.page.binding import COLUMNS, bind_claims
from corridor.front.trials import Contents, Trial, try_contents, write_checked
from corridor.scenario.cells import is_id
from corridor.scenario.faults import UsageError, faults_document
from corridor.scenario.schema import load_fields

if TYPE_CHECKING:
    from corridor.evidence.suggest import Proposal
    from corridor.scenario.scenario import Scenario

LARGEST_REPORT = 1_000_000  # bytes of a pasted or opened report
MOST_OPENED = 400  # proposals that a person goes through on the page
_GIVEN = set(CLAIM_COLUMNS) - {"source", "value", "low", "high", "unit", "quote", "prefix", "suffix"}
Part = dict[str, Any]


class Pasted(NamedTuple):
    """A report that was pasted or opened on the page: its text, what it may say, and its bytes."""

    text: Text
    suggestion: Suggestion
    data: bytes


@dataclass(frozen=True)
class Wish:
    """What is to be accepted: proposals by id, columns of their source and claim, and the count that they give.

    `count` holds columns of observations, `bind` names a row of the case that rests on the claim from then on; both are
    empty where the claim stands alone. `keep_text` keeps the report's text.
    """

    proposals: tuple[str, ...]
    source: Mapping[str, str]
    details: Mapping[str, str]
    count: Mapping[str, str] = field(default_factory=dict)
    bind: Mapping[str, str] = field(default_factory=dict)
    keep_text: bool = False


def read_wish(asked: Mapping[str, Any]) -> Wish:
    """Return a wish as the page sends it. Raises UsageError for what is none, and for columns that are not given so."""
    names = asked.get("proposals")
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        message = "proposals must be a list of their ids"
        raise UsageError(message)
    source = read_texts(asked.get("source"), "source", set(SOURCE_COLUMNS) - {"hash", "file"})
    details = read_texts(asked.get("details"), "details", _GIVEN)
    count = read_texts(asked.get("count") or {}, "count", set(load_fields()["observations"]) - {"claims"})
    for row in (source, details):
        if row.get("id") and not is_id(row["id"]):
            message = f'"{row["id"]}" is no id: {load_id_words()}'
            raise UsageError(message)
    bind = read_texts(asked.get("bind") or {}, "bind", set(COLUMNS))
    return Wish(tuple(names), source, details, count, bind, asked.get("keep_text") is True)


def load_id_words() -> str:
    """Return what an id may be."""
    return "a short name of letters, digits, _ and -"


def read_texts(asked: object, name: str, columns: set[str]) -> dict[str, str]:
    """Return cells by column, blanks left out. Raises UsageError for what is no table row, and for other columns."""
    if not isinstance(asked, dict) or not all(isinstance(k, str) and isinstance(v, str) for k, v in asked.items()):
        message = f"{name} must hold texts by column"
        raise UsageError(message)
    if unknown := sorted(set(asked) - columns):
        message = f"{name} cannot give {', '.join(unknown)}"
        raise UsageError(message)
    return {column: text.strip() for column, text in asked.items() if text.strip()}


def open_report(case: Scenario, text: str, day: str = "", language: str = "") -> Pasted:
    """Read a report that was pasted, against the places and actors of a case; `day` is that of the report.
    `language` is the code of its language; else its words tell it.

    Raises UsageError for one that is too long and for a day that is none, FaultsError for a text that cannot be read.
    """
    if language and language not in LANGUAGES:
        message = f'no language "{language}"; known are {", ".join(LANGUAGES)}'
        raise UsageError(message)
    try:
        data, said = text.encode("utf-8"), date.fromisoformat(day) if day else None
    except UnicodeEncodeError as error:
        message = "the text holds half characters that no file can hold"
        raise UsageError(message) from error
    except ValueError as error:
        message = f'"{day}" is no day; write YYYY-MM-DD, as in 2023-09-22'
        raise UsageError(message) from error
    if len(data) > LARGEST_REPORT:
        message = f"the report has {len(data):,} bytes; at most {LARGEST_REPORT:,} are read at once"
        raise UsageError(message)
    decoded = decode_text("report.txt", data)
    return Pasted(decoded, suggest(decoded, known_of(case), said, language), data)


def describe_report(case: Scenario, report: Pasted) -> Part:
    """Return the proposals of a report, each with what would stand in its claim and where its number may belong.

    Of a report with very many proposals that is told of the first MOST_OPENED alone, and a warning says so.
    """
    first, warnings = _take_first(report.suggestion), list(report.suggestion.warnings)
    if len(first.proposals) < len(report.suggestion.proposals):
        warnings.append(f"only the first {MOST_OPENED} proposals can be opened: paste the part that matters")
    bindable = [p for p in first.proposals if p["kind"] in BINDABLE]
    made = make_claims(report.text, first, [str(p["id"]) for p in bindable], {}, "", False) if bindable else []
    claims = {str(p["id"]): claim for p, claim in zip(bindable, made, strict=True)}
    counted = find_counted(report.text, first, claims)
    places = [(int(str(p["start"])), str(p["ref"])) for p in first.proposals if p["kind"] == "place"]
    names = {str(row["id"]): str(row["name"] or "") for row in case.tables.get("places", ())}
    filled = {
        one.id: {**list_cells(one), **choose_goal(one, case)} for one in propose_claims(report.text, first, names)
    }
    described = []
    for at, proposal in enumerate(report.suggestion.proposals):
        claim = claims.get(str(proposal["id"]), {})
        near = _find_near(proposal, places, report.text.content) if at < len(first.proposals) else []
        part: Part = {"claim": {k: v for k, v in claim.items() if v and k not in ("id", "source")}, "near": near}
        part["rows"] = list(find_rows(case, proposal, near)) if near and proposal["kind"] == "quantity" else []
        part["decision"] = filled.get(str(proposal["id"]))
        described.append({**proposal, **part, "series": counted.get(claim.get("id", ""), "")})
    day = report.suggestion.report_date
    told = {"language": report.suggestion.language, "language_detected": report.suggestion.is_detected}
    return told | {"report_date": day.isoformat() if day else None, "warnings": warnings, "proposals": described}


def _take_first(suggestion: Suggestion) -> Suggestion:
    """Return the proposals up to the last one that can be opened, in the order of the text."""
    places = [at for at, p in enumerate(suggestion.proposals) if p["kind"] in BINDABLE]
    end = places[MOST_OPENED - 1] + 1 if len(places) > MOST_OPENED else len(suggestion.proposals)
    return replace(suggestion, proposals=suggestion.proposals[:end])


def _find_near(proposal: Proposal, places: list[tuple[int, str]], content: str) -> list[str]:
    """Return the places that are named in the sentence of a proposal."""
    start, end = int(str(proposal["start"])), int(str(proposal["end"]))
    begin = max(content.rfind(". ", 0, start), content.rfind("\n", 0, start)) + 1
    stops = [at for at in (content.find(". ", end), content.find("\n", end)) if at >= 0]
    return list(dict.fromkeys(ref for at, ref in places if begin <= at < min(stops, default=len(content))))


def try_wish(case: Scenario, report: Pasted, wish: Wish) -> Part:
    """Return the exact rows that a wish would write, and what every check then says anew; nothing is written."""
    with _kept_text(report, wish.source, wish.keep_text) as kept:
        return try_contents(case, _prepare(case, report, wish, kept)).document


def accept_wish(case: Scenario, report: Pasted, wish: Wish) -> Part:
    """Write what a wish says, as `corridor evidence accept` does, and the count beside it; return what was added.

    Raises FaultsError, and writes nothing, if a check then finds an error.
    """
    with _kept_text(report, wish.source, wish.keep_text) as kept:
        done: Trial = write_checked(case, lambda: _prepare(case, report, wish, kept), case.folder / CLAIMS_FILE)
    return done.document


def decide(case: Scenario, report: Pasted, document: Mapping[str, Any], write: bool) -> Part:
    """Write all that a document of decisions accepts of a report, or only say what that would be.

    Raises FaultsError with all that is wrong, and writes nothing then.
    """
    with _kept_text(report, document.get("source"), document.get("keep_text") == "yes") as kept:
        done = accept_all(case.folder, (report.text, report.suggestion), document, kept, write)
    told = {"added": list(done.added), "claims": list(done.claims), "refused": False, **faults_document(done.faults)}
    return told | {"was_there": done.was_there, "declined": done.declined, "undecided": done.undecided}


def _prepare(case: Scenario, report: Pasted, wish: Wish, kept: Path | None) -> Contents:
    chosen = (report.text, report.suggestion, wish.proposals, wish.source, wish.details)
    contents, added = prepare(case.folder, *chosen, kept)
    if wish.count:
        contents |= add_counts(case, [{**wish.count, "claims": " ".join(added.claims)}])
    if wish.bind:
        contents |= bind_claims(case, [(wish.bind, added.claims)])
    return contents


@contextmanager
def _kept_text(report: Pasted, source: object, keep: bool) -> Iterator[Path | None]:
    """Give the text as a file named by its source, if it is to be kept."""
    name = source.get("id") if isinstance(source, Mapping) else None
    if not keep or not isinstance(name, str) or not is_id(name):
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="corridor-") as folder:
        named = name if name.isascii() else f"report-{report.text.hash[:12]}"
        path = Path(folder) / f"{named}.txt"
        path.write_bytes(report.data)
        yield path
