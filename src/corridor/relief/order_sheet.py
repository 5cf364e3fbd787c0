"""Orders and the words of the field as sheets of a plan's workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridor.relief.sheets import Cell, Table

WORDS: Table = [
    ["word", "what it means here"],
    ["pipeline", "Goods that are at depots, on the way or due: depots and stocks of the case."],
    ["dispatch", "A convoy's departure from its loading point."],
    ["uplift", "Tonnes that trucks carry in a time; payload times trucks times trips."],
    ["convoy", "Trucks that drive together: rows whose ids begin with the same number."],
    ["consignment", "What goes to one delivery point with one convoy: one row of the sheet convoys."],
    ["cargo tracking", "What has left, arrived or been turned back: the column outcome."],
    ["access constraint", "What keeps convoys from a place: a closed road, a clearance, a slot, the pace of checks."],
    ["clearance", "Leave for a fleet to enter a road in a time, at most for so many trucks."],
    ["slot", "Leave for so many convoys a day to enter a road, in certain hours."],
    ["last mile", "From the delivery point to people: not planned here; goods count as there when they arrive."],
    ["days of cover", "For how long what is there lasts at the need of the people expected."],
    ["person-day without", "One person one day without an item: a gap of stated needs, no classification of hunger."],
    ["shadow price", "What one more unit of a limit would be worth, right for a small step."],
]  # fmt: skip


def order_rows(orders: Sequence[dict[str, Any]]) -> Table:
    """Return orders below each other, a block of lines each; see `relief/orders.py` for an order."""
    rows: Table = [
        ["consignment", "what", "value", "from", "to", "quantity", "unit", "tonnes", "sets out", "gets there"]
    ]
    for order in orders:
        rows += _write_block(order)
    return rows


def _write_block(order: dict[str, Any]) -> list[list[Cell]]:
    name = order["id"]
    lines = [
        _line(name, "dispatch" + (" (day)" if order["coarse"] else ""), order["departs"], order["from"]["name"]),
        _line(name, "expected", order["arrives"], "", order["to"]["name"]),
        _line(name, "expected back", order["back"]),
        _line(name, order["kind"], order["trucks"], order["fleet"]),
    ]
    for leg in order["legs"]:
        line = _line(name, "stretch", f"{leg['km']:.0f} km, {leg['hours']:.1f} h", leg["from"], leg["to"])
        lines.append([*line[:8], leg["enters"], leg["leaves"]])
    lines += [_line(name, gate["kind"], _tell_gate(gate)) for gate in order["gates"]]
    for load in order["loads"]:
        line = _line(name, "load", load["item"])
        lines.append([*line[:5], round(load["quantity"], 1), load["unit"], round(load["tonnes"], 3), "", ""])
    if order["people_out"]:
        lines.append(_line(name, "people out", order["people_out"], order["to"]["name"]))
    if order["fuel"]:
        lines.append(_line(name, "fuel out, back (l)", f"{order['fuel']['out']:.0f}, {order['fuel']['back']:.0f}"))
    turned = order["from"]
    lines.append(_line(name, "if turned back, to", turned["coordinates"], turned["name"]))
    return [*lines, _line("", "", "")]


def _line(name: str, what: str, value: Cell, start: str = "", end: str = "") -> list[Cell]:
    return [name, what, value, start, end, "", "", "", "", ""]


def _tell_gate(gate: dict[str, Any]) -> str:
    if gate["kind"] == "checkpoint":
        return f"{gate['name']}, {gate['place']}"
    if gate["kind"] == "slot":
        late = f"; planned there at {gate['waits']}: the convoy waits" if gate["waits"] else ""
        return f"{gate['id']}, {gate['first']:g} h to {gate['last']:g} h, {gate['convoys']:g} a day{late}"
    if not gate["id"]:
        return f"{gate['road']}: none in force at that hour"
    return f"{gate['id']}, {gate['from']} to {gate['until']}"
