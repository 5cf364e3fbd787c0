"""Tables of several runs or variants at a moment: who gets out, who waits, who goes without, and who gets less."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np

from corridor.results.beside import BAND, BY_EXIT, TOTALS, Numbers, Side, explain_unpaired, pair, to_whole
from corridor.results.relief import ROAD
from corridor.simulate.series import NO_EXIT, Column

BY_PLACE = ("at_place", "waiting_for_transport")
MOST_PLACES = 40  # in a table: those where most people are or wait
NEARLY_ALL = 0.75  # share of the pairs in which somebody is worse off, from which on he is said to be


def compare_sides(sides: Sequence[Side], moment: datetime) -> dict[str, Any]:
    """Return the numbers of several sides at a moment, each a row of cells in the order of the sides.

    A cell has `range` [5 %, median, 95 %] and, where the side pairs with the first, `more` [5 %, median, 95 %] of its
    difference to it, with `higher` and `lower`, the shares of pairs in which it is that; None where a side has no such
    number. `of` names the exit or the place; `less` tells by side who gets less than in the first.
    """
    columns = {column for side in sides for column in side.columns}
    totals = [Column(name) for name in TOTALS if Column(name) in columns]
    exits = sorted(c.labels[0] for c in columns if c.series == "arrivals/exit")
    by_exit = [Column(series, (name,)) for name in exits for series in BY_EXIT]
    by_exit += [c for c in (Column("held_back", (NO_EXIT,)),) if c in columns]
    return {
        "totals": [_tell_row(sides, column, moment) for column in totals],
        "exits": [_tell_row(sides, column, moment) for column in by_exit],
        "places": _tell_places(sides, columns, moment),
        "without": tell_without(sides),
        "less": [_find_less(sides, side, moment) for side in sides],
    }


def _take_at(side: Side, column: Column, moment: datetime) -> Numbers | None:
    """Return a column at a moment [R]; an exit that a side has not is one that nobody uses."""
    if column in side.columns:
        return np.asarray(side.take(column)[side.find(moment)])
    return np.zeros(1) if column.series in BY_EXIT else None


def _tell_cells(sides: Sequence[Side], values: Sequence[Numbers | None]) -> list[dict[str, Any] | None]:
    cells: list[dict[str, Any] | None] = []
    for side, one in zip(sides, values, strict=True):
        if one is None:
            cells.append(None)
            continue
        cell: dict[str, Any] = {"range": to_whole(np.quantile(one, BAND))}
        both = None if values[0] is None else pair(sides[0], side, values[0], one)
        if both is not None:
            difference = both[1] - both[0]
            shares = {"higher": difference > 0, "lower": difference < 0}
            cell |= {name: round(float(share.mean()), 3) for name, share in shares.items()}
            cell["more"] = to_whole(np.quantile(difference, BAND))
        cells.append(cell)
    return cells


def _tell_row(sides: Sequence[Side], column: Column, moment: datetime) -> dict[str, Any]:
    cells = _tell_cells(sides, [_take_at(side, column, moment) for side in sides])
    return {"measure": column.series, "of": column.labels[0] if column.labels else "", "cells": cells}


def _holds_somebody(row: Mapping[str, Any]) -> int:
    """Return the largest number in a row."""
    return max((max(cell["range"]) for cell in row["cells"] if cell), default=0)


def _tell_places(sides: Sequence[Side], columns: set[Column], moment: datetime) -> list[dict[str, Any]]:
    inside = {place for side in sides for place in side.inside}
    chosen = sorted(c for c in columns if c.series in BY_PLACE and c.labels and c.labels[0] in inside)
    rows = [_tell_row(sides, column, moment) for column in chosen]
    return sorted((row for row in rows if _holds_somebody(row)), key=lambda row: -_holds_somebody(row))[:MOST_PLACES]


def tell_without(sides: Sequence[Side]) -> list[dict[str, Any]]:
    """Return person-days without by the end, by place and item; the road last."""
    keys = sorted({key for side in sides for key in side.without}, key=lambda key: (key[0] == ROAD, key))
    rows = [
        {
            "measure": "without",
            "of": place,
            "item": item,
            "cells": _tell_cells(sides, [s.without.get((place, item)) for s in sides]),
        }
        for place, item in keys
    ]
    return [row for row in rows if _holds_somebody(row)][:MOST_PLACES]


def _find_less(sides: Sequence[Side], side: Side, moment: datetime) -> list[dict[str, Any]] | None:
    """Return who gets less in a side than in the first, most first; None where they do not pair.

    That is: an exit by which fewer have come out, a place where more still are or wait, person-days more without; each
    in nearly all pairs.
    """
    if side is sides[0] or explain_unpaired(sides[0], side):
        return None
    both = (sides[0], side)
    columns = side.columns | sides[0].columns
    rows = [_tell_row(both, c, moment) for c in columns if c.series in ("arrivals/exit", *BY_PLACE) and c.labels]
    rows = [row for row in rows if row["measure"] == "arrivals/exit" or row["of"] in side.inside]
    rows += tell_without(both)
    return sorted(filter(_is_worse, rows), key=lambda row: -abs(row["cells"][1]["more"][1]))[:MOST_PLACES]


def _is_worse(row: Mapping[str, Any]) -> bool:
    """Tell whether somebody gets less in the second cell of a row than in the first, in nearly all pairs."""
    cell = row["cells"][1]
    worse = "lower" if row["measure"] == "arrivals/exit" else "higher"
    return bool(cell and cell.get("more", (0, 0))[1] and cell[worse] >= NEARLY_ALL)
