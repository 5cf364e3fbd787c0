"""Small forecasts of the worked cases, and the benchmarks that print how past forecasts did."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

import corridor as co
from corridor.forecast.describe import find_reached
from corridor.scenario.counts import Count, Thing
from corridor.scenario.values import Margin

sys.path.append(str(Path(__file__).parents[2] / "benchmarks"))  # after the tests: both have a module simulate
import changes

SIEGE = Path(__file__).parents[2] / "scenarios" / "mariupol-2022"


@pytest.mark.slow
def test_counts_by_exit_are_learnt_from_and_expected() -> None:
    """Where every count is of one exit or place, each is read, and later ones are answered in their newest vintage."""
    case, moment = co.read(SIEGE), datetime(2022, 3, 17, 18)
    found = co.forecast(case, moment, parameters="as-of-17-march", replicates=6, effort=co.Effort(100))
    asked = {count["exit"] for count in found.document["counts"]}
    assert {"buses_east", "vasylivka-zaporizhzhia"} <= asked
    assert found.document["left_out"] == []
    later = found.expect_counts()
    assert min(entry.count.thing.time for entry in later) > moment
    assert all(np.isfinite(entry.ensemble).all() for entry in later)
    totals = [entry for entry in later if entry.count.thing.exit == "buses_east" and entry.count.thing.since is None]
    assert min(entry.ensemble.min() for entry in totals) >= 300  # more than 300 had come by 6 March


def test_running_totals_reach_no_less_than_they_had() -> None:
    """The greatest end that counts left open below, by what is counted; people lodged may become fewer."""
    time = datetime(2031, 5, 1)

    def count(series: str, value: float | None, low: float | None = None, since: datetime | None = None) -> Count:
        thing = Thing(series, "", "", "", since, time)
        return Count(thing, value, low, None, Margin(5.0, is_share=False), "stated", time)

    known = [count("arrivals", 100.0), count("arrivals", None, 90.0), count("arrivals", 300.0, None, time)]
    known += [count("lodged", 50.0), count("vehicles", None, 40.0)]
    assert find_reached(known) == {("arrivals", "", ""): 95.0, ("vehicles", "", ""): 35.0}


def test_days_on_which_a_flow_changed_are_counted_either_way() -> None:
    """A rise by more than half and the fall back to where it was are both changes; what stays is none."""
    begin = [datetime(2031, 5, day) for day in range(1, 7)]
    flows = [(a, b, pace) for a, b, pace in zip(begin, begin[1:], (10.0, 10.0, 16.0, 10.0, 12.0), strict=False)]
    pairs = list(changes.pair_days(flows))
    assert pairs == [(10.0, 10.0), (10.0, 16.0), (16.0, 10.0), (10.0, 12.0)]
    assert [changes.has_changed(both) for both in pairs] == [False, True, True, False]


@pytest.mark.slow
@pytest.mark.parametrize("name", changes.CASES)
def test_the_share_of_days_with_a_change_is_printed(name: str) -> None:
    """There is a row for each kind of exit, and no share beyond the whole."""
    rows = list(changes.tabulate(name))
    assert any("**all**" in row for row in rows)
    assert all(0 <= changed <= pairs for pairs, changed in changes.count_changes(name).values())
