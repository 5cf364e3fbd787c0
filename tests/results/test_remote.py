"""A run in a store on another machine (s3://, as moto plays it) is that of a folder: the same bytes, taken up, asked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import corridor as co
from command import call
from corridor.results.crew import hire
from corridor.scenario.remote import list_files, locate, name_within
from corridor.scenario.writing import locked

pytest.importorskip("s3fs", reason="the extra cluster is not installed")
server = pytest.importorskip("moto.server", reason="moto is not installed")

ASKED: dict[str, Any] = {"replicates": 250, "seed": 7}


@pytest.fixture(scope="module")
def bucket() -> Iterator[str]:
    """Return the address of an empty bucket on a server of this process, known by the environment."""
    moto = server.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    moto.start()
    host, port = moto.get_host_and_port()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ACCESS_KEY_ID", "nobody")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "nothing")
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        patch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
        locate("s3://runs").mkdir()
        yield "s3://runs"
    moto.stop()


def read_bytes(folder: Path) -> dict[str, bytes]:
    """Return every file of a run but the manifest, which holds the seconds it took, and hidden ones."""
    files = {name_within(path, folder): path.read_bytes() for path in list_files(folder)}
    return {name: data for name, data in files.items() if name != "manifest.json" and "/." not in f"/{name}"}


@pytest.mark.slow
@pytest.mark.parametrize("keep", [pytest.param("replicates", marks=pytest.mark.long), "summary"])
def test_a_run_in_a_bucket_is_that_in_a_folder_and_is_taken_up(bucket, short_case, tmp_path, keep):
    case, there = co.read(short_case), f"{bucket}/{keep}"

    def stop(done: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        co.run(case, there, keep=keep, progress=stop, **ASKED)
    with pytest.raises(co.UsageError, match="not finished"):
        co.open_run(there)
    begun = {path.name for path in list_files(locate(there))}
    heard: list[int] = []
    taken = co.run(case, there, keep=keep, progress=heard.append, **ASKED)
    assert sum(heard) == 150
    here = co.run(case, tmp_path / keep, keep=keep, **ASKED)
    assert read_bytes(locate(there)) == read_bytes(tmp_path / keep)
    assert keep == "summary" or begun <= {path.name for path in list_files(locate(there))}
    assert co.open_run(there).describe()["people"] == here.describe()["people"] == taken.describe()["people"]
    with pytest.raises(co.UsageError, match="another run"):
        co.run(case, there, keep=keep, **ASKED | {"seed": 8})


@pytest.mark.slow
def test_workers_write_into_the_bucket_themselves_and_commands_ask_it(bucket, short_case, tmp_path):
    pytest.importorskip("distributed")
    words = ("run", short_case, "--replicates", "120", "--seed", "7", "--out")
    with hire(2, "local") as crew:
        address = crew.client.scheduler.address  # type: ignore[attr-defined]
        done = call(*words, f"{bucket}/cluster", "--cluster", address)
    assert done.code == 0, done.stderr
    assert call(*words, tmp_path / "run").code == 0
    assert read_bytes(locate(f"{bucket}/cluster")) == read_bytes(tmp_path / "run")
    told = call("compare", f"{bucket}/cluster", tmp_path / "run", "--json")
    assert told.code == 0, told.stderr
    assert all(row["mean_difference"] == 0 for row in json.loads(told.stdout)["differences"])
    scored = [call("score", out, "--json") for out in (f"{bucket}/cluster", tmp_path / "run")]
    assert scored[0].code == 0, scored[0].stderr
    assert scored[0].stdout == scored[1].stdout


def test_what_is_an_address_and_what_cannot_be_done_there(tmp_path):
    assert locate("runs/x") == Path("runs/x")
    assert locate(tmp_path) is tmp_path
    assert str(locate(Path("memory://runs/x"))) == "memory://runs/x"
    with pytest.raises(co.UsageError, match="cannot be locked"), locked(locate("memory://runs/x")):
        pass
    with pytest.raises(co.UsageError, match="cannot be reached"):
        locate("nowhere://runs/x")
