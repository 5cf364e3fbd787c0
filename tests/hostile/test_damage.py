"""A run's folder that was cut, changed, mixed up or emptied is one clear fault, or answers as if nothing had been."""

from __future__ import annotations

import json
import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from command import Done, call
from corridor.forecast.kept import keep, read_kept
from corridor.results import manifest as describing
from corridor.results.result import open_result
from corridor.results.seal import is_sealed, seal_document
from corridor.results.store import IDENTITY, identify, part_path
from corridor.scenario.version import __version__

REPLICATES, BATCH = 12, 4
Damage = Callable[[Path, Path], None]  # of the run in a folder, another run at hand


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a batch be a few replicates, so that a small run has several parts."""
    monkeypatch.setattr(describing, "BATCH", BATCH)


class World:
    """A scenario, a run of it, one of another seed, and what the commands say of the run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        assert call("init", folder / "case").code == 0
        settings = folder / "case" / "scenario.toml"
        settings.write_text(settings.read_text().replace('end = "2025-03-08', 'end = "2025-03-05'))
        self.run, self.other = folder / "run", folder / "other"
        assert self.simulate(self.run).code == 0
        assert self.simulate(self.other, seed=8).code == 0
        (self.run / "figures").mkdir()
        (self.run / "report.html").write_text("what an earlier report left")
        self.whole = self.answers(self.run)
        assert [done.code for done in self.whole] == [0] * 3
        self.stored = bytes_of(self.run)

    def simulate(self, out: Path, seed: int = 7) -> Done:
        words = ("--replicates", str(REPLICATES), "--seed", str(seed))
        return call("run", self.folder / "case", *words, "--out", out, "--json")

    def answers(self, run: Path) -> list[Done]:
        """Return what the commands that read a run say of it."""
        return [self.answer(run, number) for number in range(3)]

    def answer(self, run: Path, number: int) -> Done:
        """Return what one of them says."""
        return call(*(("score", run), ("export", run, "arrivals"), ("compare", run, run))[number], "--json")

    def put_back(self) -> None:
        shutil.rmtree(self.run)
        for name, content in self.stored.items():
            (self.run / name).parent.mkdir(parents=True, exist_ok=True)
            (self.run / name).write_bytes(content)
        (self.run / "figures").mkdir()

    def is_made_good(self) -> bool:
        """Run the command again and tell whether it stored the same replicates and summary."""
        done = self.simulate(self.run)
        assert "Traceback" not in done.stderr
        if done.code:
            assert done.code in (2, 3)
            return False
        now = bytes_of(self.run)
        assert all(now[name] == content for name, content in self.stored.items() if name.endswith(".parquet"))
        assert self.answers(self.run) == self.whole
        return True


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> World:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(describing, "BATCH", BATCH)
        return World(tmp_path_factory.mktemp("damage"))


@pytest.fixture
def world(stored: World) -> World:
    stored.put_back()
    return stored


def check_fault(done: Done, named: str) -> None:
    assert done.code == 3
    assert "Traceback" not in done.stderr
    faults = json.loads(done.stdout)["faults"]
    assert {fault["code"] for fault in faults} == {"damaged_run"}
    assert any(named in fault["file"] for fault in faults)
    assert all(fault["found"] and fault["allowed"] and fault["fix"] for fault in faults)


def cut(name: str, keep: int) -> Damage:
    return lambda run, _: (run / name).write_bytes((run / name).read_bytes()[:keep])  # type: ignore[return-value]


def change(**values: Any) -> Damage:
    def edit(run: Path, _: Path) -> None:
        manifest = json.loads((run / "manifest.json").read_text())
        (run / "manifest.json").write_text(json.dumps(manifest | values))

    return edit


def reseal(**values: Any) -> Damage:
    """Change the manifest and seal it again, as one would who means harm: the schema alone is left."""

    def edit(run: Path, _: Path) -> None:
        manifest = json.loads((run / "manifest.json").read_text())
        (run / "manifest.json").write_text(json.dumps(seal_document(manifest | values)))

    return edit


