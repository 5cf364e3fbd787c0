"""Whether numbers and times of the tables are what the claims say on which they rest."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from corridor.evidence.calculation import check_calculation, read_calculations
from corridor.evidence.grammar.units import convert
from corridor.evidence.rows import Row, Spot, Use, date_of, hours_of, text_of
from corridor.evidence.support import claim_range
from corridor.scenario.checks.knowledge import told_day
from corridor.scenario.draft import suggest

if TYPE_CHECKING:
    from corridor.scenario.faults import Fault


def check_uses(uses: Sequence[Use], claims: Mapping[str, Row], faults: list[Fault]) -> None:
    """Check that numbers name claims that exist and agree with their only claim, or say in a note why not.

    A note may write how the number follows (`people = c_registered / 2`): then it is calculated. Counts of observations
    are checked by `check_counts`. A claim of a row with several numbers has to measure one of them.
    """
    measured = {(use.file, use.row) for use in uses if any(_measures(claims.get(name), use) for name in use.claims)}
    for use in uses:
        spot = Spot(use.file, use.row, faults)
        for name in use.claims:
            if name not in claims:
                spot.note("claim_unknown", "claims", name=name, hint=suggest(name, claims))
            elif use.known_until:
                _check_known(use, name, claims[name], spot)
        if use.low is None or use.high is None or use.file.startswith("observations/"):
            continue
        if written := read_calculations(use.note).get(use.column):
            named = {name: claims[name] for name in use.claims if name in claims}
            check_calculation(use.column, written, named, (use.low, use.high), spot)
        elif len(use.claims) == 1 and not use.note and use.claims[0] in claims:
            _check_only_claim(use, claims[use.claims[0]], spot, (use.file, use.row) in measured)


def _measures(claim: Row | None, use: Use) -> bool:
    """Tell whether a claim is in a unit of a number's kind."""
    if claim is None or not use.is_number or not use.unit:
        return False
    return convert(1.0, text_of(claim, "unit"), use.unit) is not None


def _check_known(use: Use, name: str, claim: Row, spot: Spot) -> None:
    """Check that a claim was told by the last day that the row's set may know."""
    about, until = text_of(claim, "about"), use.known_until
    day = told_day(about, text_of(claim, "stance"), date_of(claim, "said_on"), date_of(claim, "happened"))
    if day and until and day > until:
        spot.note("known_later", "claims", claim=name, day=day, until=until)


def _check_only_claim(use: Use, claim: Row, spot: Spot, measures_another: bool) -> None:
    name, place = text_of(claim, "id"), text_of(claim, "place")
    if place and use.places and place not in use.places and text_of(claim, "use") in ("sets", ""):
        spot.note("claim_elsewhere", "claims", claim=name, place=place, places=", ".join(use.places))
    ends, unit = _find_said(use, claim)
    if ends is None or use.low is None or use.high is None:
        return
    if math.isnan(ends[0]):
        if measures_another:
            return
        spot.note("claim_unit_differs", use.column, unit=use.unit, claim=name, said=unit)
    elif use.high < ends[0] - 1e-9 * abs(ends[0]) or use.low > ends[1] + 1e-9 * abs(ends[1]):
        kind = "number_differs_from_claim" if use.is_number else "number_differs_from_claim.time"
        said = say_ends(ends, unit) if use.is_number else text_of(claim, "date")
        spot.note(kind, use.column, value=use.value, unit=use.unit, claim=name, said=said)


def _find_said(use: Use, claim: Row) -> tuple[tuple[float, float] | None, str]:
    """Return between which ends a claim puts a number or a time, and in which unit; None where it does not say.

    Ends that are no number tell that the claim measures something else.
    """
    if not use.is_number:
        return hours_of(claim, "date"), ""
    said, unit = claim_range(claim), text_of(claim, "unit")
    if said is None or not use.unit or not unit or text_of(claim, "use") not in ("sets", ""):
        return None, unit
    factor = convert(1.0, unit, use.unit)
    if factor is None:
        return (math.nan, math.nan), unit
    return (said[0] * factor, said[1] * factor), unit


def say_ends(ends: tuple[float, float], unit: str) -> str:
    """Return a range in words, open where an end is."""
    low, high = ends
    if low == high or (math.isinf(low) and math.isinf(high)):
        return f"{low:,.10g} {unit}".rstrip()
    return f"{low:,.10g} to {high:,.10g} {unit}".replace("-inf", "any").replace("inf", "any").rstrip()
