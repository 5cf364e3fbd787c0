"""What users of Flee have there: out.csv and links.out, who came from where, rules of their own, a sweep of settings."""

from __future__ import annotations

import csv
import json
from dataclasses import replace

import numpy as np
import pytest
from tests.flee.folders import LOCATIONS, ROUTES, SETTINGS, make_folder

import corridor as co
from command import call
from corridor.flee.compile import compile_folder
from corridor.flee.measure import measure_error, split_error
from corridor.flee.origins import follow_origins
from corridor.flee.out_files import write_out
from corridor.flee.read import read_folder
from corridor.flee.rules import FleeRules
from corridor.flee.run import run_model
from corridor.results.result import open_result
from corridor.scenario.faults import UsageError

CHAIN = "#n\nA,r,H,0,0,conflict_zone,0,10000\nB,r,H,0,1,town,,\nC,r,F,0,2,camp,,99999\n"


def _make_chain(path):
    """A zone, a town that everybody leaves at once, and a camp that nobody leaves: 150 km at 100 km a day each."""
    return make_folder(
        path, days=20, locations=CHAIN, routes="#r\nA,B,150\nB,C,150\n", closures="#c\n",
        conflicts="#Day,A\n" + "0,1\n" * 20, data_layout="total,total.csv\nC,far.csv\n",
        simsetting="move_rules:\n  max_move_speed: 100\n  camp_movechance: 0.0\n  default_movechance: 1.0\n"
        "  conflict_weight: 0.0\n",
    )  # fmt: skip


def test_out_csv_is_read_as_flees_own_script_reads_it(tmp_path):
    """Names of camps from the columns that end in " sim", each day rescaled to the registered: the error is ours."""
    model = compile_folder(read_folder(make_folder(tmp_path / "case")))
    write_out(model, tmp_path / "out", 1, seed=4)
    with (tmp_path / "out/out.csv").open() as file:
        rows = list(csv.DictReader(file))
    camps = [name.removesuffix(" sim") for name in rows[0] if name.endswith(" sim")]
    column = {name: np.array([float(row[name]) for row in rows]) for name in rows[0] if name != "Date"}
    registered, here = column["refugees in camps (UNHCR)"], column["refugees in camps (simulation)"]
    wrong = sum(
        np.abs(column[f"{c} sim"] * np.where(here > 0, registered / np.maximum(here, 1), 0) - column[f"{c} data"])
        for c in camps
    )
    run = run_model(model, 1, seed=4)
    expected = measure_error(run.in_camps[0], model.observed)
    assert np.mean(wrong / np.maximum(registered, 1)) == pytest.approx(expected)
    np.testing.assert_array_equal(column["total refugees (simulation)"], run.created[0])
    assert [rows[0]["Date"], rows[0]["Day"]] == ["2020-01-02", "0"]


def _read_as_flees_scripts_do(path):
    """Numbers by column as Flee's scripts take out.csv: as latin-1, indexed by Day."""
    with (path / "out.csv").open(encoding="latin1", newline="") as file:
        rows = list(csv.DictReader(file))
    return {name: np.array([float(row[name]) for row in rows]) for name in rows[0] if name != "Date"}


