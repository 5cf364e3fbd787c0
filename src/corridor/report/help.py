"""What would help most: the things that somebody could do today, by how many more people would be out."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from corridor.report.sentences import range_of
from corridor.words.said import Moment, Number, Said, join, say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from corridor.results.result import Result

MOST = 3
TABLES = {
    **dict.fromkeys(("lanes", "lanes_until", "opening", "opening_until"), "checkpoints"),
    "vehicles": "fleets",
    "fuel": "places",
}


def say_help(result: Result, levers: Mapping[str, Any] | None) -> list[list[Said]]:
    """Return a sentence for each lever that clearly brings more people out, the largest gain first."""
    if result.manifest.get("engine") == "flee":
        return [[say("help.other_rules")]]
    if levers is None:
        return [[say("help.unmeasured")]]
    untils = [datetime.fromisoformat(text) for text in levers["until"]]
    if not levers["levers"]:
        return [[say("help.over" if untils[-1] <= datetime.fromisoformat(levers["moment"]) else "help.no_lever")]]
    clear = [entry for entry in levers["levers"] if entry["clear"]][:MOST]
    if not clear:
        tried = join(*(say(f"lever.{e['kind']}", what=_name(result, e)) for e in levers["levers"]))
        return [[say("help.nothing", tried=tried, when=Moment(untils[-1]))]]
    return [[_say_gain(result, entry, untils)] for entry in clear]


def _say_gain(result: Result, entry: Mapping[str, Any], untils: Sequence[datetime]) -> Said:
    what = _name(result, entry)
    gains = [
        Number(
            range_of(points),
            f"gain of {entry['kind']}",
            entry["row"],
            time.isoformat(timespec="minutes"),
        )
        for points, time in zip(entry["gains"], untils, strict=True)
    ]
    when = [Moment(time) for time in untils]
    if len(when) == 1:
        return say(f"help.once.{entry['kind']}", what=what, people=gains[0], when=when[0])
    return say(f"help.{entry['kind']}", what=what, people=gains[0], when=when[0], later=gains[1], then=when[1])


def _name(result: Result, entry: Mapping[str, Any]) -> str:
    rows = result.scenario.rows(TABLES[entry["kind"]], result.manifest["parameters"])
    return next((str(row["name"] or row["id"]) for row in rows if row["id"] == entry["row"]), entry["row"])
