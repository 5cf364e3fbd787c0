"""Sealed forecasts of counts: read back as sealed, scored on what came true, and no change goes unseen."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import corridor as co
from command import call
from corridor.deal.ledger import score_ledger as score_deals
from corridor.forecast.crps import measure_quantile_crps
from corridor.forecast.pool import pool_scores
from corridor.forecast.sealed import LEVELS, choose_moments, describe_forecast, seal_forecast
from corridor.forecast.sealed_score import score_ledger, was_sealed_before
from corridor.forecast.unsealed import read_sealed
from corridor.results.counts import compare_counts
from corridor.scenario.chain import append_record, read_records
from corridor.scenario.counts import known_counts, read_counts
from corridor.scenario.faults import FaultsError, UsageError

HEAD = "time,since,series,place,area,exit,value,low,high,error,status,published\n"
EARLY = """2025-03-03T08:00,,arrivals,,,,300,,,,stated,2025-03-03
2025-03-04T08:00,,arrivals,,,,1200,,,,stated,2025-03-04T09:00
"""
LATER = """2025-03-04T20:30,,arrivals,,,,4000,,,10%,stated,2025-03-04T21:00
2025-03-05T08:00,,arrivals,,,,5000,,,,stated,2025-03-05
2025-03-06T08:00,,arrivals,,,bridge-border,,6000,,,stated,2025-03-06
2025-03-06T08:00,,arrivals,,outside,,7000,,,,stated,
2025-03-06T08:00,2025-03-05T08:00,arrivals,,,,2000,,,,stated,2025-03-06
2025-03-06T20:00,2025-03-05T08:00,arrivals,,,,3000,,,,stated,2025-03-06
2025-03-20T08:00,,arrivals,,,,9000,,,,stated,2025-03-20
"""
AS_OF = datetime(2025, 3, 4, 12)
SOON = datetime(2025, 3, 4, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, short_case: Path) -> dict[str, Any]:
    """Return a case with the counts known at noon of 4 March, a run of it, and what is sealed of that."""
    import shutil

    folder = tmp_path_factory.mktemp("sealed") / "case"
    shutil.copytree(short_case, folder)
    settings = folder / "scenario.toml"
    settings.write_text(settings.read_text().replace('end = "2025-03-05', 'end = "2025-03-08'))
    (folder / "observations" / "arrivals.csv").write_text(HEAD + EARLY)
    case = co.read(folder)
    result = co.run(case, replicates=40, seed=3).result
    leaving = result.at("arrivals", result.times[-1])
    said = describe_forecast(result, AS_OF, known_counts(case, "", AS_OF), leaving, "a plain run", case.start)
    (folder / "observations" / "arrivals.csv").write_text(HEAD + EARLY + LATER)
    return {"folder": folder, "case": co.read(folder), "before": case, "result": result, "said": said}


@pytest.fixture
def ledger(world: dict[str, Any], tmp_path: Path) -> Path:
    path = tmp_path / "forecasts.jsonl"
    seal_forecast(path, world["said"], SOON)
    return path


def test_what_is_sealed_is_plain_whole_and_made_of_what_was_known(world: dict[str, Any], ledger: Path) -> None:
    (record,) = read_records(ledger)
    assert json.loads(json.dumps(world["said"])) == {k: v for k, v in record.items() if k in world["said"]}
    assert len(record["levels"]) >= 21
    assert {(e["series"], e["area"], e["exit"]) for e in record["series"]} >= {
        ("arrivals", "", ""),
        ("vehicles", "", ""),
        ("registered", "", ""),
        ("arrivals", "outside", ""),
        ("arrivals", "", "bridge-border"),
    }
    assert all(isinstance(q, int) for e in record["series"] for row in e["quantiles"] for q in row)
    assert [known["value"] for known in record["known"]] == [300, 1200]
    again = describe_forecast(
        co.run(world["case"], replicates=2, seed=3).result,
        AS_OF,
        (),
        np.zeros(3),
        "with the later counts in the folder",
    )
    assert again["read_sha256"] == record["read_sha256"], "a count that was not known changes nothing that was read"
    assert again["case_sha256"] != record["case_sha256"]


def test_moments_are_hourly_then_six_hourly_to_the_end() -> None:
    times = [datetime(2025, 3, 1) + timedelta(minutes=30 * k) for k in range(48 * 6 + 2)]
    found = list(choose_moments(times, datetime(2025, 3, 2, 0, 10)))
    assert found[0] == datetime(2025, 3, 2)
    assert found[-1] == times[-1]
    apart = {(b - a, a >= datetime(2025, 3, 5, 0, 0)) for a, b in pairwise(found[:-1])}
    assert apart == {(timedelta(hours=1), False), (timedelta(hours=6), True)}
    with pytest.raises(UsageError, match="nothing is forecast after"):
        list(choose_moments(times, times[-1]))


def test_quantiles_are_those_of_the_replicates(world: dict[str, Any], ledger: Path) -> None:
    sealed = read_sealed(read_records(ledger)[0], 1)
    for moment in (AS_OF, datetime(2025, 3, 5, 7), datetime(2025, 3, 7, 12)):
        wanted = np.quantile(world["result"].at("arrivals", moment), LEVELS)
        np.testing.assert_allclose(sealed.at(("arrivals", "", "", ""), moment), wanted, atol=0.5)
    halfway = sealed.at(("arrivals", "", "", ""), datetime(2025, 3, 5, 7, 30))
    ends = [sealed.at(("arrivals", "", "", ""), datetime(2025, 3, 5, hour)) for hour in (7, 8)]
    np.testing.assert_allclose(halfway, (ends[0] + ends[1]) / 2)


def test_scores_are_of_what_came_true_and_of_nothing_else(world: dict[str, Any], ledger: Path) -> None:
    found = score_ledger(ledger, world["case"])
    assert [(e.by, e.value, e.stated, e.counted) for e in found.scored] == [
        ("", 4000, "number", "total"),
        ("", 5000, "number", "total"),
        ("", 2000, "number", "span"),
        ("exit", 6000, "ends", "total"),
        ("area", 7000, "number", "total"),
    ]
    assert sorted({entry["reason"] for entry in found.left_out}) == [
        "only spans of 24 hours are sealed, where the case counted any, and of all arrivals",
        "outside of what was sealed",
    ]
    counts = [c for c in read_counts(world["case"], "") if c.thing.time > AS_OF and c.is_point]
    ensembles = {e.count.number: e.ensemble for e in compare_counts(world["result"], counts)[0]}
    for entry in found.scored:
        if entry.stated == "number":  # the quantiles say what the replicates do, as far as 23 of them can
            quantiles = np.quantile(ensembles[entry.value], LEVELS)
            error = 400.0 if entry.value == 4000 else 0.0
            exact = measure_quantile_crps(np.array(LEVELS), quantiles, entry.value, error)
            assert entry.crps == pytest.approx(exact, abs=20)
            assert entry.error == pytest.approx(abs(np.median(ensembles[entry.value]) - entry.value), abs=60)
    keys = {"series", "lead", "crps", "coverage_90", "naive_day", "best_naive", "skill", "n", "moments", "sealed"}
    assert all(keys <= set(row) for row in pool_scores(found.scored))


def test_what_was_sealed_after_the_outcome_is_marked(world: dict[str, Any], ledger: Path) -> None:
    """At 12:00 UTC of 4 March nothing later was out; two days later only what no one had published."""
    assert {e.sealed for e in score_ledger(ledger, world["case"]).scored} == {"before"}
    seal_forecast(ledger, world["said"], SOON + timedelta(days=1))
    found = score_ledger(ledger, world["case"])
    assert [e.sealed for e in found.scores[1]] == ["after", "after", "before", "before", "before"]
    assert [(r["before"], r["after"]) for r in found.records] == [(5, 0), (3, 2)]
    assert {row["sealed"] for row in pool_scores(found.scored)} == {"before", "after"}


def test_a_day_of_publication_does_not_stand_in_the_forecasts_favour(world: dict[str, Any]) -> None:
    """Published on 5 March, no hour said: a forecast sealed at its noon may have known it."""
    from zoneinfo import ZoneInfo

    (day,) = (c for c in read_counts(world["case"], "") if c.value == 5000)
    zone = ZoneInfo("Etc/UTC")
    assert was_sealed_before(datetime(2025, 3, 5, 7, 59, tzinfo=UTC), day, zone), "it was not even counted"
    assert not was_sealed_before(datetime(2025, 3, 5, 12, tzinfo=UTC), day, zone)
    assert not was_sealed_before(datetime(2025, 3, 5, 7, 59, tzinfo=UTC), day, ZoneInfo("Etc/GMT-4"))


def test_each_line_tampered_with_is_seen(world: dict[str, Any], ledger: Path) -> None:
    for more in (1, 2):
        seal_forecast(ledger, world["said"], SOON + timedelta(hours=more))
    lines = ledger.read_bytes().splitlines(keepends=True)
    for index, line in enumerate(lines):
        changed = line.replace(b'"method":"a plain run"', b'"method":"a plain ruse"')
        assert changed != line
        for broken, code in ((changed, "ledger_changed"), (b"", "ledger_order"), (line[:-1], "")):
            ledger.write_bytes(b"".join([*lines[:index], broken, *lines[index + 1 :]]))
            if broken == b"" and index == len(lines) - 1:
                continue  # cut off at the end: only a hash kept elsewhere tells
            with pytest.raises(FaultsError) as caught:
                score_ledger(ledger, world["case"])
            assert caught.value.exit_code == 4
            assert caught.value.faults[0].row == index + 1
            assert code in ("", caught.value.faults[0].code)


def test_a_forged_line_with_its_hash_put_right_breaks_the_line_after_it(world: dict[str, Any], ledger: Path) -> None:
    """Of the last line nothing but a hash that was kept elsewhere tells."""
    for more in (1, 2):
        seal_forecast(ledger, world["said"], SOON + timedelta(hours=more))
    lines, last = ledger.read_bytes().splitlines(keepends=True), score_ledger(ledger, world["case"]).last_sha256
    for index, line in enumerate(lines):
        forged = {key: value for key, value in json.loads(line).items() if key != "sha256"} | {"seed": 4}
        plain: dict[str, Any] = {"sort_keys": True, "ensure_ascii": False, "separators": (",", ":")}
        forged["sha256"] = hashlib.sha256(json.dumps(forged, **plain).encode()).hexdigest()
        ledger.write_bytes(
            b"".join([*lines[:index], json.dumps(forged, **plain).encode() + b"\n", *lines[index + 1 :]])
        )
        if index == len(lines) - 1:
            assert score_ledger(ledger, world["case"]).last_sha256 == forged["sha256"] != last
            continue
        with pytest.raises(FaultsError) as caught:
            score_ledger(ledger, world["case"])
        assert [(f.code, f.row) for f in caught.value.faults] == [("ledger_order", index + 2)]


def test_a_record_that_is_no_forecast_is_told_and_never_a_traceback(world: dict[str, Any], tmp_path: Path) -> None:
    """Whoever can seal can seal nonsense: a whole chain does not make it a forecast."""
    said = json.loads(json.dumps(world["said"]))
    series = said["series"][0]
    wrong: list[dict[str, Any]] = [
        {key: value for key, value in said.items() if key != "moments"},
        said | {"moments": said["moments"][::-1]},
        said | {"moments": ["soon"] * len(said["moments"])},
        said | {"levels": [0.5]},
        said | {"levels": said["levels"][::-1]},
        said | {"leaving": []},
        said | {"leaving": ["many"]},
        said | {"series": [series | {"quantiles": series["quantiles"][:-1]}]},
        said | {"series": [series | {"quantiles": [row[::-1] for row in series["quantiles"]]}]},
        said | {"series": 3},
        said | {"series": [series | {"last_day": [[1]]}]},
        said | {"known": [{"series": "arrivals"}]},
        said | {"as_of": None},
    ]
    for index, content in enumerate(wrong):
        path = tmp_path / f"{index}.jsonl"
        append_record(path, content, SOON)
        with pytest.raises(FaultsError) as caught:
            score_ledger(path, world["case"])
        assert [(f.code, f.row) for f in caught.value.faults] == [("ledger_not_a_forecast", 1)], content
        assert caught.value.exit_code == 4


def test_a_ledger_of_another_case_and_one_shared_with_a_deal(
    world: dict[str, Any], ledger: Path, tmp_path: Path
) -> None:
    append_record(ledger, {"forecasts": {}, "input_sha256": "x", "outcome_known": "no"}, SOON)
    assert score_ledger(ledger, world["case"]).other_records == 1
    assert score_deals(read_records(ledger), {"road": 1.0}) == []
    foreign = tmp_path / "foreign.jsonl"
    append_record(foreign, world["said"] | {"case": "elsewhere"}, SOON)
    with pytest.raises(UsageError, match=r"holds no forecast of .*: it holds forecasts of counts for elsewhere"):
        score_ledger(foreign, world["case"])
    deals = tmp_path / "deals.jsonl"
    append_record(deals, {"forecasts": {}}, SOON)
    with pytest.raises(UsageError, match="1 records, none of counts"):
        score_ledger(deals, world["case"])


@pytest.mark.slow
def test_the_command_tells_scores_faults_and_that_nothing_has_come_true(
    world: dict[str, Any], ledger: Path, tmp_path: Path
) -> None:
    done = call("score", world["folder"], "--ledger", ledger, "--json")
    assert done.code == 0, done.stderr
    document = json.loads(done.stdout)
    assert document["records"][0]["before"] == 5
    assert len(document["counts"]) == 5
    words = call("score", world["folder"], "--ledger", ledger).stdout
    assert "sealed before the count" in words
    assert "scored on 5 counts published afterwards" in words
    (world["folder"] / "observations" / "arrivals.csv").write_text(HEAD + EARLY)
    nothing = call("score", world["folder"], "--ledger", ledger)
    (world["folder"] / "observations" / "arrivals.csv").write_text(HEAD + EARLY + LATER)
    assert nothing.code == 0
    assert "there is nothing to score" in nothing.stdout
    assert call("score", world["folder"], "--ledger", tmp_path / "none.jsonl").code == 2
    assert call("score", world["folder"], "--ledger", ledger, "--counts").code == 2
    assert call("score", world["folder"], "--report", tmp_path / "x.html").code == 2
    ledger.write_bytes(ledger.read_bytes().replace(b"plain", b"plane"))
    broken = call("score", world["folder"], "--ledger", ledger)
    assert broken.code == 4
    assert "ledger_changed" in broken.stdout + broken.stderr
    assert "Traceback" not in broken.stderr


@pytest.mark.slow
def test_a_run_seals_what_it_expects_as_of_what_its_set_may_know(small_folder: Path, tmp_path: Path) -> None:
    """The moment is that of the set unless given; a set that may know more makes no forecast of an earlier moment."""
    (small_folder / "observations" / "arrivals.csv").write_text(HEAD + EARLY + LATER)
    plain, path = co.run(co.read(small_folder), replicates=5, seed=1), tmp_path / "l.jsonl"
    with pytest.raises(UsageError, match="say as of when"):
        plain.seal(path)
    assert plain.seal(path, "2025-03-04T12:00")["as_of"] == AS_OF.isoformat()
    settings = small_folder / "scenario.toml"
    known = 'default_set = "s"\n[sets.s]\ntitle = "S"\nknown_until = 2025-03-05T12:00:00\n'
    settings.write_text(settings.read_text() + known)
    run = co.run(co.read(small_folder), replicates=5, seed=1)
    record = run.seal(path)
    assert (record["as_of"], record["parameters"]) == ("2025-03-05T12:00:00", "s")
    assert [known["value"] for known in record["known"]] == [300, 1200, 4000], "5,000 was out at the end of the day"
    with pytest.raises(UsageError, match="may know what was published up to"):
        run.seal(path, AS_OF)
    board = co.score_ledger(path, co.read(small_folder))
    assert [r["before"] for r in board.records] == [0, 0], "sealed today, long after"
    assert board.report(tmp_path / "past.html")["records"] == list(board.records)
    text = (tmp_path / "past.html").read_text()
    assert "may have known it: such rows are no evidence of skill" in text
    assert str(record["sha256"]) in text
