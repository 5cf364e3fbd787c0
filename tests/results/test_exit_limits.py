"""What limits each exit: by people held back, in a world with two."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from corridor.results.limits import find_exit_limits, trace_causes
from corridor.results.result import open_result
from corridor.results.run import run
from corridor.simulate.series import CAUSES, NO_EXIT
from worlds import START, two_exits

NOON = START + timedelta(hours=12)


@pytest.fixture(scope="module")
def stored(tmp_path_factory):
    folder = tmp_path_factory.mktemp("exits")
    return run(two_exits(folder / "case"), folder / "run", replicates=20)


def test_people_without_a_seat_outrank_a_queue(stored):
    """Tens of thousands who wait for a bus come before hundreds at the checkpoint, each before their own exit."""
    coast, desert = find_exit_limits(stored, NOON)
    assert (coast.exit, coast.name, coast.area) == ("coast", "coast", "outside")
    assert (desert.exit, desert.name, desert.area) == ("desert", "Desert road", "Egypt")
    assert coast.causes[0].cause == "transport"
    assert coast.causes[0].share == 1.0
    assert coast.held_back.low > 20_000
    assert desert.causes[0].cause == "checkpoint"
    assert 50 < desert.held_back.median < 9000
    assert desert.arrivals.median > 0


def test_the_answer_is_made_of_the_recorded_people(stored):
    for moment in (stored.times[3], NOON, NOON + timedelta(minutes=30), stored.times[-1]):
        for found in find_exit_limits(stored, moment):
            values = stored.at("held_back", moment, found.exit)
            assert found.held_back.median == np.median(values)
            assert sum(cause.share for cause in found.causes) + found.free == pytest.approx(1.0)
            assert all(cause.people.high <= values.max() for cause in found.causes)
            if found.exit != NO_EXIT:
                start = max(moment - timedelta(days=1), stored.times[0])
                came = stored.at("arrivals", moment, found.exit) - stored.at("arrivals", start, found.exit)
                assert found.last_day.median == np.median(came)


def test_people_without_any_way_out_are_told_apart(stored):
    found = {one.exit: one for one in find_exit_limits(stored, stored.times[-1])}
    assert [cause.cause for cause in found[NO_EXIT].causes] == ["closed"]
    assert found[NO_EXIT].held_back.median > found["coast"].held_back.median
    assert NO_EXIT not in {one.exit for one in find_exit_limits(stored, NOON)}


def test_the_course_of_the_causes_agrees_with_the_moments(stored):
    course = trace_causes(stored, "coast")
    assert course.shape == (20, len(stored.times))
    assert (course[:, 0] == -1).all()
    assert (course[:, 12] == CAUSES.index("transport")).all()


def test_a_run_kept_as_a_summary_says_what_it_can(stored, tmp_path):
    kept = run(stored.scenario, tmp_path / "kept", replicates=20, keep="summary")
    for short, whole in zip(find_exit_limits(kept, NOON), find_exit_limits(stored, NOON), strict=True):
        assert (short.exit, short.area, short.last_day) == (whole.exit, whole.area, None)
        assert short.held_back.median == pytest.approx(whole.held_back.median, rel=0.01)
        assert [cause.cause for cause in short.causes] == [cause.cause for cause in whole.causes]
        assert {cause.share for cause in short.causes} == {None}


def test_a_run_opened_again_gives_the_same_answer(stored):
    assert find_exit_limits(open_result(stored.folder), NOON) == find_exit_limits(stored, NOON)
