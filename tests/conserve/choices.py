"""Generated worlds in which everything of choice and access is mixed: wishes, sight, danger, windows, passage, refuges."""

from __future__ import annotations

from hypothesis import strategies as st

from conserve.generate import HOURS, worlds
from worlds import at

PARAMETERS = {
    "informed_share": [0, 1, "0..0.7"],
    "informed_minutes": [30, 60, 90],
    "effect_way_danger": [0, 2],
    "danger_slowing": [0, 0.3, "0..0.9"],
    "danger_detour_hours": [0, 6],
    "danger_closing": [0.4, 1, 2],
    "time_weight": [0, 0.1, 3],
    "departure_wander": [0.3],
}


@st.composite
def worlds_of_choice(draw):
    """Return (step in minutes, tables, parameters) of a generated world with the tables of choice and access."""
    step_minutes, tables = draw(worlds())
    roads, groups = [row["id"] for row in tables["roads"]], [row["id"] for row in tables["groups"]]
    for row in tables["places"]:
        if row["area"] == "inside":
            row["attractiveness"] = draw(st.sampled_from(["", "", 0.5, "0..3"]))
        row["beds"] = draw(st.sampled_from(["", "", 0, 30, "0..2000"]))
    for row in tables["roads"]:
        row["danger"] = draw(st.sampled_from([0, 0, "0..1", 0.5, 1]))
    for row in tables["groups"]:
        row["onward_rate"] = draw(st.sampled_from(["", 0, "0.05..2"]))
        row["turn_back_rate"] = draw(st.sampled_from([0, 0, "0..2"]))
        row["return_rate"] = draw(st.sampled_from([0, 0, "0.01..0.5", 3]))
    inside = [row["id"] for row in tables["places"] if row["area"] == "inside"]
    registering = [
        {"id": f"d_{name}", "place": name, "people_per_hour": draw(st.sampled_from([5, 900])), "wander": 0.2}
        for name in draw(st.sets(st.sampled_from(inside), max_size=1))
    ]
    gates = [row["id"] for row in tables.get("checkpoints", [])]
    extra = {
        "wishes": [
            {"group": group, "place": place["id"], "weight": draw(st.sampled_from([0, 1, "0..5"]))}
            for group in draw(st.sets(st.sampled_from(groups), max_size=2))
            for place in tables["places"]
            if draw(st.booleans())
        ],
        "windows": [draw_window(draw, number, roads, gates, groups) for number in range(draw(st.integers(0, 4)))],
        "passage": draw_passage(draw, gates, groups),
        "desks": [*tables.get("desks", []), *registering],
    }
    fears = [
        {"id": f"fear{number}", "time": at(draw(st.integers(0, HOURS - 2))), "kind": "road_danger", "target": road,
         "value": draw(st.sampled_from([0, 0.5, 1])), "chance": 1}
        for number, road in enumerate(draw(st.lists(st.sampled_from(roads), max_size=2)))
    ]  # fmt: skip
    homeward = [
        {"id": f"home{number}", "time": at(draw(st.integers(0, HOURS - 2))), "kind": "return_rate", "target": group,
         "value": draw(st.sampled_from([0, 0.5])), "chance": 1}
        for number, group in enumerate(draw(st.lists(st.sampled_from(groups), max_size=1)))
    ]  # fmt: skip
    tables = {**tables, **extra, "events": [*tables.get("events", []), *fears, *homeward]}
    parameters = {name: draw(st.sampled_from(values)) for name, values in PARAMETERS.items()}
    return step_minutes, {name: rows for name, rows in tables.items() if rows}, parameters


def draw_window(draw, number, roads, gates, groups):
    """Return a window of any road or checkpoint, for all or some, in hours of a day of which the period holds most."""
    first = draw(st.integers(0, 16))
    begin = draw(st.sampled_from(["", at(3)]))
    of_gate = bool(gates) and draw(st.booleans())
    return {
        "id": f"w{number}",
        "road": "" if of_gate else draw(st.sampled_from(roads)),
        "checkpoint": draw(st.sampled_from(gates)) if of_gate else "",
        "first_hour": first,
        "last_hour": draw(st.integers(first + 1, 24)),
        "from": begin,
        "until": draw(st.sampled_from(["", at(11)])),
        "chance": draw(st.sampled_from([1, 0.5, "0..1"])),
        "transports": draw(st.sampled_from(["", "", "car", "bus foot"])),
        "groups": draw(st.sampled_from(["", "", *groups])),
    }


def draw_passage(draw, gates, groups):
    """Return rules of passage: of one group the share and the hours are the same in all."""
    if not gates:
        return []
    of_group = {
        group: {
            "share": draw(st.sampled_from([0, "0..1", 0.5])),
            "papers_hours": draw(st.sampled_from(["", 0.5, "3..20"])),
        }
        for group in groups
    }
    rows = []
    for number in range(draw(st.integers(0, 3))):
        group, begin = draw(st.sampled_from(groups)), draw(st.sampled_from(["", at(2), at(6)]))
        gate, end = draw(st.sampled_from(gates)), draw(st.sampled_from(["", at(9)]))
        rows.append(
            {"id": f"p{number}", "checkpoint": gate, "group": group, "from": begin, "until": end, **of_group[group]}
        )
    return rows
