"""What a run says of counts: totals, spans, places, areas and exits, and why it cannot say more."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import worlds
from corridor.results.counts import compare_counts, find_columns
from corridor.results.result import Result, interpolate
from corridor.results.run import run
from corridor.scenario.counts import Count, Thing
from corridor.simulate.series import Column
from worlds import place, write_world

START = datetime(2025, 3, 1)
TOTAL = Thing("arrivals", "", "", "", None, START)
minutes = st.integers(0, 7 * 24 * 60).map(lambda n: START + timedelta(minutes=n))


def count(thing: Thing) -> Count:
    return Count(thing, 1.0, None, None, None, "stated", None)


def ask(result: Result, thing: Thing) -> np.ndarray:
    (answer,), left_out = compare_counts(result, [count(thing)])
    assert not left_out
    return answer.ensemble


@pytest.mark.slow
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(minutes, min_size=2, max_size=5, unique=True).map(sorted), st.sampled_from(["arrivals", "registered"]))
def test_spans_that_follow_each_other_add_up_to_the_count_since_the_start(
    small_result: Result, moments: list[datetime], series: str
) -> None:
    thing = TOTAL._replace(series=series)
    total = ask(small_result, thing._replace(time=moments[0]))
    assert total == pytest.approx(interpolate(small_result.take(series), small_result.times, moments[0]))
    for since, time in pairwise(moments):
        total = total + ask(small_result, thing._replace(since=since, time=time))
        assert total == pytest.approx(ask(small_result, thing._replace(time=time)))


END = START + timedelta(days=6)


@pytest.mark.parametrize(
    ("where", "columns"),
    [
        ({}, [Column("arrivals")]),
        ({"place": "capital"}, [Column("settled", ("capital",))]),
        ({"exit": "bridge-border"}, [Column("arrivals/exit", ("bridge-border",))]),
        ({"exit": "border-capital"}, []),
        ({"place": "village"}, []),
        ({"area": "outside"}, [Column("arrivals/area", ("neighbour",))]),
        ({"area": "neighbour"}, [Column("arrivals/area", ("neighbour",))]),
        ({"area": "inside"}, []),
        ({"series": "vehicles", "place": "bridge"}, [Column("passed_vehicles", ("bridge_checkpoint",))]),
        ({"series": "vehicles", "place": "border_town"}, [Column("vehicles_arrived/exit", ("bridge-border",))]),
        ({"series": "vehicles", "exit": "bridge-border"}, [Column("vehicles_arrived/exit", ("bridge-border",))]),
        ({"series": "vehicles", "place": "capital"}, []),
        ({"series": "registered", "place": "border_town"}, [Column("registered", ("border_desk",))]),
        ({"series": "registered", "area": "outside"}, [Column("registered", ("border_desk",))]),
        ({"series": "registered", "area": "neighbour"}, [Column("registered", ("border_desk",))]),
        ({"series": "registered", "place": "capital"}, []),
        ({"series": "lodged", "area": "outside"}, [Column("lodged", ("border_town",)), Column("lodged", ("capital",))]),
        ({"series": "displaced", "place": "village"}, []),
        ({"series": "relief_trucks_in"}, [Column("relief_trucks_in")]),
    ],
)
def test_a_count_is_answered_by_what_is_recorded_of_the_same_people(
    small_result: Result, where: dict[str, str], columns: list[Column]
) -> None:
    thing = TOTAL._replace(time=END, **where)
    found = find_columns(small_result, thing)
    assert sorted(found) == [column for column in columns if column in small_result.columns]
    if found:
        whole = np.sum([small_result.take(c.series, *c.labels) for c in found], axis=0)
        assert ask(small_result, thing) == pytest.approx(interpolate(whole, small_result.times, END))
    else:
        ((_, why),) = compare_counts(small_result, [count(thing)])[1]
        assert "does not record" in why


def test_counts_by_exit_area_and_place_of_arrival_are_those_of_a_case_with_several_ways_out(tmp_path: Path) -> None:
    """An area may have the name of a road; what comes by all exits is the total, by two exits to a place their sum."""
    names = ("north", "south", "ferry")
    scenario = write_world(
        tmp_path / "world",
        24,
        places=[
            place("town"), place("port", "north"), place("hill", "far"),
            place("camp", "far", attractiveness=1), place("city", "north", attractiveness=1),
        ],
        areas=[{"id": name, "name": name, "side": "outside"} for name in ("north", "far")],
        roads=[{"id": name, "from": "town", "to": to, "length_km": 20, "speed_kmh": 40}
               for name, to in zip(names, ("port", "hill", "port"), strict=True)]
        + [{"id": "on", "from": "port", "to": "city", "length_km": 5}, {"id": "up", "from": "hill", "to": "camp", "length_km": 5}],
        groups=[{"id": "d", "name": "d", "transport": "own", "people_per_vehicle": 1, "fuel_litres": 0, "leave_rate": 0.2}],
        people=[{"place": "town", "group": "d", "people": 4000}],
    )  # fmt: skip
    result = run(scenario, replicates=3)
    moment = TOTAL._replace(time=worlds.START + timedelta(hours=20))
    by_exit = {name: ask(result, moment._replace(exit=name)) for name in names}
    assert (by_exit["north"] + by_exit["ferry"] > 0).all()
    assert find_columns(result, moment._replace(area="north")) == (Column("arrivals/area", ("north",)),)
    assert (ask(result, moment._replace(area="north")) == by_exit["north"] + by_exit["ferry"]).all()
    assert (ask(result, moment._replace(area="far")) == by_exit["south"]).all()
    assert (ask(result, moment._replace(area="outside")) == ask(result, moment)).all()
    assert (ask(result, moment._replace(place="port")) == by_exit["north"] + by_exit["ferry"]).all()
    assert (ask(result, moment._replace(place="city")) == result.at("settled", moment.time, "city")).all()
    vehicles = [ask(result, moment._replace(series="vehicles", exit=name)) for name in names]
    assert (np.sum(vehicles, axis=0) == ask(result, moment._replace(series="vehicles"))).all()
    for thing in (moment._replace(exit="on"), moment._replace(area="inside"), moment._replace(place="town")):
        assert compare_counts(result, [count(thing)])[0] == []


def test_counts_of_those_displaced_inside_are_answered_in_total_and_by_refuge(tmp_path: Path) -> None:
    """Where people may stop inside; elsewhere the run does not record it, and a check says so."""
    scenario = write_world(
        tmp_path / "world",
        24,
        places=[place("town"), place("refuge", attractiveness=1), place("out", "outside", attractiveness=1)],
        roads=[{"id": f"to_{to}", "from": "town", "to": to, "length_km": 20, "speed_kmh": 40} for to in ("refuge", "out")],
        groups=[{"id": "d", "name": "d", "transport": "own", "people_per_vehicle": 1, "fuel_litres": 0, "leave_rate": 0.2}],
        people=[{"place": "town", "group": "d", "people": 4000}],
    )  # fmt: skip
    result = run(scenario, replicates=3)
    thing = TOTAL._replace(series="displaced", time=worlds.START + timedelta(hours=20))
    assert (ask(result, thing) > 100).all()
    assert (ask(result, thing) == ask(result, thing._replace(place="refuge"))).all()
    assert (ask(result, thing) == result.at("displaced_inside", thing.time)).all()
    assert compare_counts(result, [count(thing._replace(place="town"))])[0] == []


def test_what_lies_outside_the_period_is_left_out_with_the_reason(small_result: Result) -> None:
    early = TOTAL._replace(time=END, since=START - timedelta(hours=1))
    late = TOTAL._replace(time=small_result.times[-1] + timedelta(minutes=1))
    answers, left_out = compare_counts(small_result, [count(early), count(late)])
    assert not answers
    assert [why for _, why in left_out] == ["outside the period"] * 2
