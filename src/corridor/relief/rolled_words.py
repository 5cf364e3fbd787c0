"""What planning once, anew each day and anew on a forecast come to, as tables for the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corridor.relief.words import say_percent
from corridor.words.language import ENGLISH, Language
from corridor.words.said import Digits, Said, Share, Stated, say
from corridor.words.writing import tell, write

if TYPE_CHECKING:
    from collections.abc import Mapping

WAYS = ("nothing", "once", "rolling", "forecast")
IN_ONE_COURSE = ("rolling", "once", "nothing")
COLUMNS = {"person_days": 0, "weighted_hours": 0, "brought_tonnes": 1, "people_out": 0, "hours_waited": 0}  # digits


def describe_rolled(rolled: Mapping[str, Any], language: Language = ENGLISH) -> str:
    """Return the means over all courses, and the paired differences to planning once with their intervals."""
    columns = {name: places for name, places in COLUMNS.items() if name in rolled["ways"]["once"]}
    titles = {name: tell(language, f"plan.measure.{name}") for name in columns}
    ways = {way: tell(language, f"plan.rolled.{way}") for way in WAYS}
    lines = [tell(language, "plan.rolled.means", courses=Stated(len(rolled["replicates"])))]
    lines.append(f"  {'':30}" + "".join(f"{title:>34}" for title in titles.values()))
    for way, words in ways.items():
        values = (write(Digits(rolled["ways"][way][name], places), language) for name, places in columns.items())
        lines.append(f"  {words:30}" + "".join(f"{value:>34}" for value in values))
    lines.append(tell(language, "plan.rolled.paired"))
    for way, words in ways.items():
        for name, places in columns.items() if way != "once" else ():
            pair = _write_pair(rolled["beside_once"][way][name], places, language)
            lines.append(f"  {words:30}{titles[name]:34}{pair}")
    weighed, counts = Stated(rolled["weighed"]), Stated(rolled["counts"])
    return "\n".join([*lines, tell(language, "plan.rolled.about", weighed=weighed, counts=counts)])


def _write_pair(pair: Mapping[str, float | None], places: int, language: Language) -> str:
    mean, low, high = (_write_signed(pair[name], places, language) for name in ("mean", "low", "high"))
    if not low or not high:
        return mean
    return tell(language, "plan.rolled.pair", mean=mean, low=low, high=high, share=Share(pair["share_less"] or 0.0))


def _write_signed(value: float | None, places: int, language: Language) -> str:
    if value is None:
        return ""
    return ("+" if value >= 0 else "") + write(Digits(value, places), language)


def describe_rolling(rolled: Mapping[str, Any], language: Language = ENGLISH) -> str:
    """Return in words how planning anew each day did in one course, beside planning once and sending nothing."""
    plans, replicate = Stated(rolled["plans"]), Stated(rolled["replicate"])
    lines = [tell(language, "plan.rolled", plans=plans, replicate=replicate)]
    for way in IN_ONE_COURSE:
        lines.append(f"  {tell(language, 'plan.rolled.way', way=say(f'plan.rolled.{way}'))}")
        for row in rolled["courses"][way]:
            tonnes, without = Digits(row["brought_tonnes"], 1), _say_without(row)
            said = say("plan.rolled.row", tonnes=tonnes, met=say_percent(row["share_met"], 1), without=without)
            lines.append(f"    {row['item']:16} {write(said, language)}")
        if out := rolled["out"].get(way):
            people, hours = Digits(out["people_out"]), Digits(out["hours_waited"])
            row = tell(language, "plan.rolled.out.row", people=people, hours=hours)
            lines.append(f"    {tell(language, 'plan.rolled.out'):16} {row}")
    return "\n".join(lines)


def _say_without(row: Mapping[str, Any]) -> Said:
    places, road = row["person_days_at_places"], row["person_days_on_the_road"]
    if places is None:
        return say("plan.cover.not_known")
    return say("plan.rolled.without", places=Digits(places), road=Digits(road or 0.0))
