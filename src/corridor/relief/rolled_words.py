"""What planning once, anew each day and anew on a forecast come to, as a table for the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

WAYS = {
    "nothing": "nothing sent",
    "once": "planned once",
    "rolling": "anew each day",
    "forecast": "anew each day, on a forecast",
}
COLUMNS = {
    "person_days": ("person-days without", 0),
    "weighted_hours": ("weighted person-hours without", 0),
    "brought_tonnes": ("t brought in", 1),
    "people_out": ("people taken out", 0),
    "hours_waited": ("hours of waiting for transport", 0),
}


def describe_rolled(rolled: Mapping[str, Any]) -> str:
    """Return the means over all courses, and the paired differences to planning once with their intervals."""
    number = len(rolled["replicates"])
    columns = {name: words for name, words in COLUMNS.items() if name in rolled["ways"]["once"]}
    lines = [
        f"Means over {number} simulated courses, from the plan's start to its end (person-days: at places, where the "
        "stock is known):"
    ]
    lines.append(f"  {'':30}" + "".join(f"{title:>32}" for title, _ in columns.values()))
    for way, words in WAYS.items():
        cells = (f"{rolled['ways'][way][name]:32,.{digits}f}" for name, (_, digits) in columns.items())
        lines.append(f"  {words:30}" + "".join(cells))
    lines.append("Less planned once, in the same course (mean; 95 % interval; share of courses in which it is less):")
    for way, words in WAYS.items():
        if way == "once":
            continue
        for name, (title, digits) in columns.items():
            pair = rolled["beside_once"][way][name]
            lines.append(f"  {words:30}{title:32}{_write_pair(pair, digits)}")
    lines.append(
        "Whoever plans anew sees the people and stocks at each place. Without a forecast they go on as the first plan "
        f"expected; with one they leave as in {rolled['weighed']} other courses, weighed by the {rolled['counts']} "
        "counts published of this one by then, with an error each."
    )
    return "\n".join(lines)


def _write_pair(pair: Mapping[str, float | None], digits: int) -> str:
    if pair["low"] is None or pair["high"] is None:
        return f"{pair['mean']:+,.{digits}f}"
    return (
        f"{pair['mean']:+,.{digits}f} ({pair['low']:+,.{digits}f} to {pair['high']:+,.{digits}f}); "
        f"{pair['share_less']:.0%}"
    )
