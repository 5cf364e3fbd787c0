"""Convoys as the scenario writes them, compiled: who leaves when with what, and by which roads."""

from __future__ import annotations

import math
from datetime import datetime

import numpy as np

from corridor.scenario.convoys import name_party
from corridor.scenario.draft import Row
from corridor.scenario.transport import list_transports
from corridor.scenario.values import hours_between, read_loads
from corridor.scenario.ways import find_ways
from corridor.simulate.arrays import Flags, Floats, Integers
from corridor.simulate.goods import Convoy, Depot, Gate, Leg, Outside, Slot
from corridor.simulate.tables import Tables, sort_rows, to_integers

SHUT_COUNTS_AS = 1000.0  # hours more: a road shut at the start is used only when there is no other


def compile_convoys(
    tables: Tables,
    inside: Flags,
    items: tuple[str, ...],
    fleets: tuple[str, ...],
    gates: tuple[Gate, ...],
    slots: tuple[Slot, ...],
    start: datetime,
) -> tuple[Convoy, ...]:
    """Return the convoys that the model moves, in order of departure.

    Left out are those that left before the period, and those of which it is not known how they ended.
    """
    network, takes = _Network(tables, inside, gates, slots), find_takers(tables)
    convoys: list[Convoy] = []
    parties: dict[tuple[str, ...], int] = {}
    rows = [row for row in tables.rows["convoys"] if _is_moved(row, start)]
    for row in sorted(rows, key=lambda row: (row["departs"].start, str(row["id"]))):
        loads = _read_loads(row, items, tables)
        fleet = tables.by_id["fleets"][row["fleet"]]
        legs = network.follow(row) if row["roads"] else network.find_way(row["from"], row["to"], row["fleet"])
        assert legs or row["from"] == row["to"], "roads join the ends: checked with the scenario"
        name = name_party(str(row["id"]), str(row["to"]))
        party = (name, row["fleet"], row["from"], row["departs"].write())
        number = fleets.index(row["fleet"])
        convoys.append(
            Convoy(
                row["id"],
                number,
                row["departs"],
                row["trucks"] or 0,
                loads,
                network.place_of[row["from"]],
                network.place_of[row["to"]],
                legs,
                fleet["refuels"] == "destination",
                network.measure(legs),
                float(fleet["convoy_trucks"] or math.inf),
                "" if row["outcome"] == "planned" else row["outcome"],
                parties.setdefault(party, len(parties)),
                name,
                int(takes[number]),
                _find_slots_back(legs, slots) if takes[number] >= 0 else (),
            )
        )
    return tuple(convoys)


def find_takers(tables: Tables) -> Integers:
    """Return the number among the fleets that carry people of each that carries goods, -1 of those for goods alone."""
    people = tables.fleets_for("people")
    return to_integers(people.index(name) if name in people else -1 for name in tables.fleets_for("goods"))


def _find_slots_back(legs: tuple[Leg, ...], slots: tuple[Slot, ...]) -> tuple[int, ...]:
    return tuple(
        s for leg in legs for s, slot in enumerate(slots) if slot.road == leg.road and slot.outward != leg.outward
    )


def _is_moved(row: Row, start: datetime) -> bool:
    return bool(not row["service"] and row["outcome"] != "unknown" and row["departs"].end >= start)


def compile_outside(tables: Tables, inside: Flags, items: dict[str, int], start: datetime) -> Outside:
    """Return what is in store outside; `items` are their numbers. A depot that never runs out limits nothing."""
    place_of = tables.index("places")
    rows = [row for row in sort_rows(tables.rows["depots"]) if not inside[place_of[row["place"]]]]
    named = {row["place"] for row in rows} | {row["to"] for row in tables.rows["convoys"]}
    places = to_integers(sorted(place_of[name] for name in named if not inside[place_of[name]]))
    at = {int(place): m for m, place in enumerate(places)}
    limited = np.zeros((len(places), len(items)), dtype=bool)
    for stated in (True, False):
        for row in rows:
            if (row["quantity"] is not None) == stated:
                limited[at[place_of[row["place"]]], items[row["item"]]] = stated
    depots = (
        Depot(
            f"depots/{row['id']}",
            at[place_of[row["place"]]],
            items[row["item"]],
            hours_between(start, row["from"]) if row["from"] else 0.0,
            False,
        )
        for row in rows
    )
    return Outside(places, limited, tuple(depot for depot in depots if limited[depot.place, depot.item]))


