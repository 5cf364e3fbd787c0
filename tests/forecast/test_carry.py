"""Fitted values in a variant: moved into its ranges, otherwise left alone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from corridor.scenario.scenario import read_scenario
from corridor.scenario.values import parse_quantity
from corridor.simulate.carry import carry_over, find_chance
from corridor.simulate.fitted import read_fitted


@pytest.mark.parametrize("text", ["1..5", "2 (1..5)", "1 (1..5)", "5 (1..5)", "3 ± 40%"])
def test_the_chance_below_a_value_is_the_inverse_of_drawing(text: str) -> None:
    quantity, chances = parse_quantity(text), np.linspace(0.01, 0.99, 25)
    np.testing.assert_allclose(find_chance(quantity, quantity.take(chances)), chances, atol=1e-9)


def test_only_what_the_variant_changes_moves() -> None:
    before = {"a": parse_quantity("0.2..2"), "b": parse_quantity("1..5")}
    after = {**before, "a": parse_quantity("2.2..4")}
    table = np.array([[0.5, 2.0], [1.7, 3.0]])
    moved = carry_over(("a", "b", "gone"), np.column_stack([table, [9, 9]]), before, after)
    np.testing.assert_allclose(moved, [[2.5, 2.0, 9], [3.7, 3.0, 9]])


def test_two_more_lanes_are_two_more_in_every_fitted_course(worked_case: Path) -> None:
    fitted = [read_fitted(read_scenario(worked_case, variant), "replay") for variant in (None, "two-more-lanes")]
    if fitted[0] is None or fitted[1] is None:
        pytest.skip("the worked case has no fitted draws")
    name = fitted[0].names.index("events/opening/value")
    np.testing.assert_allclose(fitted[1].table[:, name], fitted[0].table[:, name] + 2)
    others = [i for i, other in enumerate(fitted[0].names) if not other.endswith("/value")]
    np.testing.assert_array_equal(fitted[1].table[:, others], fitted[0].table[:, others])
