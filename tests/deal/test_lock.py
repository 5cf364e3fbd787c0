"""One writer at a time, with and without a lock of the system."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from corridor.deal import lock
from corridor.deal.ledger import read_ledger, seal_forecasts
from corridor.scenario.faults import UsageError

from .test_ledger import make_deal


def test_a_file_beside_lets_one_in_at_a_time(tmp_path):
    path = tmp_path / "count"
    path.write_text("0")

    def add(times):
        for _ in range(times):
            with lock.hold_beside(path):
                path.write_text(str(int(path.read_text()) + 1))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(add, [50] * 4))
    assert path.read_text() == "200"
    assert [p.name for p in tmp_path.iterdir()] == ["count"]


def test_a_lock_left_behind_is_named(tmp_path):
    (tmp_path / "count.lock").touch()
    with (
        pytest.raises(TimeoutError, match=r"count\.lock .*remove it"),
        lock.hold_beside(tmp_path / "count", 0.05),
    ):
        pytest.fail("held twice")


def test_sealing_without_a_lock_of_the_system(tmp_path, monkeypatch):
    monkeypatch.setattr(lock, "CAN_LOCK", False)
    ledger, deal = tmp_path / "ledger.jsonl", make_deal()
    for _ in range(2):
        seal_forecasts(ledger, deal, deal.issues, datetime.now(UTC))
    assert len(read_ledger(ledger)) == 2
    assert [p.name for p in tmp_path.iterdir()] == ["ledger.jsonl"]
    monkeypatch.setattr(lock, "PATIENCE", 0.05)
    (tmp_path / "ledger.jsonl.lock").touch()
    with pytest.raises(UsageError, match="somebody else is writing"):
        seal_forecasts(ledger, deal, deal.issues, datetime.now(UTC))
