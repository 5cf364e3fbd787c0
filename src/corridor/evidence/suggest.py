"""What a report may say, for a person to accept or not, each proposal with its place in the text.

No program reads a report reliably. This one proposes only what a strict grammar of its language finds, and
leaves out what could be read in two ways. The same text gives the same proposals, always, without a
network.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from corridor.evidence.grammar.dates import find_anchored_dates, find_dates
from corridor.evidence.grammar.detect import detect_language
from corridor.evidence.grammar.language import LANGUAGES, Language, find_language, load_language
from corridor.evidence.grammar.names import Known, Mention, find_mentions
from corridor.evidence.grammar.page import ReportDay, find_page_dates, find_spoken_weekdays, judge_report_day
from corridor.evidence.grammar.quantities import MOST_NUMBERS, Quantity, find_quantities
from corridor.evidence.grammar.said_dates import MOST_MATCHES, DateSaid
from corridor.evidence.grammar.statements import Statement, find_statements
from corridor.scenario.faults import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from corridor.evidence.grammar.text import Text

MOST_PROPOSALS = 10_000  # of each kind; a report has some dozens

Proposal = dict[str, object]


@dataclass(frozen=True)
class Suggestion:
    """Proposals read from a report.

    `report_date` is the day that relative dates were resolved against, or None; `warnings` are for the
    person who reads on. `language` is the code of that in which the text was read, "" if it is in none that is known;
    `is_detected` tells that its words said so, and nobody else.

    Each proposal has id, kind (quantity, date, place, actor, statement), start, end and text, where `text` is the
    report's text from start to end; by kind it has further keys (see docs/evidence.md).
    """

    report_date: date | None
    warnings: tuple[str, ...]
    proposals: tuple[Proposal, ...]
    language: str = "en"
    is_detected: bool = False

    def to_document(self) -> dict[str, object]:
        """Return the suggestion as a JSON-ready document."""
        return {
            "report_date": self.report_date.isoformat() if self.report_date else None,
            "warnings": list(self.warnings),
            "proposals": [dict(proposal) for proposal in self.proposals],
            "language": self.language,
        }


def suggest(text: Text, known: Iterable[Known] = (), report_date: date | None = None, language: str = "") -> Suggestion:
    """Propose what a report says.

    `known` are the places and actors to look for under all their names; `report_date` is the day of the
    report, else it is taken from the page's head unless the weekdays of the text speak against that.
    """
    detected = None if language or not text.is_latin else detect_language(text.content)
    read = detected.language if detected else find_language(language or "en")
    if read is None or not (text.is_latin or language):
        mentions = find_mentions(text.content, known, MOST_PROPOSALS, load_language("en"))
        warnings = (*text.warnings, *([_tell_unread(detected.name)] if detected else []))
        return Suggestion(report_date, warnings, tuple(_propose(text.content, [*mentions])), "", detected is not None)
    try:
        return _read(text, known, report_date, read, detected is not None)
    except (LookupError, ValueError) as error:
        if language in ("", *LANGUAGES):
            raise
        message = f"the language in {language} cannot be used: {error!r}; compare its forms with those of English"
        raise UsageError(message) from error


def _tell_unread(name: str) -> str:
    known = " and ".join(load_language(code).name for code in LANGUAGES)
    written = f"the text is in {name}, by its commonest words" if name else "the text's language is not known"
    return f"{written}; {known} are read: only names are looked for (--language reads it as another)"


def _tell_read(read: Language, is_detected: bool) -> list[str]:
    """Say which language was told by the words alone, if it is not that of most reports here."""
    named = f"the text is read as {read.name}, by its commonest words (--language reads it as another)"
    return [named] if is_detected and read is not load_language("en") else []


def _read(
    text: Text, known: Iterable[Known], report_date: date | None, read: Language, is_detected: bool
) -> Suggestion:
    content = text.content
    mentions = find_mentions(content, known, MOST_PROPOSALS, read)
    day = judge_report_day(content, report_date, read)
    anchor = None
    if day.day:
        dates, unresolved = find_dates(content, day.day, read)
    else:
        head = max((page.end for page in find_page_dates(content, read)), default=0)
        spoken = find_spoken_weekdays(content, read)
        dates, unresolved, anchor = find_anchored_dates(content, head, spoken, read)
    dates = [said for said in dates if not (day.page and said.start < day.page.end and day.page.start < said.end)][
        :MOST_PROPOSALS
    ]
    taken = sorted([(d.start, d.end) for d in dates] + [(d.start, d.end) for d in unresolved])
    quantities = find_quantities(content, taken, MOST_PROPOSALS, read)
    statements = find_statements(content, MOST_PROPOSALS, read)
    warnings = [
        *text.warnings,
        *_tell_read(read, is_detected),
        *day.warnings,
        *_warn(content, day, len(unresolved), quantities, read),
    ]
    if anchor and any(said.how in ("weekday", "relative") for said in dates):
        warnings.append(f"other days are counted from {anchor.first}, which the text names with its weekday")
    weekdays = sum(1 for _ in islice(read["any_weekday"].finditer(content), MOST_MATCHES + 1))
    most = max(len(mentions), len(dates), len(quantities), len(statements))
    numbers = sum(1 for _ in islice(read["numbers"].finditer(content), MOST_NUMBERS + 1))
    if most >= MOST_PROPOSALS or weekdays > MOST_MATCHES or numbers > MOST_NUMBERS:
        warnings.append(
            f"only the first {MOST_PROPOSALS:,} proposals of a kind and {MOST_NUMBERS:,} numbers are looked at; "
            "this does not look like one report"
        )
    proposals = _propose(content, [*mentions, *dates, *quantities, *statements])
    return Suggestion(day.day, tuple(warnings), tuple(proposals), read.code, is_detected)


def _warn(content: str, day: ReportDay, unresolved: int, quantities: list[Quantity], language: Language) -> list[str]:
    warnings = []
    if unresolved and day.day is None:
        warnings.append(
            f"{unresolved} date{'s' if unresolved > 1 else ''} could not be resolved and "
            f"{'are' if unresolved > 1 else 'is'} left out"
        )
    if any(q.unit.startswith("tonnes") and language["short_tons"].search(content, q.start, q.end) for q in quantities):
        warnings.append('"tons" are taken for metric tonnes')
    return warnings


def _propose(content: str, items: list[Mention | DateSaid | Quantity | Statement]) -> list[Proposal]:
    proposals = []
    for item in items:
        kind, details = _describe(content, item)
        start, end = item.start, item.end
        identity = {
            "id": f"{kind}-{start}-{end}",
            "kind": kind,
            "start": start,
            "end": end,
            "text": content[start:end],
        }
        proposals.append(identity | details)
    # in the order of the text; a longer span before what stands in it
    proposals.sort(key=lambda p: (p["start"], -int(str(p["end"])), p["kind"]))
    seen: dict[object, int] = {}
    for proposal in proposals:
        # two statements may share their sentence; the second gets a letter of its own
        count = seen[proposal["id"]] = seen.get(proposal["id"], 0) + 1
        if count > 1:
            proposal["id"] = f"{proposal['id']}-{count}"
    return proposals


def _describe(content: str, item: Mention | DateSaid | Quantity | Statement) -> tuple[str, Proposal]:
    if isinstance(item, Quantity):
        return "quantity", {
            "value": _plain(item.value),
            "low": _plain(item.low),
            "high": _plain(item.high),
            "unit": item.unit,
            "counts": item.counts,
            "approximate": item.approximate,
            "hedge": item.hedge,
        }
    if isinstance(item, DateSaid):
        said_as = " ".join(content[item.start : item.end].split())
        return "date", {
            "from": item.first.isoformat(),
            "to": item.last.isoformat(),
            "said_as": said_as,
            "how": item.how,
        }
    if isinstance(item, Mention):
        return item.kind, {"ref": item.ref}
    return "statement", {
        "speaker": item.speaker,
        "role": item.role,
        "said_to": item.said_to,
        "stance": item.stance,
        "about": item.about,
    }


def _plain(value: float | None) -> float | int | None:
    return int(value) if value is not None and value == int(value) else value
