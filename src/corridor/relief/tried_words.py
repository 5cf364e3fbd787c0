"""What became of a plan's convoys, or of those that a person wrote, in simulated courses, for the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corridor.words.language import ENGLISH, Language
from corridor.words.said import Digits, Said, Stated, join, say
from corridor.words.writing import tell, write

if TYPE_CHECKING:
    from collections.abc import Mapping


def describe_trial(trial: Mapping[str, Any], language: Language = ENGLISH) -> str:
    """Return in words what became of a plan in the simulation."""
    lines = [tell(language, "plan.tried", courses=Stated(trial["replicates"]))]
    rows = [row for row in trial["items"] if row["planned_tonnes"]]
    lines += [f"  {row['item']:16} {write(_say_item(row), language)}" for row in rows]
    if "people_out" in trial:
        promised, hours = Stated(trial["people_out_promised"]), Digits(trial["hours_waited_saved_promised"])
        out, saved = _say_range(trial["people_out"]), _say_range(trial["hours_waited_saved"])
        said = say("plan.tried.out", out=out, promised=promised, saved=saved, hours=hours)
        lines.append(f"  {write(said, language)}")
    return "\n".join([*lines, write(_say_waits(trial), language)])


def _say_item(row: Mapping[str, Any]) -> Said:
    planned, brought = Digits(row["planned_tonnes"], 1), _say_range(row["brought_tonnes"], 1)
    tonnes = say("plan.tried.tonnes", planned=planned, brought=brought)
    if row["person_days_saved"] is None:
        return tonnes
    days, promised = _say_range(row["person_days_with"]), Digits(row["person_days_promised"])
    saved = _say_range(row["person_days_saved"])
    return say("plan.tried.days", **{"tonnes": tonnes, "with": days, "promised": promised, "saved": saved})


def describe_convoy_trial(trial: Mapping[str, Any], language: Language = ENGLISH) -> str:
    """Return in words what became of convoys that a person wrote."""
    lines = [tell(language, "plan.tried", courses=Stated(trial["replicates"]))]
    for row in trial["items"]:
        if not row["sent_tonnes"]:
            continue
        sent, brought = Digits(row["sent_tonnes"], 1), _say_range(row["brought_tonnes"], 1)
        said = say("plan.tried.rows", sent=sent, brought=brought)
        if row["person_days_saved"] is not None:
            said = say("plan.tried.rows.days", tonnes=said, saved=_say_range(row["person_days_saved"]))
        lines.append(f"  {row['item']:16} {write(said, language)}")
    lines.append(write(_say_waits(trial), language))
    if trial["trucks_turned_back"]["q95"]:
        lines.append(tell(language, "plan.turned_back", trucks=_say_range(trial["trucks_turned_back"])))
    return "\n".join(lines)


def _say_waits(trial: Mapping[str, Any]) -> Said:
    """Say what trucks waited for."""
    waits = {cause: hours for cause, hours in trial["truck_hours_waited"].items() if hours["q95"]}
    causes = [say(f"plan.waited.{cause}", hours=_say_range(hours)) for cause, hours in waits.items()]
    return say("plan.waited", causes=join(*causes, between=", ") if causes else say("plan.waited.nothing"))


def _say_range(values: Mapping[str, float], places: int = 0) -> Digits | Said:
    low, middle, high = (Digits(values[name], places) for name in ("q05", "median", "q95"))
    if f"{low.value:.{places}f}" == f"{high.value:.{places}f}":
        return middle
    return say("plan.range", middle=middle, low=low, high=high)
