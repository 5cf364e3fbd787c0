"""A cluster is a crew like any other: every task once, errors handed on, the bytes of one machine, no dask unless asked for."""

from __future__ import annotations

import json
import math
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from tests.flee.folders import make_folder

import corridor as co
from command import call
from corridor.results import manifest
from corridor.results.cluster import Cluster
from corridor.results.crew import hire
from corridor.scenario.faults import InterruptedRunError, UsageError
from relief_world import guarded_world

KILLS = int(os.environ.get("CORRIDOR_KILLS", "1"))
pytest.importorskip("distributed", reason="the extra cluster is not installed")


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    """Return the client of two workers on this machine, begun once."""
    with hire(2, "local") as crew:
        yield crew.client  # type: ignore[attr-defined]


def read_bytes(folder: Path) -> dict[str, bytes]:
    """Return every file of a stored run that holds numbers."""
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in files.items() if path.suffix in (".parquet", ".seal", ".npz")}


@pytest.mark.slow
@pytest.mark.parametrize("keep", ["replicates", "summary"])
def test_a_run_is_that_of_one_process(client, short_case, tmp_path, keep):
    heard: list[int] = []
    for where in (client, None):
        asked = {"replicates": 150, "seed": 7, "keep": keep, "cluster": where, "progress": heard.append}
        co.run(co.read(short_case), tmp_path / str(where is None), **asked)
    there, here = (read_bytes(tmp_path / name) for name in ("False", "True"))
    assert there == here
    assert len(there) > 2
    assert sum(heard) == 300


@pytest.mark.slow
def test_runs_are_compared_as_in_one_process(client, short_case, tmp_path):
    case = co.read(short_case)
    runs = [co.run(case, tmp_path / f"{seed}", replicates=20, seed=7) for seed in range(2)]
    assert co.compare(*runs, cluster=client).document == co.compare(*runs).document


@pytest.mark.slow
def test_a_forecast_is_that_of_one_process(client, short_case, tmp_path, monkeypatch):
    islands, apart = import_module("corridor.forecast.islands"), list[int]()
    monkeypatch.setattr(islands, "ISLAND", 30)
    monkeypatch.setattr(islands, "WORTH", 1)
    monkeypatch.setattr(islands, "join", lambda *given, join=islands.join: apart.append(1) or join(*given))
    effort, case = co.Effort(100), co.read(short_case)
    found = [
        co.forecast(case, "2025-03-04T12:00", tmp_path / str(n), None, 20, effort, workers=workers, cluster=where)
        for n, (workers, where) in enumerate(((1, None), (2, None), (1, client)))
    ]
    assert apart, "islands were sent out"
    assert found[0].document == found[1].document == found[2].document
    alone, *others = (read_bytes(tmp_path / str(n)) for n in range(3))
    assert alone == others[0] == others[1]
    assert "state.npz" in alone


@pytest.mark.slow
def test_trials_of_a_plan_are_those_of_one_process(client, tmp_path, monkeypatch):
    monkeypatch.setattr(import_module("corridor.forecast.rolled"), "WEIGHED", 10)
    plan = co.plan(guarded_world(tmp_path / "world"), 2)
    there, here = (plan.attempt(3, cluster=where).numbers for where in (client, None))
    assert json.dumps(there) == json.dumps(here)
    rolled, alone = (plan.roll_courses(2, cluster=where).numbers for where in (client, None))
    assert json.dumps(rolled) == json.dumps(alone)


@pytest.mark.slow
def test_a_sweep_is_that_of_one_process(client, short_case, tmp_path):
    rows = [{}, {"seed": "4"}]
    for where in (client, None):
        co.sweep(short_case, rows, tmp_path / str(where is None), replicates=5, cluster=where)
    assert read_bytes(tmp_path / "False") == read_bytes(tmp_path / "True")
    assert (tmp_path / "False/answers.csv").read_bytes() == (tmp_path / "True/answers.csv").read_bytes()


def no_chance(day):
    return np.zeros(len(day.people))


@pytest.mark.slow
def test_runs_of_flee_are_those_of_one_process(client, tmp_path):
    folder, heard = co.read_flee(make_folder(tmp_path / "case")), []
    there, here = (co.run_flee(folder, 5, 2, cluster=where, progress=heard.append) for where in (client, None))
    np.testing.assert_array_equal(there.at_place, here.at_place)
    assert heard == [*range(5), *range(5)]
    for where in (client, None):
        co.run_flee(folder, 60, 2, save=tmp_path / str(where is None), cluster=where)
    assert read_bytes(tmp_path / "False") == read_bytes(tmp_path / "True")
    (tmp_path / "runs.csv").write_text("max_move_speed,move_rules.awareness_level\n100,1\n200,2\n")
    told: list[tuple[int, int]] = []
    rows = [
        co.sweep_flee(
            folder, tmp_path / "runs.csv", replicates=2, cluster=where, progress=lambda *of: told.append(of)
        ).rows
        for where in (client, None)
    ]
    assert rows[0] == rows[1]
    assert told == [(1, 2)] * 4
    with pytest.raises(UsageError, match="cannot be handed"):
        co.run_flee(folder, 2, rules=co.FleeRules(move_chance=lambda day: no_chance(day)), cluster=client)


