"""The published cases beside runs of Flee itself."""

from __future__ import annotations

import numpy as np
import pytest
from tests.flee.folders import CASES, find_data

from corridor.flee.compare import compare_case, draw_comparison


def test_a_short_comparison_agrees(tmp_path):
    comparison = compare_case(find_data() / "mali2012", 12)
    figures = comparison.summarise()
    assert figures["within"] > 0.95
    assert figures["error_ours"] == pytest.approx(figures["error_flee"], abs=0.01)
    draw_comparison(comparison, tmp_path / "mali.png")
    assert (tmp_path / "mali.png").stat().st_size > 10_000


PUBLISHED = {"burundi2015": 0.536, "mali2012": 0.362, "ssudan2013": 0.542, "car2013": 0.433}  # Flee, rescaled


@pytest.mark.parametrize("case", CASES)
def test_the_error_is_the_one_that_flee_prints(case):
    """Over the whole period, within 0.01 of Flee's published means; the last two with every tenth person."""
    figures = compare_case(find_data() / case, 10).summarise()
    assert figures["error_ours"] == pytest.approx(PUBLISHED[case], abs=0.01)
    assert figures["error_flee"] == pytest.approx(PUBLISHED[case], abs=0.01)


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_200_runs_have_flees_distribution(case):
    """98 % of camp-days within the larger of 3 standard errors and 0.5 %; spread within a factor of 1.5."""
    comparison = compare_case(find_data() / case, 200)
    figures = comparison.summarise()
    assert figures["within"] >= 0.98
    assert figures["largest_share"] <= 0.01  # on days with more than 1,000 people in camps
    assert 1 / 1.5 < figures["spread"] < 1.5
    assert np.isfinite(comparison.difference).all()