@pytest.mark.parametrize("truncated", [False, True])
def test_the_errors_of_flees_plots_come_from_our_files(tmp_path, truncated):
    """Camps whose names have blanks, commas and accents; plot_flee_output.py cuts rescaled people to whole ones."""
    renamed = {"Near": "Nyaragongo, old camp", "Far": "Yida á l’est"}
    files = {"locations": LOCATIONS, "routes": ROUTES, "data_layout": "total,total.csv\nNear,near.csv\nFar,far.csv\n"}
    for old, new in renamed.items():
        files = {name: text.replace(old, f'"{new}"') for name, text in files.items()}
    model = compile_folder(read_folder(make_folder(tmp_path / "case", days=40, **files)))
    write_out(model, tmp_path, 1, seed=4)
    column = _read_as_flees_scripts_do(tmp_path)
    camps = [" ".join(name.split()[:-1]) for name in column if " sim" in name and "numAgents" not in name]
    assert len(camps) == 2
    registered, here = column["refugees in camps (UNHCR)"], column["refugees in camps (simulation)"]
    rescaled = [column[f"{c} sim"] * np.where(here > 0, registered / np.maximum(here, 1), 0) for c in camps]
    cut = [np.trunc(people) if truncated else people for people in rescaled]
    people = np.maximum(registered, 1)
    error = sum(np.abs(now - column[f"{c} data"]) / people for now, c in zip(cut, camps, strict=True)).mean()
    plain = sum(np.abs(column[f"{c} sim"] - column[f"{c} data"]) / people for c in camps).mean()
    measures = run_model(model, 1, seed=4).summarise()["measures"]
    assert error == pytest.approx(measures["error_rescaled"], abs=2 / 40 if truncated else 1e-9)
    assert plain == pytest.approx(measures["error_not_rescaled"])
    raw, total = column["raw UNHCR refugee count"], column["Total error"]
    assert total[-1] == pytest.approx(
        sum(abs(column[f"{c} sim"][-1] - column[f"{c} data"][-1]) for c in camps) / raw[-1]
    )
    assert {"total refugees (simulation)", "refugee_debt"} <= set(column)


def test_links_out_joins_the_places_that_a_film_of_it_draws(tmp_path):
    """Flee's film takes lines without an empty cell and both ends' places by name from locations.csv."""
    make_folder(tmp_path / "case")
    write_out(compile_folder(read_folder(tmp_path / "case")), tmp_path, 1, seed=4)
    with (tmp_path / "case/input_csv/locations.csv").open() as file:
        names = {row["#name"] for row in csv.DictReader(file)}
    with (tmp_path / "links.out.0").open() as file:
        rows = list(csv.DictReader(file))
    assert all(all(row.values()) and {row["start_location"], row["end_location"]} <= names for row in rows)
    assert [int(row["#time"]) for row in rows] == sorted(int(row["#time"]) for row in rows)
    assert max(int(row["cum_num_agents"]) for row in rows) > 0


def test_links_out_counts_all_who_set_foot_on_a_link(tmp_path):
    """On a chain without a way back the people beyond a link are those who entered it, less those still on it."""
    model = compile_folder(read_folder(_make_chain(tmp_path / "case")))
    write_out(model, tmp_path / "out", 1, seed=4)
    with (tmp_path / "out/links.out.0").open() as file:
        rows = list(csv.DictReader(file))
    entered = {(row["start_location"], row["end_location"]): int(row["cum_num_agents"]) for row in rows[-4:]}
    run = run_model(model, 1, seed=4)
    created, (_, town, camp) = run.created[0, -1], run.at_place[0, -1]
    assert len(rows) == 20 * 4
    assert {row["attribute"] for row in rows} == {"total"}
    assert entered["B", "C"] <= entered["A", "B"] <= created
    assert entered["A", "B"] - entered["B", "A"] >= camp + town - model.world.places["initial"].sum()
    assert entered["C", "B"] == 0


@pytest.mark.slow
def test_repeats_lie_as_fabflee_keeps_them_and_are_not_written_over(tmp_path):
    make_folder(tmp_path / "case")
    words = ["flee", "run", str(tmp_path / "case"), "--seeds", "3,4", "--flee-out", str(tmp_path / "out")]
    assert call(*words).code == 0
    assert {path.parent.name for path in (tmp_path / "out/RUNS").glob("*/out.csv")} == {"case_1", "case_2"}
    assert call(*words).code == 2
    assert call(*words, "--replace").code == 0


