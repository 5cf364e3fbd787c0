"""Side by side: against the comparison of two stored runs, and by hand on numbers that are known."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

from corridor.results.beside import Side, chart_sides, explain_unpaired, take_side
from corridor.results.beside_tables import compare_sides
from corridor.results.compare import compare_results
from corridor.results.result import Result
from corridor.results.run import run
from corridor.scenario.faults import UsageError
from corridor.scenario.scenario import read_scenario
from corridor.simulate.series import Column

START = datetime(2030, 1, 1)


def make_side(seed: int = 1, start: datetime = START, **columns: Any) -> Side:
    """Return a side of three moments; a column is [replicates] at the last of them, nothing before."""
    replicates = len(next(iter(columns.values())))
    about = {"seed": seed, "start": start.isoformat(), "record_hours": 1.0, "moments": 3, "replicates": replicates}
    kept = {
        Column(*name): np.array([[0] * replicates, [0] * replicates, values]) for name, values in _read(columns).items()
    }
    without = {("town", "flour"): np.array(columns["without"])} if "without" in columns else {}
    return Side(about, frozenset(kept), kept.__getitem__, without, frozenset({"town"}))


def _read(columns: dict[str, Any]) -> dict[tuple[Any, ...], Any]:
    names = {"out": ("arrivals",), "by_road": ("arrivals/exit", ("road",)), "stay": ("at_place", ("town",))}
    return {names[name]: values for name, values in columns.items() if name in names}


END = START + timedelta(hours=2)


def test_it_says_what_the_comparison_of_two_runs_says(small_result: Result) -> None:
    """The same medians and paired differences, to the rounding."""
    folder = small_result.scenario.folder
    names = [path.stem for path in (folder / "variants").glob("*.toml")]
    other = run(read_scenario(folder, names[0]), replicates=small_result.replicates, seed=3)
    moment = small_result.times[20]
    expected = {
        (row["measure"].partition(":")[0], row["exit"] or ""): row
        for row in compare_results(small_result, other, [moment])["differences"]
        if row["time"] == moment.isoformat()
    }
    sides = [take_side(result, ["town"]) for result in (small_result, other)]
    told = compare_sides(sides, moment)
    compared = 0
    for row in [*told["totals"], *told["exits"]]:
        same = expected.get((row["measure"], row["of"]))
        if same is not None:
            first, second = row["cells"]
            assert_allclose([first["range"][1], second["range"][1]], [same["first"], same["second"]], atol=0.5)
            assert_allclose(second["more"], [same["q05"], same["difference"], same["q95"]], atol=0.5)
            assert_allclose(second["higher"], same["share_higher"], atol=1e-3)
            compared += 1
    assert compared >= 5


def test_pairs_are_replicates_of_the_same_luck() -> None:
    """The difference is taken pair by pair; of a side with more replicates only those that the first has too."""
    first, second = make_side(out=[10, 20, 30]), make_side(out=[11, 21, 31, 900, 900])
    cell = compare_sides([first, second], END)["totals"][0]["cells"][1]
    assert cell["more"] == [1, 1, 1]
    assert (cell["higher"], cell["lower"]) == (1, 0)
    assert chart_sides([first, second])["charts"]["arrivals"]["more"] == [
        None,
        {"q05": [0, 0, 1], "q50": [0, 0, 1], "q95": [0, 0, 1]},
    ]


@pytest.mark.parametrize(
    ("name", "other"),
    [("seed", {"seed": 2}), ("start", {"start": START + timedelta(hours=1)})],
)
def test_what_does_not_pair_is_shown_alone(name: str, other: dict[str, Any]) -> None:
    first, second = make_side(out=[10, 20], by_road=[9, 9]), make_side(out=[11, 21], by_road=[1, 1], **other)
    assert explain_unpaired(first, second)["name"] == name  # type: ignore[index]
    told = compare_sides([first, second], END)
    assert all("more" not in cell for row in told["totals"] for cell in row["cells"])
    assert told["less"] == [None, None]


def test_the_moments_that_all_have() -> None:
    sides = [make_side(out=[1]), make_side(out=[1], start=START + timedelta(hours=1))]
    assert chart_sides(sides)["times"] == ["2030-01-01T01:00", "2030-01-01T02:00"]
    with pytest.raises(UsageError, match="no two moments"):
        chart_sides([sides[0], make_side(out=[1], start=START + timedelta(days=1))])


def test_who_gets_less() -> None:
    """Fewer out by an exit, more left at a place, longer without: where it is so in three of four pairs."""
    first = make_side(out=[9] * 4, by_road=[9] * 4, stay=[5] * 4, without=[1] * 4)
    worse = make_side(out=[9] * 4, by_road=[8, 8, 8, 9], stay=[6, 6, 6, 5], without=[2, 2, 2, 1])
    unsure = make_side(out=[9] * 4, by_road=[8, 8, 9, 10], stay=[6, 6, 5, 4], without=[2, 2, 1, 0])
    less = compare_sides([first, worse, unsure], END)["less"]
    assert sorted(row["measure"] for row in less[1]) == ["arrivals/exit", "at_place", "without"]
    assert less[2] == []


def test_an_exit_that_only_one_side_has() -> None:
    """It is one that nobody uses in the other."""
    told = compare_sides([make_side(out=[1, 1]), make_side(out=[1, 1], by_road=[7, 7])], END)
    row = next(row for row in told["exits"] if row["measure"] == "arrivals/exit")
    assert [cell["range"][1] for cell in row["cells"]] == [0, 7]


def test_a_summary_has_no_replicates_to_compare(small_result: Result) -> None:
    with pytest.raises(UsageError, match="summary"):
        take_side(replace(small_result, manifest=small_result.manifest | {"keep": "summary"}), [])
