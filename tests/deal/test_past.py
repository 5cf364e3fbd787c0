"""Accuracy on decided issues, with every dossier left out of the fit in turn."""

from __future__ import annotations

import json

import pytest

from corridor.deal import answer, forecast
from deal_refit import read_past_issues, refit

from .examples import find_deu_data


@pytest.fixture(scope="module")
def found():
    return refit(find_deu_data())


def test_the_data_are_all_there(found):
    assert (found["issues"], found["dossiers"]) == (351, 137)


def test_centre(found):
    errors = found["mean_absolute_error"]
    assert 22.9 <= errors["weighted_mean"] <= 23.0
    assert errors["unweighted_mean"] == pytest.approx(23.63, abs=0.005)
    assert errors["always_50"] == pytest.approx(27.96, abs=0.005)
    assert errors["weighted_median"] > errors["always_50"]  # why a median is no headline


def test_width_with_dossiers_left_out(found):
    scores = found["held_out"]
    assert 0.77 <= scores["coverage_80%"] <= 0.83
    assert scores["crps"] <= 16.1
    assert scores["mean_absolute_error"] == found["mean_absolute_error"]["weighted_mean"]


def test_shipped_constants_are_the_fitted_ones(found):
    assert found["miss_ratio"] == pytest.approx(forecast.MISS_RATIO, abs=5e-4)
    assert found["miss_ratio_equal"] == pytest.approx(forecast.MISS_RATIO_EQUAL, abs=5e-4)
    assert found["largest_share"] == pytest.approx(forecast.LARGEST_SHARE_TESTED, abs=0.005)
    stated, scores = answer.ACCURACY, found["held_out"]
    assert scores["mean_absolute_error"] == pytest.approx(stated["mean_absolute_error"], abs=0.05)
    assert scores["crps"] == pytest.approx(stated["crps"], abs=0.05)
    for share in ("right_side_of_50", "within_10_points"):
        assert scores[share] == pytest.approx(stated[share], abs=0.005)
    assert scores["coverage_80%"] == pytest.approx(stated["coverage_80"], abs=0.005)
    equal = found["held_out_equal"]["mean_absolute_error"]
    assert equal == pytest.approx(stated["mean_absolute_error_equal_weights"], abs=0.05)


def test_beyond_a_deviation_of_40_it_is_no_forecast(found):
    *_, far = found["by_deviation"]
    assert far["from"] == 100 * forecast.TOO_FAR_APART
    assert far["always_50"] - far["mean_absolute_error"] < 1.5
    for band in found["by_deviation"][:-1]:
        assert band["always_50"] - band["mean_absolute_error"] > 5


def test_the_refit_is_one_json_document(found):
    assert json.loads(json.dumps(found, allow_nan=False)) == found


def test_another_file_is_refused(tmp_path):
    path = tmp_path / "other.csv"
    path.write_text("a\tb\n1\t2\n")
    with pytest.raises(ValueError, match="columns"):
        read_past_issues(path)
