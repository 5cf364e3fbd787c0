"""Relief problems that several tests share: small enough to reason about, or drawn at random."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from corridor.relief.problem import Fleet, Item, Limit, ReliefProblem, Road

START = datetime(2023, 9, 22)


def make_road(name: str, start: str, end: str, hours: float, periods: int, km: float = 0.0, **other: Any) -> Road:
    """Return a road that is open both ways unless `forward` or `backward` says otherwise."""
    shares = {"forward": np.ones(periods), "backward": np.ones(periods)} | other
    return Road(name, start, end, km, hours, **shares)


def make_problem(
    places: list[str],
    items: list[Item],
    people: np.ndarray,
    need: np.ndarray,
    fleets: list[Fleet],
    roads: list[Road],
    period_hours: float = 24.0,
    **other: Any,
) -> ReliefProblem:
    """Return a problem with no stock, no supply and a depot at the first place that never runs out."""
    size_t, size_p, size_k = len(people), len(places), len(items)
    unlimited = np.zeros((size_p, size_k), dtype=bool)
    unlimited[0] = True
    filled = {
        "stock": np.zeros((size_p, size_k)),
        "supply": np.zeros((size_t, size_p, size_k)),
        "unlimited": unlimited,
        "without": np.zeros((size_p, size_k)),
    } | other
    return ReliefProblem(
        START,
        period_hours,
        tuple(places),
        tuple(items),
        people,
        need,
        fleets=tuple(fleets),
        roads=tuple(roads),
        **filled,
    )


def one_road(trucks: float, hours: float = 9.6, periods: int = 11, tonnes: float = 10.0, **other: Any) -> ReliefProblem:
    """Return one town of 20,000 people needing 1 kg a day, one road of `hours`, one fleet, one item, daily
    periods.

    A round trip of 2 x 9.6 h with the 25 % of CARE takes exactly one period of 24 h. The town's stock lasts
    for the first period, before which nothing can arrive.
    """
    people = np.zeros((periods, 2))
    people[:, 1] = 20_000.0
    stock = np.array([[0.0], [20.0]])
    fleet = Fleet("lorries", "depot", trucks, tonnes, margin=1.25)
    return make_problem(
        ["depot", "town"],
        [Item("food")],
        people,
        np.array([[0.0], [0.001]]),
        [fleet],
        [make_road("road", "depot", "town", hours, periods)],
        stock=stock,
        **other,
    )


def towns_behind_a_bridge(seed: int, periods: int = 20, towns: int = 3) -> ReliefProblem:
    """Return a random problem: depot, bridge with inspection and slots, hub with a local fleet, towns beyond.

    Two life-saving items, one other, and the fuel that the trucks burn; the depot's food is limited.
    """
    rng = np.random.default_rng(seed)
    places = ["depot", "bridge", "hub", *[f"town{i}" for i in range(towns)]]
    items = [
        Item("food"),
        Item("medicine", weight=2.0),
        Item("soap", life_saving=False, weight=0.5),
        Item("diesel", weight=0.5, unit="l", tonnes_per_unit=0.00084),
    ]
    people = np.zeros((periods, len(places)))
    people[:, 3:] = rng.integers(500, 15_000, towns) * rng.uniform(0.3, 1.0, (periods, towns))
    need = np.zeros((len(places), 4))
    need[3:] = np.array([0.555, 0.01, 0.0083, 0.05 * 0.84]) / 1000.0
    stock = np.zeros((len(places), 4))
    stock[3:] = need[3:] * people[0, 3:, None] * rng.uniform(0.0, 3.0, (towns, 4))
    stock[0, 0] = rng.uniform(10.0, 60.0)
    stock[2, 3] = rng.uniform(0.0, 3.0)
    unlimited = np.zeros((len(places), 4), dtype=bool)
    unlimited[0, 1:] = True
    supply = np.zeros((periods, len(places), 4))
    supply[:, 0, 0] = rng.uniform(0.0, 6.0, periods)
    without = np.zeros((len(places), 4))
    without[3:] = rng.choice([0.0, 30.0], (towns, 4))
    inward = (rng.uniform(size=periods) > 0.2).astype(float)
    roads = [
        make_road("outer", "bridge", "depot", 1.5, periods, km=60.0),
        make_road("inner", "hub", "bridge", 2.5, periods, km=90.0, backward=inward),
        *[
            make_road(f"road{i}", "hub", f"town{i}", float(rng.uniform(0.3, 4.0)), periods, km=40.0)
            for i in range(towns)
        ],
    ]
    fleets = [
        Fleet("lorries", "depot", 8.0, 10.0, 0.35, 1.0, 3.0, 1.25, convoy_trucks=4.0),
        Fleet(
            "local",
            "hub",
            3.0,
            3.0,
            0.2,
            0.5,
            1.0,
            1.25,
            refuels_at_destination=bool(seed % 2),
            convoy_trucks=2.0,
        ),
    ]
    limits = (
        Limit("checkpoint", "inspection", "inner", np.full(periods, 6.0), both_ways=True),
        Limit("slots", "slots", "inner", (np.arange(periods) % 2 == 1).astype(float), forward=False),
    )
    return make_problem(
        places, items, people, need, fleets, roads, 6.0,
        stock=stock, supply=supply, unlimited=unlimited, without=without, limits=limits, fuel="diesel",
    )  # fmt: skip


def find_data(name: str) -> Path:
    """Return a file of the shared test data, or skip the test when it is not there."""
    beside = Path(__file__).resolve().parents[3] / "shared" / "data"
    folder = Path(os.environ.get("CORRIDOR_DATA", beside))
    if not (folder / name).exists():
        pytest.skip(f"{name} is not in {folder}; set CORRIDOR_DATA to the folder of test data")
    return folder / name