@pytest.mark.slow
def test_a_worker_killed_at_any_moment_changes_no_byte(client, short_case, tmp_path, monkeypatch):
    """Small parts make a kill meet work under way as large ones would, at a tenth of the cost."""
    monkeypatch.setattr(manifest, "BATCH", 10)

    def run(out: str, keep: str) -> dict[str, bytes]:
        co.run(co.read(short_case), tmp_path / out, replicates=60, seed=7, keep=keep, cluster=client)
        return read_bytes(tmp_path / out)

    whole = {keep: run(keep, keep) for keep in ("replicates", "summary")}
    clock = time.monotonic()
    run("again", "replicates")
    luck, longest, killed = random.Random(5), time.monotonic() - clock, 0
    for number in range(KILLS):
        client.wait_for_workers(2)
        worker = luck.choice(sorted(client.run(os.getpid, on_error="ignore").values()))
        timer = threading.Timer(luck.uniform(0, longest), os.kill, (worker, signal.SIGKILL))
        timer.start()
        keep = ("replicates", "summary")[number % 2]
        assert run(f"{keep}-{number}", keep) == whole[keep]
        killed += timer.finished.is_set()
        timer.join()
    assert killed or KILLS < 20, "some were killed before the end, at whatever speed the machine runs"


def begin_apart(*words: str | Path) -> subprocess.Popen[str]:
    """Begin a command of `corridor` as at a terminal of its own."""
    command = [sys.executable, "-m", "corridor.cli.main", *map(str, words)]
    return subprocess.Popen(
        command, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )


def wait_for_part(process: subprocess.Popen[str], out: Path) -> None:
    deadline = time.monotonic() + 300
    while not list(out.glob("replicates/*.seal")) and process.poll() is None:
        assert time.monotonic() < deadline
        time.sleep(0.02)


many = pytest.mark.skipif(KILLS < 20, reason="CORRIDOR_KILLS=20 asks for it: half a minute of processor time")


@many
@pytest.mark.slow
def test_ctrl_c_is_told_in_a_sentence_and_taken_up(short_case, tmp_path):
    words = ("run", short_case, "--replicates", "2000", "--out")
    process = begin_apart(*words, tmp_path / "run", "--cluster", "local", "--workers", "2")
    wait_for_part(process, tmp_path / "run")
    os.killpg(process.pid, signal.SIGINT)
    said = process.communicate()[1]
    assert (process.returncode, len(said.splitlines())) == (130, 1), said
    for out in ("run", "whole"):
        assert call(*words, tmp_path / out).code == 0
    assert read_bytes(tmp_path / "run") == read_bytes(tmp_path / "whole")


@many
@pytest.mark.slow
def test_a_lost_scheduler_is_told_in_a_sentence_and_the_run_taken_up(short_case, tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    dask = [
        sys.executable,
        "-m",
        "distributed.cli.dask_scheduler",
        "--host",
        address,
        "--dashboard-address",
        "127.0.0.1:0",
    ]
    others = [dask, [sys.executable, "-m", "distributed.cli.dask_worker", address, "--nthreads", "1", "--no-dashboard"]]
    scheduler, worker = (subprocess.Popen(command, stderr=subprocess.DEVNULL) for command in others)
    words = ("run", short_case, "--replicates", "2000", "--out")
    process = begin_apart(*words, tmp_path / "run", "--cluster", address)
    wait_for_part(process, tmp_path / "run")
    scheduler.kill()
    said = process.communicate()[1]
    worker.terminate()
    for one in (scheduler, worker):
        one.wait()
    assert (process.returncode, len(said.splitlines())) == (5, 1), said
    assert "run the same command again" in said
    for out in ("run", "whole"):
        assert call(*words, tmp_path / out).code == 0
    assert read_bytes(tmp_path / "run") == read_bytes(tmp_path / "whole")


@pytest.mark.slow
def test_an_error_of_a_task_comes_out(client):
    with hire(2, client) as crew, pytest.raises(ValueError, match=r"nonnegative|math domain"):
        list(crew.do(math.sqrt, [4, -1, 9]))


def test_a_task_of_a_lost_scheduler_is_an_interruption():
    with pytest.raises(InterruptedRunError, match=r"no longer answers.*same command again"):
        Cluster(None)._take(SimpleNamespace(status="cancelled"))


def test_a_cluster_that_does_not_answer_is_told(monkeypatch):
    monkeypatch.setattr("corridor.results.cluster.PATIENCE", "1s")
    with pytest.raises(UsageError, match="no cluster answers"), hire(1, "tcp://127.0.0.1:9"):
        pass


@pytest.mark.slow
def test_a_cluster_without_workers_says_so_and_goes_on_when_some_come(monkeypatch, capsys):
    from distributed import Client, LocalCluster

    monkeypatch.setattr("corridor.results.cluster.SILENCE", 0.2)
    with LocalCluster(n_workers=0, processes=False, dashboard_address=None) as cluster, Client(cluster) as client:
        threading.Timer(1, cluster.scale, [2]).start()
        with hire(2, client) as crew:
            assert dict(crew.do(math.sqrt, range(9))) == {number: math.sqrt(number) for number in range(9)}
    assert capsys.readouterr().err.count("no worker for") == 1


@pytest.mark.slow
def test_dask_is_loaded_by_who_asks_for_it():
    told = "import sys, corridor.results.run, corridor.cli.main; print('dask' in sys.modules, 'distributed' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]
