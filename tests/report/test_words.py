"""Numbers in words: never more digits than are known, never another number."""

from __future__ import annotations

import re
from datetime import datetime
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor.report.pictures.labels import outside, overlap
from corridor.report.pictures.lines import stack_labels
from corridor.report.sentences import say_range, take_range
from corridor.report.zone import write_zone
from corridor.words.rounding import round_about, round_number, step_of
from corridor.words.said import Chance, Moment
from corridor.words.writing import write

NUMBER = re.compile(r"\d[\d,]*\.?\d*")


@given(st.lists(st.floats(0.01, 1e9), min_size=1, max_size=3))
def test_rounding_is_within_the_range_it_stands_for(values: list[float]) -> None:
    """Rounding moves no number by more than half a step, and a step is at most a sixth of the width or 1 in 100."""
    step = step_of(values)
    assert step <= max((max(values) - min(values)) / 6.3, max(values) / 99.9)
    for value in values:
        assert abs(float(round_number(value, step).replace(",", "")) - value) <= step / 2 * (1 + 1e-6)


@given(st.floats(1, 1e8), st.floats(0.01, 2))
def test_a_range_shows_at_most_three_digits(middle: float, spread: float) -> None:
    """Three significant digits at most, and low, middle and high in order."""
    values = middle * np.exp(spread * np.linspace(-1, 1, 101))
    found = [float(n.replace(",", "")) for n in NUMBER.findall(write(take_range(values)).replace("9 in 10", ""))]
    assert found[0] >= found[-2] >= 0 if len(found) > 1 else True
    assert found[-1] >= found[0]
    assert len(f"{found[-1]:.0f}".rstrip("0")) <= 3


def test_ranges_read_as_a_person_would_say_them() -> None:
    """Written out once, so that a reader sees the form."""
    values = np.linspace(31_234, 71_234, 1001)
    said = write(say_range("answer.inside", values))
    assert said == "51,000 people are still inside (9 in 10 chance between 33,000 and 69,000)"
    assert write(say_range("answer.inside", np.full(9, 1234.0))) == "1,230 people are still inside"
    nobody = say_range("answer.inside", np.zeros(9), none="answer.inside.nobody")
    assert write(nobody) == "nobody is inside"
    hours = say_range("answer.wait.hours", np.linspace(2, 3, 11), 0.1)
    assert write(hours) == "2.5 hours (9 in 10 chance between 2.0 and 3.0)"
    assert write(take_range(values)) == "51,000 (9 in 10: 33,000 to 69,000)"


def test_words_for_chances_and_times() -> None:
    """A count of ten, or of a hundred near the ends; never certainty from a share below one."""
    assert write(Chance(0.0)) == "in none of the runs"
    assert write(Chance(0.004)) == "in 1 % of the runs"
    assert write(Chance(0.42)) == "in 4 of 10 runs"
    assert write(Chance(0.999)) == "in 99 % of the runs"
    assert write(Chance(1.0)) == "in all runs"
    assert write(Moment(datetime(2023, 9, 4, 6))) == "4 September 06:00"
    assert round_about(26_677) == "27,000"
    assert round_about(0.0) == "0"


@given(st.lists(st.tuples(st.floats(0, 10), st.floats(0.1, 3)), max_size=25))
def test_labels_in_a_row_do_not_touch(labels: list[tuple[float, float]]) -> None:
    """Stacked labels never overlap within a row."""
    labels = sorted(labels)
    rows = stack_labels([place for place, _ in labels], [width for _, width in labels], 0.05)
    for row in set(rows):
        here = [label for label, r in zip(labels, rows, strict=True) if r == row]
        for (place, width), (following, _) in pairwise(here):
            assert place + width + 0.05 <= following + 1e-12


def test_boxes_overlap_by_the_area_they_share() -> None:
    """Side by side, corner over corner, one in the other."""
    assert overlap((0, 0, 2, 2), (2, 0, 4, 2)) == 0
    assert overlap((0, 0, 2, 2), (1, 1, 3, 3)) == 1
    assert outside((0, 0, 2, 2), (0, 0, 1, 2)) == pytest.approx(2)


def test_a_zone_without_a_change_of_clocks_is_told_as_people_say_it() -> None:
    """The names of the database count the other way round: "Etc/GMT-2" is two hours ahead."""
    zones = ("Etc/GMT-2", "Etc/GMT+10", "UTC", "Asia/Yerevan")
    assert [write_zone(name) for name in zones] == ["UTC+2", "UTC-10", "UTC", "Asia/Yerevan"]
