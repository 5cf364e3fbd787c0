"""What a negotiation is made of: actors, their positions on each issue, and numbers that may be ranges."""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from corridor.scenario.values import Quantity

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(frozen=True)
class Actor:
    """One party. `capability` (0 or more, any unit) is what it can bring to bear; a mere voice has none.

    `claims` names the evidence the row rests on; an actor or position without any is an assumption.
    """

    id: str
    name: str
    capability: Quantity
    veto: bool = False
    voice_only: bool = False
    claims: tuple[str, ...] = ()


@dataclass(frozen=True)
class Position:
    """What one actor wants on one issue.

    `position` lies on the issue's scale (0 to 100), `salience` (0 to 100) says how much it cares,
    `capability` is what it can bring to bear on this issue. `no_deal` (0 to 100) is how good it finds no
    settlement at all: 100 is as good as a settlement exactly at its position, 0 as bad as one a whole scale
    away. `veto` says whether a settlement of this issue needs its consent.
    """

    actor: Actor
    position: Quantity
    salience: Quantity
    capability: Quantity
    no_deal: Quantity | None = None
    veto: bool = False
    claims: tuple[str, ...] = ()

    @property
    def weight(self) -> float:
        """Capability times salience: how hard this actor pulls the outcome towards its position."""
        return self.capability.middle * self.salience.middle


@dataclass(frozen=True)
class PowerShift:
    """How a settlement would change what could be taken by force later, the root of a commitment problem.

    `exposed` is the actor that gives power up (by disarming, by leaving a road). `power_now` and
    `power_after` are the shares (0 to 1) its opponent could win by force before and after. `fighting_cost` is
    what fighting costs the exposed actor once, in units of the whole stake of one period; `patience` (0 to 1)
    is what next period's stake is worth today. `guarantee` (0 to 1) is how far somebody would hold the
    opponent back. `opponent` and `guarantor` are actors' ids, blank where the scenario names none.
    """

    exposed: str
    power_now: Quantity
    power_after: Quantity
    fighting_cost: Quantity
    patience: Quantity
    guarantee: Quantity
    opponent: str = ""
    guarantor: str = ""


@dataclass(frozen=True)
class Issue:
    """One question under negotiation, on a scale from 0 (`low_end`) to 100 (`high_end`)."""

    id: str
    title: str
    low_end: str
    high_end: str
    positions: tuple[Position, ...]
    clause: str = "none"
    power_shift: PowerShift | None = None
    claims: tuple[str, ...] = ()

    @property
    def parties(self) -> tuple[Position, ...]:
        """Return the positions that carry weight, sorted by actor, so row order cannot change a digit."""
        return tuple(sorted((p for p in self.positions if p.weight > 0), key=lambda p: p.actor.id))


@dataclass(frozen=True)
class Deal:
    """A whole negotiation."""

    actors: tuple[Actor, ...]
    issues: tuple[Issue, ...]

    def fingerprint(self) -> str:
        """Return the SHA-256 of all that a forecast depends on; the order of rows does not matter."""
        content = asdict(self, dict_factory=_as_sealed)
        content["actors"] = sorted(content["actors"], key=lambda actor: actor["id"])
        content["issues"] = sorted(content["issues"], key=lambda issue: issue["id"])
        for issue in content["issues"]:
            issue["positions"] = sorted(issue["positions"], key=lambda position: position["actor"]["id"])
        return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


_NAMED_LATER = ("opponent", "guarantor")  # no forecast depends on them; left blank they change no older fingerprint


def _as_sealed(fields: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return a part of a negotiation as the fingerprint has it: a quantity by centre, ends and deviation."""
    content = {name: value for name, value in fields if name not in _NAMED_LATER or value}
    if "shape" not in content:
        return content
    quantity = Quantity(**content)
    ends = {"low": quantity.low, "high": quantity.high}
    return {"value": quantity.middle, **ends, "deviation": quantity.deviation}


def spread_of_mean(parties: Sequence[Position], equal: bool = False) -> float:
    """Return the standard deviation that the stated ranges alone give to the weighted mean.

    First-order error propagation: a position moves the mean by its weight share, a weight by its distance
    from the mean over the total weight. With `equal` all weights are 1 and only positions count. This is
    never an interval of its own: see `corridor.deal.forecast`.
    """
    weights = [1.0 if equal else party.weight for party in parties]
    total = math.fsum(weights)
    mean = math.fsum(w * p.position.middle for w, p in zip(weights, parties, strict=True)) / total
    variance = 0.0
    for weight, party in zip(weights, parties, strict=True):
        variance += (weight / total * party.position.deviation) ** 2
        if not equal:
            distance = (party.position.middle - mean) / total
            variance += distance**2 * _variance_of_product(party.capability, party.salience)
    return math.sqrt(variance)


def _variance_of_product(first: Quantity, second: Quantity) -> float:
    return (
        (first.middle * second.deviation) ** 2
        + (second.middle * first.deviation) ** 2
        + (first.deviation * second.deviation) ** 2
    )


def assumptions_of(deal: Deal) -> list[str]:
    """Return the rows that rest on no claim, as 'table: key' lines in the order of the tables."""
    rows: Iterable[tuple[str, tuple[str, ...]]] = (
        *((f"actors: {actor.id}", actor.claims) for actor in deal.actors),
        *((f"issues: {issue.id}", issue.claims) for issue in deal.issues),
        *((f"positions: {i.id}, {p.actor.id}", p.claims) for i in deal.issues for p in i.positions),
    )
    return [row for row, claims in rows if not claims]
