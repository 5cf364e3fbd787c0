"""Random damage to a good folder: every fault is told, nothing raises, and what passes can be compiled."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from corridor.front.cases import check
from corridor.scenario.create import create_scenario
from corridor.scenario.scenario import read_scenario
from corridor.simulate.compile import compile_model

if TYPE_CHECKING:
    from pathlib import Path

CHUNKS, PER_CHUNK = 20, 25
WORDS = (
    "", " ", "0", "-1", "1e308", "1e400", "nan", "inf", "9" * 400, "1..0", "0..1e300", "5 ± 900%", "1 (0..2)",
    "٣٤", "½", "\u202e", "e\u0301", "😀", '"', '""', "'", "#", "\\", "*", "..", "2025-03-02", "2025-13-45",
    "9999-12-31T23:59", "0001-01-01T00:00+14:00", "true", "town", "bridge", "outside", "inside", "shut",
    "set", "x" * 20_000, "a,b", "a;b",
)  # fmt: skip

Mutate = Callable[[random.Random, bytes], bytes]


def flip_bytes(luck: random.Random, data: bytes) -> bytes:
    damaged = bytearray(data)
    for _ in range(luck.randint(1, 4)):
        damaged[luck.randrange(len(damaged))] = luck.randrange(256)
    return bytes(damaged)


def insert_bytes(luck: random.Random, data: bytes) -> bytes:
    at = luck.randrange(len(data))
    junk = luck.choice((b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\r", b'"', b"\n\n", b"[[", b"]", b"=", bytes(range(32))))
    return data[:at] + junk + data[at:]


def cut_end(luck: random.Random, data: bytes) -> bytes:
    return data[: luck.randrange(len(data))]


def change_lines(luck: random.Random, data: bytes) -> bytes:
    lines = data.splitlines(keepends=True)
    first, second = luck.randrange(len(lines)), luck.randrange(len(lines))
    what = luck.randrange(4)
    if what == 0:
        del lines[first]
    elif what == 1:
        lines.insert(second, lines[first])
    elif what == 2:
        lines[first], lines[second] = lines[second], lines[first]
    else:
        lines = lines[:first]
    return b"".join(lines)


def change_cells(luck: random.Random, data: bytes) -> bytes:
    lines = data.decode().splitlines()
    for _ in range(luck.randint(1, 3)):
        at = luck.randrange(len(lines))
        sign = "," if "," in lines[at] else " = "
        cells = lines[at].split(sign)
        cells[luck.randrange(len(cells))] = luck.choice(WORDS)
        lines[at] = sign.join(cells)
    return ("\n".join(lines) + "\n").encode()


def move_cells(luck: random.Random, data: bytes) -> bytes:
    lines = data.decode().splitlines()
    here, there = luck.choice(lines).split(","), luck.randrange(len(lines))
    cells = lines[there].split(",")
    cells[luck.randrange(len(cells))] = luck.choice(here)
    lines[there] = ",".join(cells)
    return ("\n".join(lines) + "\n").encode()


MUTATIONS: tuple[Mutate, ...] = (
    flip_bytes,
    insert_bytes,
    cut_end,
    change_lines,
    change_cells,
    change_cells,
    move_cells,
)


def damage(luck: random.Random, folder: Path) -> None:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    for path in luck.sample(files, luck.choice((1, 1, 1, 2, 3))):
        if luck.random() < 0.05:
            path.unlink()
        else:
            path.write_bytes(luck.choice(MUTATIONS)(luck, path.read_bytes()))


@pytest.mark.parametrize("chunk", [pytest.param(n, marks=pytest.mark.slow if n >= 10 else ()) for n in range(CHUNKS)])
def test_damage_is_told_or_does_no_harm(tmp_path: Path, chunk: int) -> None:
    create_scenario(tmp_path / "good")
    variant = "two_more_lanes"
    passed = 0
    for number in range(PER_CHUNK):
        folder = tmp_path / f"damaged{number}"
        shutil.copytree(tmp_path / "good", folder)
        damage(random.Random(chunk * PER_CHUNK + number), folder)
        asked = variant if number % 3 == 0 and (folder / "variants" / f"{variant}.toml").exists() else None
        faults = list(check(folder, asked).faults)
        for fault in faults:
            assert fault.describe()
        if not any(fault.severity == "error" for fault in faults):
            scenario = read_scenario(folder, asked)
            for parameter_set in scenario.sets or ("",):
                compile_model(scenario, parameter_set)
            passed += 1
        shutil.rmtree(folder)
    assert passed < PER_CHUNK, "the damage did nothing"
