"""A cluster is a crew like any other: every task once, errors handed on, the bytes of one machine, no dask unless asked for."""

from __future__ import annotations

import math
import subprocess
import sys

import pytest

from corridor.results.crew import hire
from corridor.results.run import run
from corridor.scenario.faults import UsageError
from corridor.scenario.scenario import read_scenario

pytest.importorskip("distributed", reason="the extra cluster is not installed")


@pytest.mark.slow
def test_a_cluster_on_this_machine_does_what_one_process_does(short_case, tmp_path):
    for where in ("local", None):
        run(
            read_scenario(short_case),
            tmp_path / str(where),
            replicates=150,
            seed=7,
            workers=2 if where else 1,
            cluster=where,
        )
    stored = [
        {path.name: path.read_bytes() for path in (tmp_path / name).rglob("*") if path.suffix in (".parquet", ".seal")}
        for name in ("local", "None")
    ]
    assert stored[0] == stored[1]
    assert len(stored[0]) > 2
    with hire(2, "local") as crew, pytest.raises(ValueError, match=r"nonnegative|math domain"):
        list(crew.do(math.sqrt, [4, -1, 9]))


def test_a_cluster_that_does_not_answer_is_told(monkeypatch):
    monkeypatch.setattr("corridor.results.cluster.PATIENCE", "1s")
    with pytest.raises(UsageError, match="no cluster answers"), hire(1, "tcp://127.0.0.1:9"):
        pass


@pytest.mark.slow
def test_dask_is_loaded_by_who_asks_for_it():
    told = "import sys, corridor.results.run, corridor.cli.main; print('dask' in sys.modules, 'distributed' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]
