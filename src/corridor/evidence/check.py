"""Whether sources, claims, kept texts and the scenario's numbers still hold together."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from corridor.evidence.grammar.units import convert
from corridor.evidence.kept import check_days, check_number, check_quote, read_kept_texts, texts_of
from corridor.evidence.rows import (
    CLAIMS_FILE,
    SOURCES_FILE,
    Row,
    Spot,
    Use,
    date_of,
    hours_of,
    number_of,
    text_of,
    with_spots,
)
from corridor.evidence.support import (
    Assumption,
    Conflict,
    Support,
    claim_range,
    find_conflicts,
    find_origins,
    find_stale_day,
    find_support,
    group_claims,
    list_assumptions,
)
from corridor.scenario.checks.knowledge import TELLS, told_day
from corridor.scenario.draft import suggest
from corridor.scenario.faults import Fault
from corridor.scenario.values import rounding

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from corridor.evidence.anchor import Anchor


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
) -> EvidenceReport:
    """Check the evidence of a scenario.

    `sources` and `claims` are rows of the two tables (a row may carry its line under "_line"), `texts` is
    the folder of kept texts, `uses` are the scenario's numbers with the claims they name, `period_start` is
    the first day of the scenario, `effects` say how much each number moves the results. Nothing is changed;
    nothing is raised for what is found.
    """
    faults: list[Fault] = []
    by_source = _index(sources, SOURCES_FILE, faults)
    by_claim = _index(claims, CLAIMS_FILE, faults)
    kept = read_kept_texts(sources, texts, faults)
    _check_sources(sources, faults)
    anchors: dict[str, tuple[str, Anchor]] = {}
    verdicts: list[str] = []
    for claim, spot in with_spots(claims, CLAIMS_FILE, faults):
        known = _check_claim(claim, by_source, spot)
        own = list(texts_of(claim, kept))
        if anchor := check_quote(claim, own, spot):
            anchors[text_of(claim, "id")] = anchor
        english = all(text_of(by_source[s], "language").lower()[:2] in ("", "en") for s in known)
        verdicts.append(check_number(claim, english, spot))
        check_days(claim, own, spot)
        if day := find_stale_day(claim, period_start):
            spot.note("stale", "happened", day=day, start=period_start)
    groups = group_claims(claims)
    used = list(uses)
    _check_uses(used, by_claim, faults)
    numbers = [use for use in used if use.is_number]
    assumptions = list_assumptions(numbers, effects or {})
    counts = {
        "sources": len(sources),
        "origins": len({o for claim in claims for o in find_origins(claim, by_source)}),
        "claims": len(claims),
        "texts kept": len(kept),
        "quotes found": len(anchors),
        "numbers compared": sum(v not in ("", "unread") for v in verdicts),
        "numbers": len(numbers),
        "numbers without a claim": len(assumptions),
    }
    return EvidenceReport(
        tuple(sorted(set(faults))),
        anchors,
        tuple(find_support(groups, by_source)),
        tuple(find_conflicts(groups)),
        tuple(assumptions),
        counts,
    )


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


def _check_claim(claim: Row, sources: Mapping[str, Row], spot: Spot) -> list[str]:
    """Check what a claim says by itself and against its sources; return the sources that exist."""
    names = text_of(claim, "source").split()
    for name in names:
        if name not in sources:
            spot.note("source_unknown", "source", name=name, hint=suggest(name, sources))
    known = [name for name in names if name in sources]
    low, high = number_of(claim, "low"), number_of(claim, "high")
    if low is not None and high is not None and low > high:
        spot.note("range_reversed.evidence", "low", low=low, high=high)
    pages = [day for name in known if (day := date_of(sources[name], "published"))]
    if pages and len(pages) == len(known):
        last = max(pages)
        happened, said = date_of(claim, "happened"), date_of(claim, "said_on")
        if happened and happened > last and text_of(claim, "stance") in TELLS:
            spot.note("happened_after_page", "happened", day=happened, page=last)
        if said and said > last:
            spot.note("said_after_page", "said_on", day=said, page=last)
    origins = find_origins(claim, sources)
    if len(known) > 1 and len(origins) < len(known):
        if len(origins) == 1 and text_of(claim, "credibility") == "1":
            spot.note("confirmed_by_itself", "credibility", sources=len(known))
        else:
            counted = f"{len(origins)} origin{'s' if len(origins) != 1 else ''}"
            spot.note("one_origin", "source", sources=len(known), origins=counted)
    return known


def _check_uses(uses: Sequence[Use], claims: Mapping[str, Row], faults: list[Fault]) -> None:
    """Check that numbers name claims that exist and agree with their only claim, or say in a note why not."""
    for use in uses:
        spot = Spot(use.file, use.row, faults)
        for name in use.claims:
            if name not in claims:
                spot.note("claim_unknown", "claims", name=name, hint=suggest(name, claims))
                continue
            about, stance = text_of(claims[name], "about"), text_of(claims[name], "stance")
            day = told_day(about, stance, date_of(claims[name], "said_on"), date_of(claims[name], "happened"))
            if day and use.known_until and day > use.known_until:
                spot.note("known_later", "claims", claim=name, day=day, until=use.known_until)
        if len(use.claims) != 1 or use.note or use.claims[0] not in claims or use.low is None or use.high is None:
            continue
        claim = claims[use.claims[0]]
        ends, unit = _find_said(use, claim)
        if ends is None:
            continue
        if use.high < ends[0] - 1e-9 * abs(ends[0]) or use.low > ends[1] + 1e-9 * abs(ends[1]):
            kind = "number_differs_from_claim" if use.is_number else "number_differs_from_claim.time"
            facts = {"value": use.value, "unit": use.unit, "claim": use.claims[0]}
            spot.note(kind, use.column, **facts, said=_say(ends, unit) if use.is_number else text_of(claim, "date"))


def _find_said(use: Use, claim: Row) -> tuple[tuple[float, float] | None, str]:
    """Return between which ends a claim puts a number or a time, and in which unit; None where it does not say.

    A count agrees with its claim whatever that is used for: its low end with the low end said, its value with the
    value. Other numbers agree with claims that set numbers.
    """
    if not use.is_number:
        return hours_of(claim, "date"), ""
    said, unit = claim_range(claim), text_of(claim, "unit")
    if use.file.startswith("observations/"):
        one = number_of(claim, use.column)
        return (said if one is None else (one - rounding(one) / 2, one + rounding(one) / 2)), unit
    factor = convert(1.0, unit, use.unit) if use.unit else None
    if said is None or factor is None or text_of(claim, "use") not in ("sets", ""):
        return None, unit
    return (said[0] * factor, said[1] * factor), unit


def _say(ends: tuple[float, float], unit: str) -> str:
    low, high = ends
    if low == high or (math.isinf(low) and math.isinf(high)):
        return f"{low:g} {unit}"
    return f"{low:g} to {high:g} {unit}".replace("-inf", "any").replace("inf", "any")


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