def write(name: str, content: bytes) -> Damage:
    return lambda run, _: (run / name).write_bytes(content)  # type: ignore[return-value]


def swap_parts(run: Path, _: Path) -> None:
    first, second = part_path(run, 0), part_path(run, 1)
    for suffix in (".parquet", ".seal"):
        a, b = first.with_suffix(suffix), second.with_suffix(suffix)
        kept = a.read_bytes()
        a.write_bytes(b.read_bytes())
        b.write_bytes(kept)


def take_foreign(run: Path, other: Path) -> None:
    for suffix in (".parquet", ".seal"):
        shutil.copy(part_path(other, 0).with_suffix(suffix), part_path(run, 0).with_suffix(suffix))


def put_nan(run: Path, _: Path) -> None:
    from corridor.results.tables import read_parquet, write_parquet

    data = read_parquet([run / "summary.parquet"])
    data["q50"][:] = float("nan")
    write_parquet(run / "summary.parquet", data)


DAMAGES = int(os.environ.get("CORRIDOR_DAMAGES", "60"))
PART = "replicates/part-0001.parquet"
KINDS: dict[str, tuple[Damage, str]] = {
    "part cut": (cut(PART, 1000), PART),
    "part empty": (cut(PART, 0), PART),
    "part missing": (lambda run, _: (run / PART).unlink(), PART),
    "seal missing": (lambda run, _: (run / PART).with_suffix(".seal").unlink(), PART),
    "parts swapped": (swap_parts, PART),
    "part of another seed": (take_foreign, "part-0000"),
    "summary cut": (cut("summary.parquet", 500), "summary"),
    "summary missing": (lambda run, _: (run / "summary.parquet").unlink(), "summary"),
    "nan in the summary": (put_nan, "summary"),
    "summary of another run": (lambda run, other: shutil.copy(other / "summary.parquet", run), "summary"),
    "manifest empty": (write("manifest.json", b""), "manifest"),
    "manifest {}": (write("manifest.json", b"{}"), "manifest"),
    "manifest []": (write("manifest.json", b"[]"), "manifest"),
    "manifest not JSON": (write("manifest.json", b"{'a': 1"), "manifest"),
    "manifest no text": (write("manifest.json", b"\xff\xfe\x00"), "manifest"),
    "manifest too deep": (write("manifest.json", b"[" * 100_000), "manifest"),
    "other title": (change(title="another"), "manifest"),
    "other start": (change(start="2024-01-01T00:00:00"), "manifest"),
    "other seed": (change(seed=8), "manifest"),
    "table cut": (cut("scenario/roads.csv", 60), "scenario/roads.csv"),
    "table missing": (lambda run, _: (run / "scenario/people.csv").unlink(), "scenario/people.csv"),
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_one_fault_and_the_same_command_makes_it_good(world: World, kind: str) -> None:
    damage, named = KINDS[kind]
    damage(world.run, world.other)
    for done in world.answers(world.run):
        check_fault(done, named)
    check_fault(call("report", world.run, "--json"), named)
    done = world.simulate(world.run)
    assert any(named in file for file in json.loads(done.stdout)["made_anew"])
    assert "made anew" in done.stderr
    assert world.is_made_good()


WRONG = [*({name: wrong} for name in ("parts", "replicates", "batch", "moments") for wrong in (0, -1, 2.5, True, "3", None, [])),
         {"parts": 2}, {"start": "yesterday"}, {"start": 7}, {"start": "2025-03-01T00:00:00+04:00"}, {"record_hours": 0},
         {"record_hours": float("nan")}, {"moments": 2**62}, {"time_zone": "Moon/Crater"}, {"time_zone": "../../etc/passwd"},
         {"behaviour": []}, {"sensitivity": "secret"}, {"sensitivity": []}, {"seconds": {"roads": "long"}}, {"state": "done"},
         {"fitted_until": "soon"}, {"tables": {"a.csv": "b"}}, {"seed": -1}]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("values", WRONG, ids=str)
def test_a_value_that_cannot_be_is_named(world: World, values: dict[str, Any]) -> None:
    for damage in (change(**values), reseal(**values)):
        world.put_back()
        damage(world.run, world.other)
        done = world.answers(world.run)[0]
        check_fault(done, "manifest.json")
        assert {fault["column"] for fault in json.loads(done.stdout)["faults"]} <= values.keys()


@pytest.mark.parametrize("name", [name for name in IDENTITY if name not in ("format", "engine", "flee")])
def test_a_run_of_another_identity_is_never_taken_up(world: World, name: str) -> None:
    """Whatever can change a byte: the same command refuses, says what differs, and leaves all as it was."""
    manifest = json.loads((world.run / "manifest.json").read_text())
    value = manifest[name]
    other = (
        {"a": {"function": "f", "sha256": "0"}}
        if name == "behaviour"
        else "summary"
        if name == "keep"
        else value + 1
        if isinstance(value, int)
        else "f" * 64
    )
    changed = manifest | {name: other}
    if name == "replicates":
        changed["parts"] = -(-changed["replicates"] // changed["batch"])
    (world.run / "manifest.json").write_text(json.dumps(seal_document(changed)))
    before = bytes_of(world.run)
    done = world.simulate(world.run)
    assert done.code == 2
    assert IDENTITY[name] in done.stderr
    assert bytes_of(world.run) == before


@pytest.mark.slow
def test_a_newer_program_reads_a_run_and_does_not_extend_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(describing, "__version__", "9.9.9")
    assert world.answers(world.run) == world.whole
    done = world.simulate(world.run)
    assert done.code == 2
    assert f"version of Corridor ({__version__} and 9.9.9)" in done.stderr
    new = world.folder / "newer"
    assert world.simulate(new).code == 0
    found = json.loads(call("compare", world.run, new, "--json").stdout)["differ"]
    assert found == [f"version of Corridor ({__version__} and 9.9.9)"]
    assert found[0] in call("compare", world.run, new).stdout
    shutil.rmtree(new)


@pytest.mark.parametrize("depth", range(700, 1001, 20))
def test_brackets_within_brackets_are_a_fault(world: World, depth: int) -> None:
    text = (world.run / "manifest.json").read_text()
    (world.run / "manifest.json").write_text(text.replace('"A town', "[" * depth + "]" * depth + ', "x": "A town'))
    check_fault(world.answer(world.run, 0), "manifest")


@pytest.mark.slow
def test_other_formats_are_refused_in_words(world: World) -> None:
    for number, age in ((2, "older"), (4, "newer")):
        change(format=number)(world.run, world.other)
        for done in (*world.answers(world.run), world.simulate(world.run)):
            assert done.code == 2
            assert f"{age} Corridor" in done.stderr


@pytest.mark.slow
def test_a_damaged_run_of_something_else_is_left_alone(world: World) -> None:
    """Without its manifest nothing says whose run it is but the seals of its parts: another run is not written over."""
    write("manifest.json", b"{}")(world.run, world.other)
    before = bytes_of(world.run)
    assert world.simulate(world.run, seed=9).code == 3
    assert bytes_of(world.run) == before
    (world.run / "manifest.json").unlink()
    before = bytes_of(world.run)
    assert world.simulate(world.run, seed=9).code == 2
    assert bytes_of(world.run) == before
    assert world.is_made_good()


@pytest.mark.slow
def test_a_run_stopped_before_its_manifest_is_taken_up(world: World) -> None:
    """As a full disk leaves it: no hand-mending (and a folder of the user's is still not written into)."""
    for path in (*world.run.glob("*.*"), *(world.run / "replicates").iterdir()):
        path.unlink()
    (world.run / "scenario" / "roads.csv").write_bytes(b"")
    assert world.is_made_good()
    world.put_back()
    (world.run / "manifest.json").unlink()
    (world.run / "diary.txt").write_text("mine")
    assert world.simulate(world.run).code == 2


def test_a_file_put_into_the_copied_tables_is_named_and_kept(world: World) -> None:
    added = world.run / "scenario" / "actors.csv"
    added.write_text("id,name\n")
    for done in (*world.answers(world.run), world.simulate(world.run)):
        check_fault(done, "actors.csv")
    assert added.read_text() == "id,name\n"


@pytest.mark.slow
def test_an_unfinished_run_is_said_to_be_unfinished(world: World) -> None:
    reseal(state="running")(world.run, world.other)
    part_path(world.run, 2).unlink()
    done = world.answers(world.run)[0]
    assert done.code == 2
    assert "not finished (1 of 3 parts missing)" in done.stderr
    assert world.is_made_good()


def test_kept_findings_that_were_changed_are_not_read(world: World) -> None:
    result = open_result(world.run)
    keep(result, "found.json", {"run": identify(result.manifest), "answer": 4})
    asked = {"run": identify(result.manifest)}
    assert read_kept(result, "found.json", asked) == {**asked, "answer": 4}
    path = world.run / "figures" / "found.json"
    path.write_text(path.read_text().replace("4", "5"))
    assert read_kept(result, "found.json", asked) is None


def test_a_seal_is_of_one_run_and_one_name(world: World) -> None:
    manifest, other = open_result(world.run).manifest, open_result(world.other).manifest
    assert is_sealed(part_path(world.run, 0), identify(manifest))
    assert not is_sealed(part_path(world.run, 0), identify(other))


JSON = [None, True, -1, 0, 2.5, 1e308, "", "x", "2025-03-01", [], {}, [1], {"a": 1}, 10**30]


def damage_at_random(run: Path, chance: random.Random) -> str:
    files = sorted(path for path in run.rglob("*") if path.is_file())
    path = chance.choice(files)
    data = path.read_bytes()
    kind = chance.choice(("truncate", "flip", "delete", "swap", "empty", "json", "append"))
    if kind == "truncate":
        path.write_bytes(data[: chance.randrange(max(len(data), 1))])
    elif kind == "flip" and data:
        place = chance.randrange(len(data))
        path.write_bytes(data[:place] + bytes([data[place] ^ (1 << chance.randrange(8))]) + data[place + 1 :])
    elif kind == "delete":
        path.unlink()
    elif kind == "swap":
        other = chance.choice(files)
        path.write_bytes(other.read_bytes())
        other.write_bytes(data)
    elif kind == "empty":
        path.write_bytes(b"")
    elif kind == "json":
        manifest = json.loads((run / "manifest.json").read_text())
        manifest[chance.choice(sorted(manifest))] = chance.choice(JSON)
        (run / "manifest.json").write_text(json.dumps(manifest))
    elif kind == "append":
        path.write_bytes(data + data[:10] + b"0")
    return f"{kind} {path.relative_to(run)}"


@pytest.mark.slow
def test_random_damages_are_faults_or_change_no_answer(world: World) -> None:
    chance = random.Random(20230922)
    told = 0
    for number in range(DAMAGES):
        world.put_back()
        what = damage_at_random(world.run, chance)
        done = world.answer(world.run, number % 3)
        assert done.code in (0, 2, 3), what
        assert done == world.whole[number % 3] or done.code, what
        reported = call("report", world.run, "--quick") if done.code and number % 2 else done
        assert reported.code == done.code, what
        assert "Traceback" not in done.stderr + done.stdout + reported.stderr, what
        told += done.code != 0
        if number % 16 == 0:
            assert world.is_made_good() or done.code == 2, what
    assert told > 0.75 * DAMAGES
