"""The ways out of a run: each road from inside to outside, who came out by it, what is held up before it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from corridor.results.limits import FEWEST_VEHICLES, LIMITS, find_limits

if TYPE_CHECKING:
    from corridor.results.result import Result, Values


@dataclass(frozen=True)
class Exit:
    """A road that leads out, by its id and name; `arrivals` [R, T] is None where the run does not tell by exit.

    `held` [R, T] are the vehicles held up on it and on the roads that lead to it alone. `limits` maps a limit of
    LIMITS to whether it holds [R, T].
    """

    id: str
    name: str
    arrivals: Values | None
    held: Values
    limits: dict[str, Values]


def list_exits(result: Result) -> list[Exit]:
    """Return the exits of a run in the order of the roads table."""
    chosen = result.manifest["parameters"]
    places = {row["id"]: row for row in result.scenario.rows("places", chosen)}
    outside = {name for name, row in places.items() if row["area"] == "outside"}
    roads = result.scenario.rows("roads", chosen)
    ways = {row["id"]: row["id"] if row["to"] in outside else f"{row['id']}/back" for row in roads}
    used = {link for (link,) in result.labels("on_road")}  # a road that leads nobody where he wants to go is no exit
    out = [row for row in roads if (row["from"] in outside) != (row["to"] in outside) and ways[row["id"]] in used]
    if not out:
        return []
    whole = len(out) == 1
    total = result.take_totals("arrivals", "vehicles_delayed")
    limits = _mark(find_limits(result))
    gates = {row["place"] for row in result.scenario.rows("checkpoints", chosen)}
    starts = [row["from"] if row["to"] in outside else row["to"] for row in out]
    found = []
    for row, start in zip(out, starts, strict=True):
        name = row["name"] or f"{places[row['from']]['name']} – {places[row['to']]['name']}"
        if whole:
            found.append(Exit(row["id"], name, total["arrivals"], total["vehicles_delayed"], limits))
            continue
        arrivals = result.take("arrivals", row["id"]) if result.has("arrivals", row["id"]) else None
        links = [row["id"], f"{row['id']}/back"]
        if starts.count(start) == 1:
            links += [r["id"] for r in roads if r["to"] == start] + [
                f"{r['id']}/back" for r in roads if r["from"] == start
            ]
        held = _sum(result, "vehicles_delayed", links)
        gate = bool({row["from"], row["to"]} & gates)
        found.append(Exit(row["id"], name, arrivals, held, _limit_exit(limits, held, gate)))
    return found


def _mark(limits: np.ndarray) -> dict[str, Values]:
    return {name: np.asarray(limits == number, dtype=np.float64) for number, name in enumerate(LIMITS)}


def _limit_exit(everywhere: dict[str, Values], held: Values, gate: bool) -> dict[str, Values]:
    """Return what limits one exit of several: its queue, and without one what holds where no queue stands."""
    queued = held >= FEWEST_VEHICLES
    free = 1.0 - queued
    elsewhere = {name: everywhere[name] * free for name in ("closed", "transport", "decision", "nothing")}
    rest = free - sum(elsewhere.values(), np.zeros_like(free))  # a queue stands, but before another exit
    own = "checkpoint" if gate else "road"
    return {own: queued.astype(np.float64), **elsewhere, "elsewhere": rest}


def _sum(result: Result, series: str, labels: list[str]) -> Values:
    known = [result.take(series, label) for label in labels if result.has(series, label)]
    return sum(known, np.zeros((result.replicates, len(result.times))))
