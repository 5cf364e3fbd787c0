"""A run kept in a folder is an ordinary result, and is taken up again; an imported folder is a clean scenario."""

from __future__ import annotations

import numpy as np
import pytest
from tests.flee.folders import CASES, LOCATIONS, ROUTES, SETTINGS, find_data, make_folder

from corridor.flee import store
from corridor.flee.compile import compile_folder
from corridor.flee.convert import name_ids, write_scenario
from corridor.flee.read import read_folder
from corridor.flee.run import run_model
from corridor.forecast.score import score_result
from corridor.front.briefing import write_report
from corridor.front.cases import check
from corridor.results.compare import compare_results
from corridor.results.padded import FLEE_LACKS, pad_run
from corridor.results.result import open_result
from corridor.results.store import part_path
from corridor.scenario.faults import FaultsError, UsageError


@pytest.mark.slow
def test_a_kept_run_is_the_run(tmp_path, monkeypatch):
    monkeypatch.setattr(store, "BATCH", 3)
    folder = read_folder(make_folder(tmp_path / "flee"))
    model = compile_folder(folder)
    kept = store.keep_run(folder, model, tmp_path / "run", 7, seed=2, workers=2)
    plain = run_model(model, 7, seed=2)
    np.testing.assert_array_equal(kept.at_place, plain.at_place)
    np.testing.assert_array_equal(kept.on_road, plain.on_road)
    result = open_result(tmp_path / "run")
    headings = result.take("inside") + result.take("on_roads") + result.take("arrivals")
    np.testing.assert_array_equal(headings, plain.created)
    np.testing.assert_array_equal(np.sum(list(result.take_all("on_road").values()), axis=0), plain.on_road)
    assert score_result(result)


@pytest.mark.slow
def test_a_run_is_taken_up_again(tmp_path, monkeypatch):
    monkeypatch.setattr(store, "BATCH", 2)
    folder = read_folder(make_folder(tmp_path / "flee"))
    model = compile_folder(folder)
    store.keep_run(folder, model, tmp_path / "run", 6, seed=2)
    before = [part_path(tmp_path / "run", part).read_bytes() for part in range(3)]
    part_path(tmp_path / "run", 1).unlink()
    done = []
    store.keep_run(folder, model, tmp_path / "run", 6, seed=2, progress=done.append)
    assert done == [2, 3]
    assert [part_path(tmp_path / "run", part).read_bytes() for part in range(3)] == before
    with pytest.raises(UsageError):
        store.keep_run(folder, model, tmp_path / "run", 6, seed=3)


@pytest.mark.slow
def test_a_damaged_run_is_told_and_made_good(tmp_path, monkeypatch):
    monkeypatch.setattr(store, "BATCH", 2)
    folder = read_folder(make_folder(tmp_path / "flee"))
    model, run = compile_folder(folder), tmp_path / "run"
    whole = store.keep_run(folder, model, run, 6, seed=2)
    assert whole.made_anew == ()
    kept = [part_path(run, part).read_bytes() for part in range(3)]
    part_path(run, 0).write_bytes(kept[1])
    (run / "summary.parquet").write_bytes(kept[1][:100])
    (run / "manifest.json").write_text("{}")
    with pytest.raises(FaultsError, match="damaged_run"):
        open_result(run)
    (run / "manifest.json").unlink()
    found = store.keep_run(folder, model, run, 6, seed=2)
    assert found.made_anew == (str(part_path(run, 0)), str(run / "summary.parquet"))
    assert [part_path(run, part).read_bytes() for part in range(3)] == kept
    np.testing.assert_array_equal(found.at_place, whole.at_place)
    assert score_result(open_result(run))
    other = compile_folder(folder, repaired=True)
    with pytest.raises(UsageError, match="holds another run"):
        store.keep_run(folder, other, run, 6, seed=2)


def test_an_imported_folder_checks_clean(tmp_path):
    write_scenario(read_folder(make_folder(tmp_path / "flee")), tmp_path / "new")
    assert [fault for fault in list(check(tmp_path / "new").faults) if fault.severity == "error"] == []
    with pytest.raises(UsageError):
        write_scenario(read_folder(tmp_path / "flee"), tmp_path / "new")


@pytest.mark.parametrize("case", CASES)
def test_published_cases_import_clean(tmp_path, case):
    write_scenario(read_folder(find_data() / case), tmp_path / "new")
    assert [fault for fault in list(check(tmp_path / "new").faults) if fault.severity == "error"] == []