@pytest.mark.slow
def test_origins_add_up_to_the_people_at_each_place(tmp_path):
    folder = read_folder(make_folder(tmp_path))
    found = follow_origins(compile_folder(folder, by_origin=True), 40, seed=2, every=10)
    plain = run_model(compile_folder(folder), 200, seed=7)
    assert found.days == [0, 10, 20, 29]
    assert set(found.origins) <= {"War", "Later", "Near", "Far"}
    ours, theirs = found.people.sum(axis=1), plain.at_place[:, found.days]
    error = np.sqrt(theirs.var(axis=0, ddof=1) * (1 / 40 + 1 / 200))
    assert (np.abs(ours[:, :-1] - theirs.mean(axis=0)) <= 4.5 * error + 1.0).all()
    np.testing.assert_allclose(ours.sum(axis=1), plain.created[0, found.days])


@pytest.mark.slow
def test_days_outside_camps_are_the_evenings_outside_over_all_who_began(tmp_path):
    """150 km twice at 100 km a day: two evenings on the road, fewer for those under way; nothing of it is chance."""
    model = compile_folder(read_folder(_make_chain(tmp_path)), by_origin=True)
    found, plain = follow_origins(model, 3, seed=2), run_model(model, 1)
    begun = plain.created[0] - plain.created[0, 0]
    evenings = (plain.created[0] - plain.at_place[0, :, 2])[1:].sum()
    assert found.on_the_way[found.origins.index("A")] == pytest.approx(evenings / begun[-1])
    assert 1.5 < evenings / begun[-1] <= 2.0
    assert call("flee", "origins", str(tmp_path), "--out", str(tmp_path / "o.csv")).code == 0
    assert (tmp_path / "o.csv").read_text().startswith("day,origin,destination,people,days_on_the_way")


@pytest.mark.slow
def test_rules_that_say_what_flee_says_change_no_byte(tmp_path):
    model = compile_folder(read_folder(make_folder(tmp_path)))
    same = FleeRules(move_chance=lambda today: today.move_chance)
    own = run_model(replace(model, rules=same), 3, seed=5, workers=2)
    np.testing.assert_array_equal(own.at_place, run_model(model, 3, seed=5).at_place)


def test_own_rules_see_todays_crowd_and_are_obeyed(tmp_path):
    model = compile_folder(read_folder(make_folder(tmp_path)))
    seen = []

    def stay_where_there_are_many(today):
        seen.append(today.people.sum())
        return np.where(today.people > 100, 0.0, today.move_chance)

    nobody_to_near = FleeRules(weight=lambda t: np.where(np.arange(len(t.places)) == t.at("Near"), 0.0, t.weight))
    ten = FleeRules(begin=lambda today: np.where(np.arange(len(today.places)) == 0, 10.0, 0.0))
    run = run_model(replace(model, rules=FleeRules(move_chance=stay_where_there_are_many)), 1)
    assert seen == [40, *run.at_place[0, :-1].sum(axis=1)]
    avoided, begun = (run_model(replace(model, rules=rules), 5) for rules in (nobody_to_near, ten))
    assert avoided.at_place[:, :, 5].max() <= 40
    assert (begun.created == 40 + 10 * np.arange(1, 31)).all()
    for wrong in (lambda _: -1.0, lambda _: [1, 2], lambda _: 1 / 0):
        with pytest.raises(UsageError, match="move_chance"):
            run_model(replace(model, rules=FleeRules(move_chance=wrong)), 1)


