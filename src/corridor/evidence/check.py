"""Whether sources, claims, kept texts and the scenario's numbers still hold together."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from corridor.evidence.claims import check_claim
from corridor.evidence.counts import check_counts
from corridor.evidence.grammar.language import LANGUAGES, Language, load_language
from corridor.evidence.judged import check_judged
from corridor.evidence.kept import check_days, check_number, check_quote, read_kept_texts, texts_of
from corridor.evidence.review import check_reviewed
from corridor.evidence.rows import CLAIMS_FILE, SOURCES_FILE, Row, Use, date_of, text_of, with_spots
from corridor.evidence.support import (
    Assumption,
    Conflict,
    Support,
    find_conflicts,
    find_origins,
    find_stale_day,
    find_support,
    group_claims,
    list_assumptions,
)
from corridor.evidence.told_by import check_speaker, find_offices
from corridor.evidence.uses import check_uses
from corridor.scenario.faults import Fault

if TYPE_CHECKING:
    from pathlib import Path

    from corridor.evidence.anchor import Anchor

_DATED = re.compile(r"(?<!\d)((?:19|20)\d\d)[-/](\d\d?)[-/](\d\d?)(?!\d)")


@dataclass(frozen=True)
class EvidenceReport:
    """What a check found, for the command line and the briefing.

    `faults` are sorted, warnings among them. `anchors` give for each claim with a found quote its source
    and place. `support` counts sources and independent origins by topic, `conflicts` lists claims that
    exclude each other, `assumptions` the numbers without a claim in the order of their effect.
    """

    faults: tuple[Fault, ...] = ()
    anchors: Mapping[str, tuple[str, Anchor]] = field(default_factory=dict)
    support: tuple[Support, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def failed(self) -> bool:
        """Tell whether there is an error among the faults."""
        return any(fault.severity == "error" for fault in self.faults)

    def to_document(self) -> dict[str, object]:
        """Return the report as a JSON-ready document; an open end of a range is null."""
        conflicts = []
        for conflict in self.conflicts:
            values = [{"claim": c, "low": _finite(low), "high": _finite(high)} for c, low, high in conflict.values]
            conflicts.append({"topic": asdict(conflict.topic), "values": values})
        return {
            "passed": not self.failed,
            "counts": dict(self.counts),
            "faults": [asdict(fault) for fault in self.faults],
            "anchors": {claim: {"source": source, **asdict(a)} for claim, (source, a) in self.anchors.items()},
            "support": [asdict(support) for support in self.support],
            "conflicts": conflicts,
            "assumptions": [
                {
                    "file": a.use.file,
                    "row": a.use.row,
                    "column": a.use.column,
                    "value": a.use.value,
                    "effect": a.effect,
                }
                for a in self.assumptions
            ],
        }


def check_evidence(
    sources: Sequence[Row],
    claims: Sequence[Row],
    texts: Path | None = None,
    uses: Iterable[Use] = (),
    period_start: date | None = None,
    effects: Mapping[tuple[str, int, str], float] | None = None,
    counts: Sequence[Row] = (),
    review: Path | None = None,
) -> EvidenceReport:
    """Check the evidence of a scenario.

    `sources` and `claims` are rows of the two tables (a row may carry its line under "_line"), `texts` is
    the folder of kept texts, `uses` are the scenario's numbers with the claims they name, `period_start` is
    the first day of the scenario, `effects` say how much each number moves the results, `counts` are its observations
    that name claims, `review` is the folder whose rows are compared with what was reviewed. Nothing is changed; nothing
    is raised for what is found.
    """
    faults: list[Fault] = []
    by_source = _index(sources, SOURCES_FILE, faults)
    by_claim = _index(claims, CLAIMS_FILE, faults)
    kept = read_kept_texts(sources, texts, faults)
    _check_sources(sources, faults)
    anchors: dict[str, tuple[str, Anchor]] = {}
    verdicts: list[str] = []
    offices = find_offices(sources)
    for claim, spot in with_spots(claims, CLAIMS_FILE, faults):
        known = check_claim(claim, by_source, spot)
        own = list(texts_of(claim, kept))
        if anchor := check_quote(claim, own, spot):
            anchors[text_of(claim, "id")] = anchor
        language = _language_of(by_source[source] for source in known)
        verdicts.append(check_number(claim, language, spot))
        check_days(claim, own, language, spot)
        check_speaker(claim, by_source, offices, spot)
        if day := find_stale_day(claim, period_start):
            spot.note("stale", "happened", day=day, start=period_start)
    groups = group_claims(claims)
    used = list(uses)
    check_uses(used, by_claim, faults)
    check_counts(counts, by_claim, by_source, faults)
    judged = check_judged(review, used, by_claim, faults) if review else 0
    reviewed = check_reviewed(review, faults) if review else 0
    numbers = [use for use in used if use.is_number]
    assumptions = list_assumptions(numbers, effects or {})
    numbered = {
        "sources": len(sources),
        "origins": len({o for claim in claims for o in find_origins(claim, by_source)}),
        "claims": len(claims),
        "texts kept": len(kept),
        "quotes found": len(anchors),
        "numbers compared": sum(v not in ("", "unread") for v in verdicts),
        "numbers": len(numbers),
        "numbers judged": judged,
        "rows reviewed": reviewed,
        "numbers without a claim": len(assumptions),
    }
    return EvidenceReport(
        tuple(sorted(set(faults))),
        anchors,
        tuple(find_support(groups, by_source)),
        tuple(find_conflicts(groups)),
        tuple(assumptions),
        numbered,
    )


def _language_of(sources: Iterable[Row]) -> Language | None:
    """Return the one language of a claim's sources (English where they name none), None for one that is not read."""
    codes = {text_of(source, "language").lower()[:2] or "en" for source in sources} or {"en"}
    code = codes.pop()
    return load_language(code) if not codes and code in LANGUAGES else None


def _index(rows: Sequence[Row], file: str, faults: list[Fault]) -> dict[str, Row]:
    found: dict[str, Row] = {}
    for row, spot in with_spots(rows, file, faults):
        name = text_of(row, "id")
        if name in found:
            spot.note("duplicate_id.evidence", "id", name=name)
        found.setdefault(name, row)
    return found


def _check_sources(sources: Sequence[Row], faults: list[Fault]) -> None:
    for row, spot in with_spots(sources, SOURCES_FILE, faults):
        published, retrieved = date_of(row, "published"), date_of(row, "retrieved")
        if published and retrieved and retrieved < published:
            spot.note("retrieved_before_published", "retrieved", published=published, retrieved=retrieved)
        day = _find_day(text_of(row, "address"))
        if published and day and day != published and not text_of(row, "note"):
            spot.note("published_differs.address", "published", published=published, day=day)


def _find_day(address: str) -> date | None:
    """Return the day that stands in an address as in /2023/09/24/ or 2023-09-24, if it is one."""
    if found := _DATED.search(address):
        with suppress(ValueError):
            return date(*map(int, found.groups()))
    return None


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
