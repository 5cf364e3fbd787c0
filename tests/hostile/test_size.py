"""No folder of under a megabyte costs `check` more than 5 s of a processor or 500 MB, whatever stands in it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from corridor.scenario.create import create_scenario

pytestmark = pytest.mark.slow
# The promise is 5 seconds, and 2 are what the dearest takes; a test fails only at what no slow hour of a machine explains.
MOST_SECONDS, MOST_MEGABYTES = 30.0, 500.0
SETS = "".join(f'[sets.s{n}]\ntitle = "a"\nknown_until = 2025-03-09\n' for n in range(20))
Edit = Callable[[Path], None]


def put(file: str, *lines: str) -> Edit:
    def edit(folder: Path) -> None:
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text("\n".join(lines) + "\n", encoding="utf-8")

    return edit


def add(file: str, lines: Iterable[str]) -> Edit:
    def edit(folder: Path) -> None:
        with (folder / file).open("a", encoding="utf-8") as stream:
            stream.write("\n".join(lines) + "\n")

    return edit


def both(*edits: Edit) -> Edit:
    return lambda folder: [edit(folder) for edit in edits] and None


def make_files(pattern: str, count: int, text: str = "") -> Edit:
    return lambda folder: [(folder / pattern.format(n)).write_text(text) for n in range(count)] and None


PLACES, PEOPLE, GROUPS, TOML = "places.csv", "people.csv", "groups.csv", "scenario.toml"
HEAD = "place,group,people"
INPUTS: dict[str, Edit] = {
    "a million columns": put(PLACES, "id" + "," * 990_000),
    "one column 100,000 times": put(PLACES, "latitude," * 100_000),
    "columns nearly known": put(PLACES, ",".join(["id", *(f"latitud{n}" for n in range(80_000))])),
    "990 unknown columns": put(GROUPS, ",".join(["id,name,transport,leave_rate", *(f"namee{n}" for n in range(990))])),
    "rows of one sign": put(PLACES, "id", *["a"] * 480_000),
    "one id 45,000 times": put(GROUPS, "id,name,transport,leave_rate", *["a,a,own,1"] * 45_000),
    "nothing known": put(PEOPLE, HEAD, *(f"p{n},g,1" for n in range(45_000))),
    "nearly known ids": both(
        add(GROUPS, (f"gr{n},g,own,1" for n in range(20_000))), put(PEOPLE, HEAD, *(f"town,gx{n},1" for n in range(20_000)))
    ),
    "ids that cannot be read": both(
        add(PLACES, (f"!{n},g" for n in range(20_000))), put(PEOPLE, HEAD, *(f"t{n},g,1" for n in range(20_000)))
    ),
    "desks at one place": put("desks.csv", "id,place,people_per_hour", *(f"d{n},capital,9" for n in range(45_000))),
    "a chain of items": put("items.csv", "id,name,depends_on", *(f"i{n},a,i{n + 1}" for n in range(45_000))),
    "a circle of items": put("items.csv", "id,name,depends_on", *(f"i{n},a,i{(n + 1) % 45_000}" for n in range(45_000))),
    "convoys along a chain": both(
        add(PLACES, (f"p{n},n,,town,outside,{10 + n / 1000:.3f},20.2" for n in range(8000))),
        add("roads.csv", (f"r{n},p{n},p{n + 1},5" for n in range(7999))),
        put("convoys.csv", "id,fleet,from,to,departs", *(f"c{n},f,p{n % 8000},p{n * 7 % 8000},2025-03-03" for n in range(6000))),
    ),
    "a star of places": both(
        add(PLACES, (f"p{n},n,,town,inside,10.{n:05},20.2" for n in range(12_000))),
        add("roads.csv", (f"r{n},p{n},town,50" for n in range(12_000))),
    ),
    "places in whole degrees": both(
        add(PLACES, (f"p{n},n,,town,outside,{n % 120 - 60},{n // 120}" for n in range(20_000))),
        add("roads.csv", (f"r{n},p{n},p{n + 120},2000" for n in range(19_000))),
    ),
    "a negotiation of thousands": both(
        put("actors.csv", "id,name,capability", *(f"a{n},n,1" for n in range(4000))),
        put("issues.csv", "id,title,low_end,high_end", *(f"i{n},n,a,b" for n in range(4000))),
        put("positions.csv", "issue,actor,position,salience", *(f"i{n},a{n},1,1" for n in range(4000))),
    ),
    "sets and rows": both(
        add(TOML, [SETS]), put("items.csv", "id,name", *(f"i{n},a" for n in range(40_000))), put("needs.csv", "item,per_day")
    ),
    "70,000 sets": add(TOML, (f"[sets.s{n}]" for n in range(70_000))),
    "90,000 keys": put(TOML, *(f"k{n} = 1" for n in range(90_000))),
    "brackets in brackets": add(TOML, ["x_a = " + "[" * 400_000]),
    "tables in tables": add(TOML, ["[" + ".".join("a" * 300_000) + "]"]),
    "keys in keys": add(TOML, ["x_a." * 200_000 + "b = 1"]),
    "a number of 900,000 digits": put(TOML, "seed = " + "9" * 900_000),
    "one cell": put(PEOPLE, HEAD, 'town,"' + "a\n" * 400_000 + '",1'),
    "comments": put(PEOPLE, *["#"] * 480_000),
    "marks upon marks": put(GROUPS, "id,name,transport,leave_rate", *["g,a" + "\u0301\u0323" * 4900 + ",own,1"] * 40),
    "10,000 tables of no scenario": make_files("place{}.csv", 10_000),
    "10,000 tables of counts": make_files("observations/o{}.csv", 10_000, "tme,series\n"),
    "unreadable numbers": put(PEOPLE, HEAD, *["town,families_with_car,1e400"] * 30_000),
}  # fmt: skip


TELLING = """
import atexit, os, runpy, sys
report, sys.argv = sys.argv[1], ["corridor", *sys.argv[2:]]
def tell():
    peak = next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM"))
    with open(report, "w") as file:
        file.write(f"{sum(os.times()[:4])} {peak}")
atexit.register(tell)
runpy.run_module("corridor.cli.main", run_name="__main__")
"""


def measure(report: Path, *words: str | Path) -> tuple[int, float, float, str]:
    """Return how a command ended, its processor seconds, its peak in MB and the last of what it said.

    It tells its peak itself: what the system says of a child counts the memory of the process that began it.
    """
    command = [sys.executable, "-c", TELLING, str(report), *map(str, words)]
    done = subprocess.run(command, capture_output=True, check=False)
    seconds, peak = (float(number) for number in report.read_text().split())
    return done.returncode, seconds, peak / 1024, done.stderr[-2000:].decode(errors="replace")


@pytest.mark.parametrize("edit", INPUTS.values(), ids=INPUTS.keys())
def test_what_a_check_costs(tmp_path: Path, edit: Edit) -> None:
    folder = tmp_path / "case"
    create_scenario(folder)
    edit(folder)
    assert sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) < 1_100_000
    code, seconds, megabytes, said = measure(tmp_path / "report", "check", folder)
    assert code in (0, 3), said
    assert seconds < MOST_SECONDS
    assert megabytes < MOST_MEGABYTES
