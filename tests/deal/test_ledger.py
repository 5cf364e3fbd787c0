"""The sealed ledger: what was sealed can be read and scored, and no change to it goes unseen."""

from __future__ import annotations

import json
import multiprocessing
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from filelock import FileLock

from corridor.deal.forecast import forecast_issue
from corridor.deal.ledger import score_ledger, seal_forecasts, summarise_scores
from corridor.deal.parties import Deal
from corridor.scenario import chain
from corridor.scenario.chain import START, read_records
from corridor.scenario.faults import FaultsError, UsageError

from .examples import make_issue, make_position

NOON = datetime(2023, 9, 22, 12, tzinfo=UTC)


def make_deal(place: str = "30") -> Deal:
    issue = make_issue(make_position("north", place), make_position("south", "80"))
    return Deal(tuple(p.actor for p in issue.positions), (issue,))


def seal(ledger, place="30", **more):
    deal = make_deal(place)
    return seal_forecasts(ledger, deal, deal.issues, NOON, **more)


@pytest.fixture
def ledger(tmp_path):
    path = tmp_path / "forecasts.jsonl"
    for place in ("10", "30", "50"):
        seal(path, place)
    return path


def test_records_chain_and_say_what_was_forecast(ledger):
    records = read_records(ledger)
    assert records[0]["previous_sha256"] == START
    assert [r["previous_sha256"] for r in records[1:]] == [r["sha256"] for r in records[:-1]]
    assert records[1]["input_sha256"] == make_deal("30").fingerprint()
    sealed = records[1]["forecasts"]["road"]["forecast"]
    assert sealed["centre"] == forecast_issue(make_deal("30").issues[0]).centre


def test_time_is_kept_in_universal_time(tmp_path):
    deal, local = make_deal(), datetime(2023, 9, 22, 16, tzinfo=timezone(timedelta(hours=4)))
    record = seal_forecasts(tmp_path / "l", deal, deal.issues, local, "analyst", "no")
    assert record["sealed_at"] == "2023-09-22T12:00:00+00:00"
    assert (record["supplied_by"], record["outcome_known"]) == ("analyst", "no")
    with pytest.raises(ValueError, match="time zone"):
        seal_forecasts(tmp_path / "l", deal, deal.issues, datetime(2023, 9, 22))


def test_any_changed_byte_is_seen(ledger):
    content = ledger.read_bytes()
    for place in range(0, len(content), 37):
        changed = bytearray(content)
        changed[place] ^= 1
        ledger.write_bytes(bytes(changed))
        with pytest.raises(FaultsError) as caught:
            read_records(ledger)
        assert caught.value.exit_code == 4


@pytest.mark.parametrize("order", [(1, 2), (0, 2), (1, 0, 2), (0, 1, 1, 2)])
def test_removed_moved_or_repeated_records_are_seen(ledger, order):
    lines = ledger.read_bytes().splitlines(keepends=True)
    ledger.write_bytes(b"".join(lines[k] for k in order))
    with pytest.raises(FaultsError) as caught:
        read_records(ledger)
    assert caught.value.faults[0].code == "ledger_order"


@pytest.mark.parametrize("cut", [1, 2, 20, 300])
def test_a_write_cut_short_is_seen_and_sealing_again_goes_on(ledger, cut):
    before = ledger.read_bytes()
    ledger.write_bytes(before[:-cut])
    with pytest.raises(FaultsError) as caught:
        read_records(ledger)
    assert caught.value.faults[0].code == "ledger_unfinished"
    assert caught.value.faults[0].row == 3
    seal(ledger)
    kept = (
        before if cut == 1 else b"".join(before.splitlines(keepends=True)[:2])
    )  # a record that lacks only its end is whole
    assert ledger.read_bytes().startswith(kept)
    assert len(read_records(ledger)) == kept.count(b"\n") + 1


def test_a_ledger_that_is_none(tmp_path):
    with pytest.raises(UsageError, match="cannot read"):
        read_records(tmp_path / "missing")
    with pytest.raises(UsageError, match="cannot read"):
        seal(tmp_path)
    text = tmp_path / "notes.txt"
    for content in (
        b"hello\n",
        b"{}\n",
        b"[]\n",
        b"\xff\xfe\n",
        b'{"sha256": NaN}\n',
        b"[" * 100_000 + b"\n",
    ):
        text.write_bytes(content)
        with pytest.raises(FaultsError):
            read_records(text)


def _seal_some(path):
    for _ in range(5):
        seal(path)


@pytest.mark.slow
def test_two_who_seal_at_once_do_not_break_the_chain(tmp_path):
    path = tmp_path / "shared.jsonl"
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_seal_some, args=(path,)) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(read_records(path)) == 10


def test_a_ledger_in_other_hands_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(chain, "_PATIENCE", 0.05)
    with FileLock(tmp_path / ".l.jsonl.lock"), pytest.raises(UsageError, match="somebody else is writing"):
        seal(tmp_path / "l.jsonl")


def test_scores_against_outcomes(ledger):
    seal(ledger, "70", outcome_known="yes")
    scored = score_ledger(read_records(ledger), {"road": 60.0, "elsewhere": 1.0})
    for place, entry in zip(("10", "30", "50", "70"), scored, strict=True):
        forecast = forecast_issue(make_deal(place).issues[0])
        assert entry.miss == pytest.approx(abs(forecast.centre - 60))
        assert entry.score == pytest.approx(forecast.score(60.0))
        assert entry.miss_of_50 == 10.0
        assert entry.inside_80 == (forecast.interval(0.8)[0] <= 60 <= forecast.interval(0.8)[1])
    summary = summarise_scores([entry for entry in scored if entry.outcome_known == "unknown"])
    assert summary["forecasts"] == 3
    assert summary["mean_absolute_error"] == pytest.approx((15 + 5 + 5) / 3)
    assert summarise_scores([]) == {"forecasts": 0}
    assert score_ledger(read_records(ledger), {}) == []


def test_fingerprint_follows_the_content_and_not_the_order():
    deal = make_deal()
    issue = deal.issues[0]
    turned = Deal(deal.actors[::-1], (replace(issue, positions=issue.positions[::-1]),))
    assert turned.fingerprint() == deal.fingerprint()
    assert make_deal("31").fingerprint() != deal.fingerprint()


def test_each_line_is_json_without_surprises(ledger):
    for line in ledger.read_text(encoding="utf-8").splitlines():
        assert set(json.loads(line)) == {
            "sealed_at",
            "corridor",
            "input_sha256",
            "supplied_by",
            "outcome_known",
            "forecasts",
            "previous_sha256",
            "sha256",
        }
