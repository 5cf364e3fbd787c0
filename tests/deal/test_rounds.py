"""Rounds: the position valid at a date, what opened or closed a range, and proposals against the positions of their day."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import corridor as co
from corridor.deal.acceptance import find_refusals
from corridor.deal.parties import Issue
from corridor.deal.read import take_deal
from corridor.deal.rounds import Round, find_decisive
from corridor.deal.screens import screen_range
from corridor.scenario.draft import Row
from corridor.scenario.talks import take_valid

from .examples import make_issue, make_position

FIRST = datetime(2025, 1, 1)
DAY = st.one_of(st.none(), st.integers(0, 30))
MOVE = st.tuples(st.integers(0, 3), DAY, st.integers(0, 100), st.integers(0, 100))


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> co.Scenario:
    folder = tmp_path_factory.mktemp("rounds") / "case"
    co.create(folder, like="talks")
    return co.read(folder)


def find_position(answer: co.DealAnswer, issue: str, actor: str) -> float:
    return next(lever["position"] for lever in answer[issue]["who"] if lever["actor"] == actor)


@pytest.mark.parametrize(
    ("day", "upper"), [("2025-04-01", 15.0), ("2025-04-02", 30.0), ("2025-05-20", 30.0), (None, 30.0)]
)
def test_the_position_of_the_day_counts(case: co.Scenario, day: str | None, upper: float) -> None:
    assert find_position(co.deal(case, as_of=day), "flow", "upper") == upper


def test_the_answer_of_a_day_is_that_of_a_folder_which_ends_then(case: co.Scenario, tmp_path: Path) -> None:
    co.create(tmp_path / "case", like="talks")
    for name, column in (("positions.csv", 2), ("proposals.csv", 2)):
        lines = (tmp_path / "case" / name).read_text().splitlines()
        kept = [
            line for line in lines if line.startswith(("#", "issue", "proposal")) or line.split(",")[column] < "2025-03"
        ]
        (tmp_path / "case" / name).write_text("\n".join(kept) + "\n")
    asked = {**co.deal(case, as_of="2025-02-28").document, "as_of": None, "scenario": ""}
    assert asked == {**co.deal(co.read(tmp_path / "case")).document, "scenario": ""}


def test_the_range_opened_and_through_whom(case: co.Scenario) -> None:
    course = co.deal(case)["gauges"]["rounds"]["rounds"]
    assert [(one["date"], one["range"]) for one in course] == [(None, "empty"), ("2025-05-14", "wide")]
    told = " ".join(course[1]["says"])
    assert "a range opened, 45 to 80" in told
    assert "without the change of Upper bank" in told
    assert "the lender offers to pay" in told
    assert co.deal(case, as_of="2025-05-13")["gauges"]["rounds"] is None


def test_a_day_before_anything_is_told(case: co.Scenario) -> None:
    late = case.edit(
        {"remove": {"positions": ["flow/upper", "gauges/upper", "gauges/lender", "flow/lender", "flow/users"]}}
    )
    with pytest.raises(co.UsageError, match="two actors with weight"):
        co.deal(late, as_of="2025-01-01")


def test_a_contradiction_between_word_and_number_is_told(case: co.Scenario) -> None:
    changed = case.edit(
        {"change": {"proposals": {"fixed-share/flow": {"accepted_by": "upper", "refused_by": "lower"}}}}
    )
    (told,) = [p for p in co.deal(changed).document["proposals"] if p["proposal"] == "fixed-share"]
    says = " ".join(told["points"][0]["says"])
    assert "Upper bank accepted what" in says
    assert "Lower bank refused what" in says
    assert "Upper bank accepted what" not in str(co.deal(case))


def make_row(actor: str, day: int | None, position: int) -> Row:
    date = None if day is None else FIRST + timedelta(days=day)
    return Row("positions", "positions.csv", 0, {"issue": "q", "actor": actor, "date": date, "position": position})


@given(moves=st.lists(MOVE, max_size=12), until=st.integers(0, 30))
def test_of_an_actors_rows_the_latest_by_then_holds(moves: list[tuple[int, int | None, int, int]], until: int) -> None:
    rows = {(who, day): make_row(f"a{who}", day, place) for who, day, place, _ in moves}
    held = {row["actor"]: row for row in take_valid(rows.values(), FIRST + timedelta(days=until))}
    for who in range(4):
        by_then = [day for w, day in rows if w == who and (day is None or day <= until)]
        dated = [day for day in by_then if day is not None]
        if by_then:
            assert held[f"a{who}"] is rows[who, max(dated) if dated else None]
        else:
            assert f"a{who}" not in held


STATE = st.tuples(st.integers(0, 100), st.integers(0, 100))


def make_state(numbers: list[tuple[int, int]]) -> Issue:
    return make_issue(*(make_position(f"a{k}", str(x), "50", "10", str(q), True) for k, (x, q) in enumerate(numbers)))


@settings(max_examples=60)
@given(before=st.lists(STATE, min_size=3, max_size=3), after=st.lists(STATE, min_size=3, max_size=3))
def test_a_range_turns_with_all_the_changes_and_not_without_a_decisive_one(
    before: list[tuple[int, int]], after: list[tuple[int, int]]
) -> None:
    """Whether a point is left is asked point by point, not through the screen's own ends."""

    def is_open(numbers: list[tuple[int, int]]) -> bool:
        return any(all(abs(point / 2 - x) <= 100 - q for x, q in numbers) for point in range(201))

    changed = tuple(f"a{k}" for k in range(3) if before[k] != after[k])
    one, other = Round(FIRST, make_state(before), ()), Round(FIRST, make_state(after), changed)
    decisive = find_decisive(one, other)
    if is_open(before) == is_open(after):
        assert not decisive
        return
    for k in range(3):
        without = [*after[:k], before[k], *after[k + 1 :]]
        assert (f"a{k}" in decisive) == (f"a{k}" in changed and is_open(without) == is_open(before))


def test_advice_of_every_day_keeps_its_own_screens(case: co.Scenario) -> None:
    """Moves and swaps of each round end where those whose consent is needed accept, by the positions of that day."""
    for day in ("2025-01-01", "2025-04-02", "2025-05-14"):
        answer = co.deal(case, as_of=day)
        held = {issue.id: issue for issue in take_deal(case, "", case.read_moment(day)).issues}
        assert {issue.id for issue in answer.issues} == set(held)
        for part in answer.document["issues"]:
            positions = held[part["issue"]].positions
            for lever in part["who"]:
                if lever["move"]:
                    assert not find_refusals(positions, lever["move"]["centre_after"])
            zone = screen_range(positions).central
            for move in part["whether"]["centre"]["brought_inside_by"]:
                assert zone.low - 1e-9 <= move["centre_after"] <= zone.high + 1e-9
        for swap in answer.document["swaps"]["best"]:
            assert not find_refusals(held[swap["issue"]].positions, swap["centre_after"])
            assert not find_refusals(held[swap["in_return"]].positions, swap["centre_after_in_return"])
        assert replace(held["flow"], positions=()).parties == ()
