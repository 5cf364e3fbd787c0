"""Fitting on counts: what is read, what is found, and that a run repeats the fitted course."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from corridor.forecast.fit import Effort, choose_counts, fit_scenario, next_power, resample
from corridor.results.run import run
from corridor.scenario.faults import FaultsError, UsageError
from corridor.scenario.scenario import read_scenario
from corridor.simulate.compile import compile_model
from corridor.simulate.fitted import read_fitted, write_fitted

UNTIL = datetime(2025, 3, 4, 8)
COUNTS = """time,series,place,value,status
2025-03-03T20:00,arrivals,,2500,stated
2025-03-04T08:00,arrivals,,5500,stated
2025-03-05T08:00,arrivals,,{later},stated
"""


def write_counts(folder: Path, later: int) -> None:
    """Give the small scenario two counts to fit on and a later one."""
    (folder / "observations" / "arrivals.csv").write_text(COUNTS.format(later=later))


@pytest.mark.slow
def test_a_fit_moves_towards_its_counts_and_never_reads_later_ones(small_folder: Path, tmp_path: Path) -> None:
    """Rule 17: fitted runs pass near the counts; another later count changes not one byte of the draws."""
    files = []
    for later in (9000, 100):
        write_counts(small_folder, later)
        scenario = read_scenario(small_folder)
        fit = fit_scenario(scenario, "", UNTIL, ["arrivals"], Effort(80, 300, 1), seed=4)
        files.append(tmp_path / f"{later}.csv")
        write_fitted(files[-1], fit.fitted, ["test"])
    assert files[0].read_bytes() == files[1].read_bytes()
    free = run(scenario, tmp_path / "free", replicates=60)
    with (small_folder / "scenario.toml").open("a") as settings:
        settings.write('default_set = "fitted"\n[sets.fitted]\ntitle = "Fitted"\nknown_until = 2025-03-04\n')
        settings.write('fitted_until = 2025-03-04T08:00:00\nfitted_series = "arrivals"\ndraws = "fitted/f.csv"\n')
    (small_folder / "fitted").mkdir()
    shutil.copy(files[0], small_folder / "fitted" / "f.csv")
    fitted = run(read_scenario(small_folder), tmp_path / "fitted", replicates=60)
    spread = {
        name: np.abs(result.at("arrivals", UNTIL) - 5500).mean()
        for name, result in (("free", free), ("fitted", fitted))
    }
    assert spread["fitted"] < 0.5 * spread["free"]


def test_nothing_to_fit_is_said_in_words(small_folder: Path) -> None:
    """Without counts in the time there is a sentence, not an empty sample."""
    with pytest.raises(UsageError, match="nothing to fit"):
        fit_scenario(read_scenario(small_folder), "", datetime(2025, 3, 1, 1), ["arrivals"], Effort(50, 200))


def test_a_count_left_out_is_named_with_its_reason_and_none_is_later_than_the_set_may_know(small_folder: Path) -> None:
    """By place, rounded, over a span, more than: each is told; a fit beyond known_until is refused."""
    (small_folder / "observations" / "arrivals.csv").write_text(
        "time,since,series,place,value,low,status,published\n"
        "2025-03-03T20:00,,arrivals,,2500,,stated,2025-03-03\n"
        "2025-03-03T20:00,,arrivals,,2600,,stated,2025-03-04\n"
        "2025-03-03T20:00,,arrivals,,2700,,stated,2025-03-05\n"
        "2025-03-04T08:00,,arrivals,,,5000,stated,2025-03-04\n"
        "2025-03-04T07:00,,arrivals,,5000,,rounded,2025-03-04\n"
        "2025-03-04T08:00,2025-03-03T20:00,arrivals,,3000,,stated,2025-03-04\n"
        "2025-03-04T08:00,,arrivals,capital,3000,,stated,2025-03-04\n"
        "2025-03-04T08:00,,registered,,3000,,stated,2025-03-04\n"
        "2025-03-04T06:00,,arrivals,,4000,,stated,2025-03-05\n"
        "2025-03-05T08:00,,arrivals,,9000,,stated,2025-03-05\n"
    )
    with (small_folder / "scenario.toml").open("a") as settings:
        settings.write('default_set = "f"\n[sets.f]\ntitle = "F"\nknown_until = 2025-03-04\n')
    scenario = read_scenario(small_folder)
    model = compile_model(scenario, "f")
    counts = choose_counts(scenario, model, "f", UNTIL, ["arrivals"])
    assert counts.values.tolist() == [2600], "the vintage of the day, not that of the day after"
    assert sorted(why.split(" ")[0] for _, why in counts.left_out) == ["a", "a", "a", "its", "not"]
    with pytest.raises(UsageError, match="later than the set f may know"):
        choose_counts(scenario, model, "f", datetime(2025, 3, 5, 12), ["arrivals"])
    with pytest.raises(UsageError, match="6 left out: its series"):
        choose_counts(scenario, model, "f", UNTIL, ["vehicles"])


def test_a_damaged_file_of_draws_is_a_fault(small_folder: Path) -> None:
    """A hand-made file is refused with a code."""
    with (small_folder / "scenario.toml").open("a") as settings:
        settings.write('default_set = "f"\n[sets.f]\ntitle = "F"\nknown_until = 2025-03-04\ndraws = "fitted/f.csv"\n')
        settings.write("fitted_until = 2025-03-04T08:00:00\n")
    (small_folder / "fitted").mkdir()
    (small_folder / "fitted" / "f.csv").write_text("seed,nothing\n1,2\n")
    with pytest.raises(FaultsError) as error:
        read_fitted(read_scenario(small_folder), "f")
    assert error.value.faults[0].code == "bad_draws"


def test_the_next_power_keeps_half_of_the_sample() -> None:
    """The tempering step leaves the effective sample that was asked for, or goes to 1 when it can."""
    generator = np.random.default_rng(1)
    agreement = -0.5 * generator.normal(0, 30, 1000) ** 2
    power = next_power(agreement, 0.0, 500)
    weights = np.exp(agreement * power)
    assert weights.sum() ** 2 / (weights**2).sum() == pytest.approx(500, rel=0.01)
    assert next_power(np.zeros(1000), 0.3, 500) == 1.0


def test_resampling_keeps_proportions() -> None:
    """Systematic resampling gives each index its share, to one."""
    weights = np.array([0.5, 0.25, 0.125, 0.125])
    counts = np.bincount(resample(weights, 80, np.random.default_rng(2)), minlength=4)
    assert np.abs(counts - 80 * weights).max() <= 1
