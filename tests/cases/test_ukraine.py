"""The worked case of many exits: it is clean, keeps everybody, is scored by exit, and its as-of sets know nothing later."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

import corridor as co
from command import call
from conserve.test_conservation import check_state
from corridor.forecast.filter import choose_counts
from corridor.scenario.counts import choose_fitted, read_counts
from corridor.simulate.compile import compile_model
from corridor.simulate.ensemble import prepare
from worlds import simulate

CASE = Path(__file__).parents[2] / "scenarios" / "ukraine-2022"
KNOWN = {"as-of-26-february": datetime(2022, 2, 26, 9), "as-of-1-march": datetime(2022, 3, 1, 9)}  # 08:00 in Warsaw
FINAL = "c_s2_"  # the final state of the page, published when all was over


@pytest.mark.slow
def test_the_folder_is_clean_and_the_evidence_holds() -> None:
    """No fault and no warning; every number names claims that exist and were told in time."""
    assert list(co.check(CASE).faults) == []
    assert call("evidence", "check", str(CASE)).code == 0


@pytest.mark.parametrize("name", KNOWN)
def test_an_as_of_set_reads_no_count_published_after_its_moment(name: str) -> None:
    """What sets numbers and the naive rule may know was published by the moment; a day means its end."""
    case = co.read(CASE)
    known, until = case.sets[name], KNOWN[name]
    assert known["known_until"] == until
    counts = read_counts(case, name)
    read = [count for count in counts if count.known_to_fit(known["fitted_until"])]
    assert read
    assert all(count.published and count.published <= until for count in read)
    assert set(choose_fitted(counts, known["fitted_series"].split(), case.start, known["fitted_until"])[0]) <= set(read)


def test_the_rows_of_an_as_of_set_rest_on_what_was_told_in_time() -> None:
    """A page that bears a day and no hour is known from the end of that day; two rules were public before their page."""
    case, public_before = co.read(CASE), {"c_foot_allowed", "c_train_lviv_przemysl"}
    said = {row["id"]: row["said_on"] for row in case.rows("claims", "")}
    for name in KNOWN:
        last = case.sets[name]["fitted_until"]
        for table in ("places", "services", "groups", "people", "passage", "checkpoints", "events", "parameters"):
            for row in (row for row in case.rows(table, name) if row.values.get("kind") != "note"):
                late = {claim for claim in row["claims"] if said[claim] and said[claim] > last}
                assert late <= public_before, (table, late)


@pytest.mark.slow
def test_the_final_series_is_truth_alone() -> None:
    """No set knows it, the replay included; it is the newest vintage of what others counted earlier."""
    case = co.read(CASE)
    for name, known in case.sets.items():
        final = [count for count in read_counts(case, name) if count.claims[0].startswith(FINAL)]
        assert len(final) > 300
        assert not any(count.known_by(known["known_until"]) for count in final)
        assert not any(count.known_to_fit(known["fitted_until"]) for count in final)


@pytest.mark.slow
def test_nobody_is_lost_in_the_first_days() -> None:
    """Cars, trains and people on foot, and men held at the border, at every step of two days."""
    simulate(compile_model(co.read(CASE), "replay"), 2, steps=24, watch=check_state)


@pytest.mark.slow
def test_a_run_keeps_people_and_is_scored_by_country_and_crossing(tmp_path: Path) -> None:
    """Every exit carries people, and counts are compared by country and by crossing."""
    done = call("run", str(CASE), "--out", str(tmp_path / "run"), "--replicates", "4")
    assert "people lost or invented: 0" in done.stdout
    run = co.open_run(tmp_path / "run")
    score = run.score()
    held_out = {(row["by"], row["label"]) for row in score["table"] if row["used"] == "held_out"}
    assert {("area", name) for name in ("poland", "slovakia", "hungary", "romania", "moldova")} <= held_out
    assert {("place", name) for name in ("medyka", "przemysl", "dorohusk", "siret", "ubla")} <= held_out
    assert score["left_out"] == []


@pytest.mark.slow
@pytest.mark.parametrize(("as_of", "hungary"), [("2022-03-10T12:00", 203_222), ("2022-03-10T20:00", 214_160)])
def test_a_forecast_learns_from_the_vintage_known_at_its_moment(as_of: str, hungary: int) -> None:
    """Hungary's sum to the end of 8 March was given on the 9th, revised on the 10th, and put back in June."""
    case, moment = co.read(CASE), datetime.fromisoformat(as_of)
    read = [count for count, _ in choose_counts(case, prepare(case, "replay", 1), moment)[0]]
    everything = read_counts(case, "replay")
    assert read
    for count in read:
        published = [other.published for other in everything if other.thing == count.thing]
        known = [time for time in published if time and time <= moment]
        assert count.published == max(known)
    day = [count for count in everything if count.thing.time == datetime(2022, 3, 9, 1)]
    vintages = [count for count in day if count.thing.area == "hungary" and count.thing.since is None]
    assert {count.number for count in vintages} == {203_222, 214_160}
    assert [count.number for count in vintages if count in read] == [hungary]
