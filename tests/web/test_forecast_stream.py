"""A forecast made on the page tells how far it is, gives way to a newer one, and ends when nobody listens."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from serving import Served, serve_folder, wait_until

from corridor.front.page import forecast


@pytest.fixture
def page(small_folder: Path) -> Iterator[Served]:
    with serve_folder(small_folder, load=False) as served:
        yield served


def hear(served: Served, document: Any, stop: Callable[[Any], bool] = lambda line: False) -> list[Any]:
    """Return what is told of past forecasts made anew, up to a line at which the listener goes away."""
    heard = []
    with served.client() as client, client.stream("POST", "/api/past/anew", json=document) as answer:
        for line in answer.iter_lines():
            heard.append(json.loads(line))
            if stop(heard[-1]):
                break
    return heard


@pytest.fixture
def endless(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let past forecasts every "endless" hours go on until they are dropped; others are there at once."""
    ended: list[str] = []

    def work(case: Any, every: str, parameters: Any, progress: forecast.Progress, *_: Any) -> dict[str, Any]:
        try:
            while every == "endless":
                progress("forecasts", 1, 1_000_000)
                time.sleep(0.01)
        finally:
            ended.append(every)
        return {"rows": []}

    monkeypatch.setattr(forecast, "forecast_anew", work)
    return ended


def test_a_newer_one_makes_the_older_stale(page: Served, endless: list[str]) -> None:
    first: list[Any] = []
    older = threading.Thread(target=lambda: first.extend(hear(page, {"every": "endless"})))
    older.start()
    wait_until(lambda: page.session.engine.waiting == 1)
    time.sleep(0.5)
    assert hear(page, {"every": "24h"})[-1] == {"answer": {"rows": []}}
    older.join(10)
    assert not older.is_alive()
    assert endless == ["endless", "24h"]
    assert first[0]["what"] == "forecasts"
    assert 0 < first[0]["done"] < first[0]["total"]
    assert first[-1] == {"dropped": True}


def test_it_ends_when_nobody_listens(page: Served, endless: list[str]) -> None:
    hear(page, {"every": "endless"}, stop=lambda line: True)
    wait_until(lambda: endless == ["endless"], 10)
    wait_until(lambda: page.session.engine.waiting == 0, 10)


@pytest.mark.slow
def test_many_clicks_do_not_pile_up(page: Served, endless: list[str]) -> None:
    clicks = [threading.Thread(target=hear, args=(page, {"every": "endless"})) for _ in range(12)]
    for click in clicks:
        click.start()
    time.sleep(1)
    assert hear(page, {"every": "24h"})[-1] == {"answer": {"rows": []}}
    for click in clicks:
        click.join(10)
    assert not any(click.is_alive() for click in clicks)


def test_mistakes_are_told_in_words(page: Served) -> None:
    assert "no interval" in hear(page, {"every": "often"})[-1]["error"]
    with page.client() as client:
        for wrong in ("2024-01-01", "some day", "2025-03-04T25:00"):
            answer = client.post("/api/forecast", json={"as_of": wrong})
            assert json.loads(answer.text.splitlines()[-1])["error"]


def test_the_time_that_is_left_goes_by_what_was_done() -> None:
    told: list[Any] = []
    progress = forecast.Progress(told.append, lambda: False)
    for _ in range(30):
        progress("moments", 1, 40)
        time.sleep(0.05)
    assert [line["done"] for line in told] == sorted(line["done"] for line in told)
    left = told[-1]["left_seconds"]
    assert 0.3 < left < 3  # ten more at a twentieth of a second, on a busy machine


@pytest.mark.slow
@pytest.mark.parametrize("edit", [False, True])
def test_a_later_forecast_takes_up_the_one_before(
    small_folder: Path, edit: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with serve_folder(small_folder, edit=edit, load=False) as served, served.client() as client:
        said = []
        for moment in ("2025-03-04T23:59", "2025-03-05T12:00", "2025-03-04T23:59"):
            answer = client.post("/api/forecast", json={"as_of": moment})
            said.append(json.loads(answer.text.splitlines()[-1])["answer"])
    assert [one["as_of"] for one in said] == ["2025-03-04T23:59", "2025-03-05T12:00", "2025-03-04T23:59"]
    assert said[1]["before"]["ahead"] == said[0]["ahead"]
    assert said[1]["begun_anew"] == ""
    assert said[2]["ahead"] == said[0]["ahead"]
    kept = sorted(path.name for path in (tmp_path / "runs").glob("*"))
    assert kept == ([f"my-scenario-forecast-{n}" for n in (1, 2, 3)] if edit else [])
    assert [path for path in served.session.forecasts.kept if path.exists()] == []