def test_ids_are_all_different():
    ids = name_ids(["Port-au-Prince", "Port au Prince", "3 Rivers", "", "Ñ"])
    assert len(set(ids)) == 5
    assert all(name[0].isalpha() for name in ids)


def test_a_kept_run_names_its_settings(tmp_path):
    folder = read_folder(make_folder(tmp_path / "flee"))
    store.keep_run(folder, compile_folder(folder, repaired=True), tmp_path / "run", 2, seed=2)
    kept = open_result(tmp_path / "run").manifest["flee"]
    assert kept["repaired"] is True
    assert kept["settings"]["move_rules.default_movechance"] == 0.4
    assert "move_rules.softening" not in kept["settings"]


def test_a_kept_run_holds_no_series_that_flees_day_lacks_and_has_a_briefing(tmp_path):
    folder = read_folder(make_folder(tmp_path / "flee"))
    store.keep_run(folder, compile_folder(folder), tmp_path / "run", 3, seed=2)
    result = open_result(tmp_path / "run")
    assert {series.name for series in result.series} == {
        "arrivals", "at_place", "created", "inside", "on_road", "on_roads", "settled",
    }  # fmt: skip
    assert not any(result.has(name) for name in FLEE_LACKS)
    padded = pad_run(result)
    assert (padded.take("queue_km") == 0).all()
    np.testing.assert_array_equal(padded.take("inside"), result.take("inside"))
    with pytest.raises(UsageError):
        padded.take("no_such_series")
    assert write_report(result, quick=True, one_page=True)


@pytest.mark.slow
def test_two_kept_runs_are_compared_place_by_place(tmp_path):
    folder = read_folder(make_folder(tmp_path / "flee"))
    weak = read_folder(
        make_folder(tmp_path / "weak", simsetting=SETTINGS.replace("camp_weight: 2.0", "camp_weight: 0.2"))
    )
    for read, name in ((folder, "a"), (weak, "b")):
        store.keep_run(read, compile_folder(read), tmp_path / name, 4, seed=2)
    rows = compare_results(open_result(tmp_path / "a"), open_result(tmp_path / "b"))["differences"]
    assert {row["measure"] for row in rows} == {
        "inside",
        "on_roads",
        "arrivals",
        "settled:near",
        "settled:far",
        "settled:hub",
    }
    last = {row["measure"]: row["difference"] for row in rows if row["time"] == max(r["time"] for r in rows)}
    assert last["settled:near"] + last["settled:far"] < 0


ODD = {
    "a zone that no road reaches": {
        "locations": LOCATIONS + "Alone,a,Home,1,1,conflict_zone,0,500\n",
        "conflicts": "#Day,War,Later,Alone\n" + "".join(f"{day},1,{int(9 <= day < 20)},1\n" for day in range(30)),
    },
    "a camp that no road reaches": {
        "locations": LOCATIONS + "Alone,a,Abroad,1,1,camp,,500\n",
        "data_layout": "total,total.csv\nNear,near.csv\nFar,far.csv\nAlone,near.csv\n",
    },
    "two zones with one name": {"locations": LOCATIONS + "War,a,Home,1,1,conflict_zone,0,900\n"},
    "a road to where it begins": {"routes": ROUTES + "Town,Town,9,0\n"},
    "two roads between two places": {"routes": ROUTES + "Town,Hub,70,0\nHub,Town,80,0\n"},
    "no type of Flee's": {"locations": LOCATIONS.replace("town,,", "twon,,")},
    "a conflict below nothing": {"conflicts": "#Day,War\n" + "0,-1\n" * 3 + "0,1\n" * 27},
    "a count below nothing": {"near": "2020-01-01,-40\n2020-01-11,-9\n2020-02-01,900\n"},
    "a camp for fewer than none": {"locations": LOCATIONS.replace(",600", ",-600")},
    "a redirection of the third kind": {"routes": ROUTES + "Town,Near,70,3\n"},
    "a chance above 1": {"simsetting": SETTINGS + "  conflict_movechance: 1.5\n"},
}


@pytest.mark.parametrize("odd", ODD)
def test_what_check_lets_pass_runs_and_is_kept_and_nobody_is_lost(tmp_path, odd):
    read = read_folder(make_folder(tmp_path / "flee", **ODD[odd]))
    run = store.keep_run(read, compile_folder(read), tmp_path / "run", 2, seed=2)
    assert (run.at_place.sum(axis=2) + run.on_road == run.created).all()
    assert open_result(tmp_path / "run").manifest["conservation_error"] == 0
