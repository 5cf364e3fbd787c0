"""From an extract to a checked case: processor seconds and memory, for a small extract and for one of 50 MB made from it.

    CORRIDOR_DATA=../shared/data python benchmarks/build.py [--copies 39] [--keep FOLDER]

The small one is osm/liechtenstein.osm.pbf. The large one repeats it, ids and coordinates shifted, each copy joined to
the next by a road; it is made once and kept where --keep says. Each build and check runs in a process of its own;
memory is its highest. Travel times between places are compared with the whole network's.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
EXTRACT = Path(os.environ.get("CORRIDOR_DATA", ROOT.parent / "shared" / "data")) / "osm" / "liechtenstein.osm.pbf"
WEST, SOUTH, EAST, NORTH = 9.485, 47.06, 9.622, 47.262
ACROSS, UP, COLUMNS = 0.2, 0.26, 6  # degrees between copies, copies in a row

BUILD = """
import resource, sys, time
import corridor as co
begun = time.process_time()
built = co.build(sys.argv[1], roads=sys.argv[2], inside=sys.argv[3], start="2016-01-01", end="2016-01-08")
made = time.process_time()
found = co.check(sys.argv[1])
done = time.process_time()
import json
print(json.dumps({"imports": begun, "build": made - begun, "check": done - made, "errors": len(found.errors),
    "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, **built.numbers}))
"""
COMPARE = """
import sys
from pathlib import Path
sys.path[:0] = [sys.argv[1], sys.argv[1] + "/build"]
import numpy as np
from test_built_roads import compare, shrink
ratio = compare(shrink(Path(sys.argv[2]), Path(sys.argv[3])), "hours")
low, middle, high = np.quantile(ratio, [0.05, 0.5, 0.95])
print(f"  travel times, small over whole: median {middle:.3f} (5-95 %: {low:.3f} to {high:.3f}), {len(ratio):,} pairs")
"""


def shift(number: int) -> tuple[float, float]:
    """Return by how many degrees of latitude and longitude a copy is moved."""
    return UP * (number // COLUMNS), ACROSS * (number % COLUMNS)


def repeat(source: Path, target: Path, copies: int) -> None:
    """Write an extract that holds a small one many times, all joined."""
    import osmium

    reader = osmium.io.Reader(str(source))
    header = reader.header()
    reader.close()
    step = 1 << 40  # above every id of the extract
    joint = find_joint(source)
    with osmium.SimpleWriter(str(target), header=header, overwrite=True) as writer:
        for number in range(copies):
            north, east = shift(number)
            for node in osmium.FileProcessor(str(source), osmium.osm.NODE):
                place = (node.location.lon + east, node.location.lat + north)
                writer.add_node(node.replace(id=node.id + number * step, location=place))
        for number in range(copies):
            for way in osmium.FileProcessor(str(source), osmium.osm.WAY):
                refs = [node.ref + number * step for node in way.nodes]
                writer.add_way(way.replace(id=way.id + number * step, nodes=refs))
            if number:
                before = number - 1 if number % COLUMNS else number - COLUMNS
                ends = [joint + before * step, joint + number * step]
                tags = {"highway": "secondary", "name": "Made"}
                writer.add_way(osmium.osm.mutable.Way(id=(copies + number) * step, nodes=ends, tags=tags, version=1))


def find_joint(source: Path) -> int:
    """Return a point of a main road, by which copies are joined."""
    import osmium

    for way in osmium.FileProcessor(str(source), osmium.osm.WAY):
        if way.tags.get("highway") == "primary":
            return int(way.nodes[0].ref)
    message = "no main road in the extract"
    raise SystemExit(message)


def write_area(folder: Path, copies: int) -> Path:
    """Write the square around all copies."""
    north, east = UP * ((copies - 1) // COLUMNS), ACROSS * (min(copies, COLUMNS) - 1)
    west, south, up, right = WEST, SOUTH, NORTH + north, EAST + east
    ring = [[west, south], [right, south], [right, up], [west, up], [west, south]]
    path = folder / f"area-{copies}.geojson"
    path.write_text(json.dumps({"type": "Polygon", "coordinates": [ring]}))
    return path


def measure(name: str, extract: Path, area: Path, compare: bool) -> None:
    """Build and check one case in a process of its own and print what it took."""
    with tempfile.TemporaryDirectory() as folder:
        words = [sys.executable, "-c", BUILD, f"{folder}/case", str(extract), str(area)]
        done = subprocess.run(words, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    total = found["imports"] + found["build"] + found["check"]
    print(f"{name}, {extract.stat().st_size / 1e6:.1f} MB: {total:.1f} CPU-s (start {found['imports']:.1f}, build "
          f"{found['build']:.1f}, check {found['check']:.1f}), {found['memory']:.0f} MB; {found['places']} places, "
          f"{found['roads']} roads, {found['crossings']} crossings, {found['not_connected']} not connected, "
          f"{found['errors']} faults")  # fmt: skip
    if compare:
        subprocess.run([sys.executable, "-c", COMPARE, str(ROOT / "tests"), str(extract), str(area)], check=True)


def main() -> None:
    """Measure both."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--copies", type=int, default=39)
    words.add_argument("--keep", type=Path, default=None)
    asked = words.parse_args()
    if not EXTRACT.is_file():
        print(f"no {EXTRACT}: set CORRIDOR_DATA")
        return
    with tempfile.TemporaryDirectory() as made:
        folder = asked.keep or Path(made)
        folder.mkdir(parents=True, exist_ok=True)
        measure("Liechtenstein", EXTRACT, write_area(folder, 1), compare=True)
        large = folder / f"repeated-{asked.copies}.osm.pbf"
        if not large.exists():
            repeat(EXTRACT, large, asked.copies)
        measure(f"the same {asked.copies} times", large, write_area(folder, asked.copies), compare=True)


if __name__ == "__main__":
    main()
