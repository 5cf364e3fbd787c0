"""Examples that several tests of the deal room share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from corridor.deal.parties import Actor, Issue, Position
from corridor.scenario.values import fixed, parse_quantity

# Car emission standards in the European Community, lead time in years: actor, capability, position, salience.
# Scholz, Calbert and Smith 2011, table 1.
CARS = (
    ("netherlands", 0.08, 4.0, 0.80),
    ("belgium", 0.08, 7.0, 0.40),
    ("luxembourg", 0.03, 4.0, 0.20),
    ("germany", 0.16, 4.0, 0.80),
    ("france", 0.16, 10.0, 0.60),
    ("italy", 0.16, 10.0, 0.60),
    ("united-kingdom", 0.16, 10.0, 0.90),
    ("ireland", 0.05, 7.0, 0.10),
    ("denmark", 0.05, 4.0, 1.00),
    ("greece", 0.08, 7.0, 0.70),
)
CAR_POSITIONS = [row[2] for row in CARS]
CAR_CAPABILITIES = [row[1] for row in CARS]
CAR_SALIENCES = [row[3] for row in CARS]
CAR_WEIGHTS = [c * s for _, c, _, s in CARS]


def make_position(
    name: str,
    position: str = "50",
    salience: str = "50",
    capability: str = "10",
    no_deal: str = "",
    veto: bool = False,
) -> Position:
    """Return a position from numbers as a user writes them."""
    actor = Actor(name, name.title(), parse_quantity(capability), veto)
    return Position(
        actor,
        parse_quantity(position),
        parse_quantity(salience),
        actor.capability,
        parse_quantity(no_deal) if no_deal else None,
        veto,
    )


def make_issue(*positions: Position, name: str = "road") -> Issue:
    """Return an issue with these positions."""
    return Issue(name, name.title(), "shut", "open", positions)


def make_plain_issue(rows: list[tuple[float, float]]) -> Issue:
    """Return an issue of actors given as (position, weight), without ranges."""
    return make_issue(
        *(
            Position(Actor(f"a{k:03}", f"A{k}", fixed(weight)), fixed(position), fixed(1.0), fixed(weight))
            for k, (position, weight) in enumerate(rows)
        )
    )


def find_deu_data() -> Path:
    """Return the path of the DEU data, or skip the test with a reason."""
    folder = os.environ.get("CORRIDOR_DATA") or Path(__file__).parents[3] / "shared" / "data"
    path = Path(folder) / "deu3.csv"
    if not path.is_file():
        pytest.skip("deu3.csv is not here; set CORRIDOR_DATA to the folder that holds it")
    return path