def _read_loads(row: Row, items: tuple[str, ...], tables: Tables) -> Floats:
    """Return the load in units of each item from text such as "food=50 soap=2" (tonnes)."""
    loads = np.zeros(len(items))
    for word, name, tonnes in read_loads(row["loads"] or ""):
        assert tonnes is not None, f"{word} says tonnes of an item: checked with the scenario"
        loads[items.index(name)] += tonnes / tables.by_id["items"][name]["tonnes_per_unit"]
    return loads


class _Network:
    """The roads of a scenario, for looking up a convoy's way."""

    def __init__(self, tables: Tables, inside: Flags, gates: tuple[Gate, ...], slots: tuple[Slot, ...]) -> None:
        self.inside, self.gates, self.slots = inside, gates, slots
        self.place_of = tables.index("places")
        self.rows = [tables.by_id["roads"][road] for road in tables.ids("roads")]
        self.checkpoint_at = {
            self.place_of[tables.by_id["checkpoints"][k]["place"]]: c for c, k in enumerate(tables.ids("checkpoints"))
        }
        outwards = [(self.place_of[row["from"]], self.place_of[row["to"]]) for row in self.rows]
        # link 2r is road r outwards, link 2r + 1 back
        self.ends = np.array([link for way in outwards for link in (way, way[::-1])], dtype=np.int64).reshape(-1, 2)
        self.hours = np.repeat([self._hours(road) for road in range(len(self.rows))], 2)
        transports = list_transports(tables.rows["transport"])
        self.carrier = {name: transports[row["transport"]] for name, row in tables.by_id["fleets"].items()}

    def measure(self, legs: tuple[Leg, ...]) -> float:
        """Return the kilometres of a way."""
        return float(sum(self.rows[leg.road]["length_km"] for leg in legs))

    def follow(self, row: Row) -> tuple[Leg, ...]:
        """Return the way of a convoy that says by which roads it goes."""
        numbers, here = {road["id"]: number for number, road in enumerate(self.rows)}, self.place_of[row["from"]]
        legs: list[Leg] = []
        for road in (numbers[name] for name in row["roads"]):
            begin, end = self.ends[2 * road].tolist()
            legs.append(self._leg(here, end if here == begin else begin, road, here == begin, row["fleet"]))
            here = legs[-1].end
        return tuple(legs)

    def find_way(self, origin: str, target: str, fleet: str) -> tuple[Leg, ...]:
        """Return the quickest way by free travel time."""
        starts, ends = self.ends.T
        carrier = self.carrier[fleet]
        (taken,) = np.nonzero(np.repeat([carrier.may_use(row["kind"], row["walked"]) for row in self.rows], 2))
        ways = find_ways(starts[taken], ends[taken], self.hours[taken], self.place_of[origin], len(self.place_of))
        links = taken[ways.trace(self.place_of[target])].tolist()
        return tuple(self._leg(int(starts[k]), int(ends[k]), k // 2, k % 2 == 0, fleet) for k in links)

    def _hours(self, road: int) -> float:
        row = self.rows[road]
        shut = SHUT_COUNTS_AS if row["direction"] == "shut" else 0.0
        return float(row["length_km"] / row["speed_kmh"].median + shut)

    def _leg(self, begin: int, end: int, road: int, outward: bool, fleet: str) -> Leg:
        gates, slots = enumerate(self.gates), enumerate(self.slots)
        return Leg(
            road,
            outward,
            end,
            self.checkpoint_at.get(begin, -1),
            bool(self.inside[end] and not self.inside[begin]),
            bool(self.rows[road]["needs_clearance"]),
            tuple(g for g, gate in gates if gate.road == road and gate.fleet in ("", fleet)),
            tuple(s for s, slot in slots if slot.road == road and slot.outward == outward),
            self.rows[road]["length_km"],
        )