@pytest.mark.slow
def test_a_run_by_own_rules_is_kept_under_their_source(tmp_path, monkeypatch):
    make_folder(tmp_path / "case")
    (tmp_path / "stay_rules.py").write_text(
        "import corridor as co\n\n\ndef stay(today):\n    return today.move_chance * 0.5\n\n\n"
        "def go(today):\n    return today.move_chance\n\n\n"
        "rules, others = co.FleeRules(move_chance=stay), co.FleeRules(move_chance=go)\n"
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    words = ["flee", "run", "case", "--replicates", "2", "--out", "run", "--rules"]
    first = call(*words, "stay_rules:rules", "--json")
    assert first.code == 0, first.stderr
    kept = open_result(tmp_path / "run").manifest["flee"]["rules"]
    assert kept["move_chance"]["function"] == "stay_rules.stay"
    assert call(*words, "stay_rules:rules", "--json").stdout == first.stdout
    assert call(*words, "stay_rules:others").code == 2
    assert call(*words[:-1]).code == 2


@pytest.mark.slow
def test_a_kept_run_has_the_briefing_of_a_flee_run(tmp_path):
    make_folder(tmp_path / "case", simsetting=SETTINGS + "optimisations:\n  hasten: 2\n")
    run = str(tmp_path / "run")
    ran = call("flee", "run", str(tmp_path / "case"), "--replicates", "3", "--out", run, "--json")
    told = call("report", run, "--json")
    assert told.code == 0, told.stderr
    known = json.loads(ran.stdout)
    assert {name: json.loads(told.stdout)[name] for name in known} == known
    assert "Flee" in (tmp_path / "run/report.html").read_text()
    assert call("report", run, "--one-page", "--quick").code == 0


def test_a_table_of_settings_is_run_row_by_row(tmp_path):
    make_folder(tmp_path / "case")
    (tmp_path / "runs.csv").write_text("max_move_speed,move_rules.awareness_level\n100,1\n200,2\n")
    done = co.sweep_flee(co.read_flee(tmp_path / "case"), tmp_path / "runs.csv", replicates=2)
    assert done.runs == 2
    fast = co.run_flee(co.read_flee(tmp_path / "case"), 2).summarise()["measures"]["error_rescaled"]
    (tmp_path / "same.csv").write_text("max_move_speed\n200\n")
    same = co.sweep_flee(co.read_flee(tmp_path / "case"), tmp_path / "same.csv", replicates=2)
    assert same.rows[0]["error_rescaled"] == pytest.approx(fast)
    (tmp_path / "wrong.csv").write_text("setting,low,high\nmax_move_sped,1,2\n")
    assert call("flee", "sweep", str(tmp_path / "wrong.csv"), str(tmp_path / "case")).code == 2


@pytest.mark.slow
@pytest.mark.parametrize("method", ["morris", "sobol"])
def test_a_setting_that_nothing_reads_has_no_effect_and_one_that_matters_has(tmp_path, method):
    pytest.importorskip("SALib")
    make_folder(tmp_path / "case", locations=LOCATIONS, routes=ROUTES)
    (tmp_path / "s.csv").write_text("setting,low,high\ncamp_weight,0.1,5\nmax_crossing_speed,10,30\n")
    done = co.sweep_flee(co.read_flee(tmp_path / "case"), tmp_path / "s.csv", method, samples=8, replicates=2)
    size = {"morris": "mu_star", "sobol": "ST"}[method]
    effect = {row["setting"].rsplit(".", 1)[-1]: row[size] for row in done.rows}
    assert effect["max_crossing_speed"] == pytest.approx(0.0, abs=1e-12)
    assert effect["camp_weight"] > 0.0


@pytest.mark.slow
def test_the_briefing_of_a_run_shows_every_camp_and_parts_that_add_up(tmp_path):
    make_folder(tmp_path / "case")
    run = co.run_flee(co.read_flee(tmp_path / "case"), 5)
    parts = split_error(run.in_camps, run.model.observed)
    assert parts.sum() == pytest.approx(run.summarise()["measures"]["error_rescaled"])
    for language, word in (("en", "Who came from where"), ("fr", "Qui est venu d’où")):
        page = tmp_path / f"{language}.html"
        words = ["--replicates", "5", "--report", str(page), "--language", language]
        done = call("flee", "run", str(tmp_path / "case"), *words)
        assert done.code == 0, done.stderr
        text = page.read_text()
        assert word in text
        assert text.count("<svg") == 2
        assert "http" not in text.replace("http-equiv", "")


def test_import_says_what_it_keeps_and_what_not(tmp_path):
    make_folder(tmp_path / "case")
    done = call("flee", "import", str(tmp_path / "case"), str(tmp_path / "new"))
    assert done.code == 0
    assert "kept: 7 places that a road reaches, 8 roads" in done.stdout
    assert "not kept: capacities of camps" in done.stdout
    assert "move_rules.start_on_foot" in done.stdout
