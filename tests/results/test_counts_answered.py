"""What a run says of counts: totals, spans, places, areas and exits, and why it cannot say more."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corridor.results import counts as counts_module
from corridor.results.counts import compare_counts, find_columns
from corridor.results.result import Result, interpolate
from corridor.scenario.counts import Count, Thing
from corridor.simulate.series import Column, Kind, load_kinds

START = datetime(2025, 3, 1)
TOTAL = Thing("arrivals", "", "", "", None, START)
minutes = st.integers(0, 7 * 24 * 60).map(lambda n: START + timedelta(minutes=n))


def count(thing: Thing) -> Count:
    return Count(thing, 1.0, None, None, None, "stated", None)


def ask(result: Result, thing: Thing) -> np.ndarray:
    (answer,), left_out = compare_counts(result, [count(thing)])
    assert not left_out
    return answer.ensemble


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
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
        ({"exit": "bridge-border"}, [Column("arrivals")]),
        ({"exit": "border-capital"}, []),
        ({"place": "village"}, []),
        ({"area": "outside"}, []),
        ({"series": "vehicles", "place": "bridge"}, [Column("passed_vehicles", ("bridge_checkpoint",))]),
        ({"series": "vehicles", "place": "border_town"}, [Column("vehicles_arrived")]),
        ({"series": "vehicles", "place": "capital"}, []),
        ({"series": "registered", "place": "border_town"}, [Column("registered", ("border_desk",))]),
        ({"series": "registered", "area": "outside"}, [Column("registered", ("border_desk",))]),
        ({"series": "registered", "place": "capital"}, []),
        ({"series": "lodged", "area": "outside"}, [Column("lodged", ("border_town",)), Column("lodged", ("capital",))]),
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


def test_arrivals_by_exit_and_area_are_taken_as_soon_as_they_are_recorded(
    small_result: Result, monkeypatch: pytest.MonkeyPatch
) -> None:
    kinds = (*load_kinds(), *(Kind("arrivals", (by,), "people", "") for by in ("exit", "area")))
    monkeypatch.setattr(counts_module, "load_kinds", lambda: kinds)
    scenario = small_result.scenario
    roads = scenario.tables["roads"]
    second = replace(roads[0], values={**roads[0].values, "id": "ferry", "from": "town", "to": "border_town"})
    scenario = replace(scenario, tables={**scenario.tables, "roads": (*roads, second)})
    recorded = tuple(Column("arrivals", (label,)) for label in ("bridge-border", "ferry", "outside"))
    result = SimpleNamespace(
        columns=(Column("arrivals"), *recorded),
        scenario=scenario,
        manifest=small_result.manifest,
        labels=lambda name: (),
    )
    assert find_columns(result, TOTAL._replace(exit="ferry")) == (recorded[1],)
    assert find_columns(result, TOTAL._replace(area="outside")) == (recorded[2],)
    assert find_columns(result, TOTAL._replace(place="border_town")) == recorded[:2], "by the two ways that lead there"
    assert find_columns(result, TOTAL._replace(place="capital")) == ()
    assert find_columns(result, TOTAL) == (Column("arrivals"),)
    without = SimpleNamespace(**{**vars(result), "columns": (Column("arrivals"),)})
    assert find_columns(without, TOTAL._replace(exit="ferry")) == (), "of two ways out the total is neither"


def test_what_lies_outside_the_period_is_left_out_with_the_reason(small_result: Result) -> None:
    early = TOTAL._replace(time=END, since=START - timedelta(hours=1))
    late = TOTAL._replace(time=small_result.times[-1] + timedelta(minutes=1))
    answers, left_out = compare_counts(small_result, [count(early), count(late)])
    assert not answers
    assert [why for _, why in left_out] == ["outside the period"] * 2
