"""Every command that writes: what it needs, what it is called with, and the folder it leaves behind, ready to be compared."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from command import call
from corridor.results.seal import read_document
from corridor.scenario.chain import read_records
from corridor.scenario.create import create_scenario
from flee.folders import make_folder
from relief_world import relief_world

DEAL = {
    "actors": "id,name,capability,veto,voice_only\nnorth,North,10,no,no\nsouth,South,20,no,no\n",
    "issues": "id,title,low_end,high_end\nroad,The road,shut,open\n",
    "positions": "issue,actor,position,salience\nroad,north,10,80\nroad,south,70,40\n",
}
COUNTS = (
    "time,series,place,value,status\n2025-03-03T20:00,arrivals,,2500,stated\n2025-03-04T08:00,arrivals,,5500,stated\n"
)
REPORT = "Some 9,300 people wait. Between 200 and 250 vehicles an hour pass the gate.\n"
ACCEPT = ("evidence", "accept", "report.txt", "--scenario", "case", "--keep-text", "--source", "told", "--publisher", "Delta",
          "--wording", "About 9,300 wait", "--proposal")  # fmt: skip


def write_small(target: Path) -> Path:
    """Write the template scenario into a new folder."""
    create_scenario(target)
    return target


@dataclass(frozen=True)
class Case:
    """A command: what stands in its folder before, and its words.

    `at_once`: all that it writes appears together. `weight`: the mark of its tests, of those that start processes of
    their own or load much.
    """

    name: str
    make: Callable[[Path], None]
    words: tuple[str, ...]
    at_once: bool = True
    weight: str = ""


def make_deal(at: Path) -> None:
    write_small(at / "case")
    for table, text in DEAL.items():
        (at / "case" / f"{table}.csv").write_text(text)
    assert call("deal", "case", "--seal", "ledger.jsonl", at=at).code == 0


def make_report(at: Path) -> None:
    write_small(at / "case")
    (at / "report.txt").write_text(REPORT)


def make_counts(at: Path) -> None:
    write_small(at / "case")
    (at / "case" / "observations" / "arrivals.csv").write_text(COUNTS)


def make_run(at: Path) -> None:
    write_small(at / "case")
    assert call("run", "case", "--out", "run", "--replicates", "3", at=at).code == 0


def make_relief(at: Path) -> None:
    relief_world(at / "case", depots=[{"id": "store", "place": "depot", "item": "food"}])


def make_extract(at: Path) -> None:
    from made_roads import VALLEY_AREA, valley, write_area

    valley().write(at / "valley.osm.pbf")
    write_area(at / "area.geojson", VALLEY_AREA)


def make_built(at: Path) -> None:
    make_extract(at)
    assert call("build", "case", *FROM_EXTRACT, at=at).code == 0


def make_design(at: Path) -> None:
    write_small(at / "case")
    (at / "design.csv").write_text("seed\n1\n2\n")


def make_suggested(at: Path) -> None:
    make_report(at)
    assert call("evidence", "suggest", "report.txt", "--scenario", "case", "--out", "decided.toml", at=at).code == 0
    decided = at / "decided.toml"
    text = decided.read_text(encoding="utf-8").replace('accept = "?"', 'accept = "yes"')
    decided.write_text(text.replace('publisher = "?"', 'publisher = "Delta"'), encoding="utf-8")


def make_sheet(at: Path) -> None:
    make_relief(at)
    assert call("plan", "case", "--days", "2", "--out", "plan", at=at).code == 0


def make_talks(at: Path) -> None:
    assert call("init", "--like", "talks", at / "cases" / "talks").code == 0


def make_talks_and_people(at: Path) -> None:
    make_talks(at)
    make_counts(at / "cases")


def find_proposal() -> str:
    """Return the id of the number of people in the report."""
    from corridor.evidence.grammar.text import Text
    from corridor.evidence.suggest import suggest

    found = suggest(Text("report.txt", REPORT, ""), [], None).proposals
    return next(str(p["id"]) for p in found if p["kind"] == "quantity" and "9,300" in str(p["text"]))


FROM_EXTRACT = ("--roads", "valley.osm.pbf", "--inside", "area.geojson", "--start", "2025-03-01", "--end", "2025-03-05")
NIGHT = (
    "night",
    "cases",
    "--out",
    "nights",
    "--day",
    "2025-03-04",
    "--replicates",
    "2",
    "--particles",
    "100",
    "--quick",
)
CASES = [
    Case("build", make_extract, ("build", "new", *FROM_EXTRACT)),
    Case("build again", make_built, ("build", "case", "--end", "2025-03-09"), at_once=False),
    Case("flee build", make_extract, ("flee", "build", "new", *FROM_EXTRACT)),
    Case("init", lambda at: None, ("init", "new")),
    Case("init in an empty folder", lambda at: (at / "new").mkdir(), ("init", "new"), at_once=False),
    Case("accept", make_report, (*ACCEPT, find_proposal()), at_once=False),
    Case("draft", make_report, ("evidence", "accept", "report.txt", "--draft", "new", "--keep-text")),
    Case("seal", make_deal, ("deal", "case", "--seal", "ledger.jsonl")),
    Case("plan", make_relief, ("plan", "case", "--days", "2", "--out", "plan")),
    Case("sheet as a variant", make_sheet, ("plan", "case", "--from-sheet", "plan/plan.xlsx", "--as", "edited"), weight="slow"),
    Case("sheet into the case", make_sheet, ("plan", "case", "--from-sheet", "plan/plan.xlsx", "--into-case"), at_once=False, weight="slow"),
    Case("suggest", make_report, ("evidence", "suggest", "report.txt", "--scenario", "case", "--out", "decided.toml"), weight="slow"),
    Case("accept a file", make_suggested, ("evidence", "accept", "--from", "decided.toml"), at_once=False, weight="slow"),
    Case("sweep", make_design, ("sweep", "case", "design.csv", "--out", "swept", "--replicates", "2"), at_once=False, weight="slow"),
    Case("night of talks", make_talks, NIGHT, at_once=False, weight="long"),
    Case("night", make_talks_and_people, NIGHT, at_once=False, weight="long"),
    Case("flee run", lambda at: make_folder(at / "flee") and None, ("flee", "run", "flee", "--out", "run", "--replicates", "2"), at_once=False, weight="slow"),
    Case("flee import", lambda at: make_folder(at / "flee") and None, ("flee", "import", "flee", "new")),
    Case("export", make_run, ("export", "run", "arrivals", "--out", "arrivals.csv")),
    Case("run", lambda at: write_small(at / "case") and None, ("run", "case", "--out", "run", "--replicates", "3"), at_once=False),
    Case("report", make_run, ("report", "run", "--quick"), at_once=False, weight="slow"),
    Case(
        "forecast",
        make_counts,
        ("forecast", "case", "--as-of", "2025-03-04T08:00", "--draws", "case/fitted/f.csv", "--particles", "100", "--replicates", "2"),
    ),
]  # fmt: skip


def list_visible(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder that its user sees; what holds a time or has no fixed bytes in a form that tells it whole."""
    return {
        path.relative_to(folder).as_posix(): _settle(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(".") and not any(part.endswith(".part") for part in path.parts)
    }


def list_hidden(folder: Path) -> list[str]:
    """Return what a user does not see, but the locks."""
    return sorted(p.name for p in folder.rglob(".*") if not p.name.endswith(".lock"))


def _settle(path: Path) -> bytes:
    content = path.read_bytes()
    if path.name == "manifest.json":
        return json.dumps(
            {
                k: v
                for k, v in json.loads(content).items()
                if k not in ("seconds", "state", "conservation_error", "seal")
            }
        ).encode()
    if path.name == "timings.json":
        assert read_document(path)
        return b"seconds under a seal"
    if path.suffix == ".xlsx":
        with zipfile.ZipFile(path) as book:
            return str((book.testzip(), book.namelist())).encode()
    if path.name == "ledger.jsonl":
        assert read_records(path)
        return b"a ledger whose chain holds"
    return content
