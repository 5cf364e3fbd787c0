"""The six questions a briefing answers, each in plain sentences with ranges, at a moment and at the end."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor.report.figures import WAIT_WINDOW_HOURS, hours_of_arrivals
from corridor.report.influence import name_input
from corridor.report.limiting import say_limits, say_limits_over_time
from corridor.report.shortage import Store, count_without, find_stores, find_unknown
from corridor.report.words import (
    join_words,
    write_about,
    write_chance,
    write_moment,
    write_range,
)
from corridor.results.limits import FEWEST_VEHICLES
from corridor.results.result import Result, find_position, interpolate
from corridor.words.writing import write

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from corridor.report.envelope import Figure
    from corridor.results.drawn import Drawn
    from corridor.results.findings import Findings
    from corridor.results.result import Values
    from corridor.words.said import Said

Answer = dict[str, Any]
DISPLACED = "displaced_inside"  # recorded where people may stop at a place inside
FEW = 0.0005  # of the people at the start: fewer are "hardly anybody"
SELDOM, OFTEN = (
    0.1,
    0.9,
)  # shares of runs: below the first a thing is not there, above the second it always is


def answer_questions(result: Result, findings: Findings, influence: Figure) -> list[Answer]:
    """Return the six answers: question, sentences `now` and `end`, the figure and the tables they rest on."""
    moment = findings.moment
    return [
        _answer_inside(result, moment),
        _answer_road(result, moment),
        _answer_wait(result, moment),
        _answer_shortage(result, moment, find_stores(result, findings.drawn)),
        _answer_limit(result, findings.drawn, moment),
        _answer_influence(influence),
    ]


def _answer(question: str, now: str, end: str, figure: str, *tables: str) -> Answer:
    return {"question": question, "now": now, "end": end, "figure": figure, "tables": list(tables)}


def _answer_inside(result: Result, moment: datetime) -> Answer:
    inside, waiting = result.take("inside"), result.take("waiting_for_transport")
    then = interpolate(inside, result.times, moment)
    held = interpolate(waiting, result.times, moment)
    displaced = result.take(DISPLACED) if result.has(DISPLACED) else np.zeros_like(inside)
    now = write_range(then, "people are still inside", none="hardly anybody is still inside", least=1)
    away = _say_displaced(interpolate(displaced, result.times, moment))
    now += away
    if np.quantile(held, 0.95) >= 1:
        now += ", and " if away else "; of them "
        now += write_range(held, "have decided to leave and wait for a vehicle, fuel or a seat")
    end = write_range(
        inside[:, -1],
        "people are still inside, those who never meant to leave included",
        none="nobody is inside",
    ) + _say_displaced(displaced[:, -1])
    return _answer("Who is still inside?", now, end, "people", "people", "parameters", "groups")


def _say_displaced(displaced: Values) -> str:
    """Return how many of those inside are so away from home; nothing where hardly anybody is."""
    if np.quantile(displaced, 0.95) < 1:
        return ""
    return "; of them " + write_range(displaced, "have left home and stay at another place inside")


def _answer_road(result: Result, moment: datetime) -> Answer:
    inward = result.has(DISPLACED)
    words = "people are on the way, out or to a place inside" if inward else "people are on the way out"
    data = result.take_totals("on_roads", "vehicles_delayed", "queue_km")
    few = max(1.0, FEW * float(np.median(result.take("inside")[:, 0])))

    def sentence(when: Mapping[str, Values]) -> str:
        people = write_range(when["on_roads"], words, none="hardly anybody is on the way", least=few)
        queued = when["vehicles_delayed"] >= FEWEST_VEHICLES
        share = float(queued.mean())
        if share < SELDOM:
            return f"{people}; there is no queue worth the name"
        vehicles = write_range(when["vehicles_delayed"], "vehicles stand or creep")
        length = write_range(when["queue_km"], "km of road")
        there = "" if share >= OFTEN else f"{write_chance(share)} there is a queue; over all runs "
        return f"{people}; {there}{vehicles}, over {length}"

    now = sentence({name: interpolate(values, result.times, moment) for name, values in data.items()})
    end = sentence({name: values[:, -1] for name, values in data.items()})
    return _answer("Who is on the road?", now, end, "queue", "roads", "checkpoints", "groups")


def _answer_wait(result: Result, moment: datetime) -> Answer:
    journey = _value_at(result, hours_of_arrivals(result, "journey_hours"), moment)
    waited = _value_at(result, hours_of_arrivals(result, "waited_hours"), moment)
    some = np.isfinite(journey)
    if not some.any():
        now = f"nobody arrives in the {WAIT_WINDOW_HOURS:.0f} hours before"
    else:
        now = (
            f"those who arrive in the {WAIT_WINDOW_HOURS:.0f} hours before have on average been "
            + write_range(journey[some], "hours on the way", 0.1)
            + ", of which "
            + write_range(waited[some], "hours standing or creeping", 0.1)
        )
        if not some.all():
            now += f"; {write_chance(1 - float(some.mean()))} nobody arrives then"
    data = result.take_totals("journey_hours", "waited_hours", "arrivals")
    arrived = data["arrivals"][:, -1]
    came = arrived >= 1
    if not came.any():
        return _answer("How long do they wait?", now, "nobody has arrived", "waiting", "roads", "checkpoints")
    means = [data[name][came, -1] / arrived[came] for name in ("journey_hours", "waited_hours")]
    end = (
        "over all who have arrived the way took on average "
        + write_range(means[0], "hours", 0.1)
        + ", of which "
        + write_range(means[1], "hours standing or creeping", 0.1)
    )
    return _answer("How long do they wait?", now, end, "waiting", "roads", "checkpoints", "groups")


def _value_at(result: Result, values: Values, moment: datetime) -> Values:
    return np.asarray(values[:, _index_of(result, moment)])


def _answer_shortage(result: Result, moment: datetime, stores: list[Store]) -> Answer:
    question = "What runs out first?"
    unknown = _say_unknown(result)
    if not stores:
        now = f"{unknown}no stock of fuel was given either: nothing in this run can run out"
        return _answer(question, now, "the same holds", "influence", "fuel")
    first = stores[0]
    gone = write_chance(float(first.below[:, _index_of(result, moment)].mean()))
    now = f"{unknown}there is too little {first.what} at {first.where} {gone}"
    ran_out = np.isfinite(first.hours)
    end = f"{first.what} at {first.where} has run out at some time {write_chance(float(ran_out.mean()))}"
    if ran_out.any():
        hours = np.quantile(first.hours[ran_out], [0.05, 0.95], method="nearest")
        dates = [write_moment(result.times[0] + timedelta(hours=float(h))) for h in hours]
        same = dates[0] == dates[1]
        end += f", first on {dates[0]}" if same else f", first between {dates[0]} and {dates[1]} (9 in 10 chance)"
    if first.item:
        without = count_without(result, first.item, result.times[-1])
        words = f"person-days have been spent without {first.what}, places and road together"
        end += "; " + write_range(without, words, none="nobody has gone without it")
    return _answer(question, now, end, "influence", *(["stocks", "needs"] if first.item else ["fuel", "groups"]))


def _say_unknown(result: Result) -> str:
    """Return what the run cannot follow, as the beginning of a sentence."""
    unknown = find_unknown(result)
    if not unknown and not result.labels("stock"):
        return "no table of needs was given, so food, water and medicine are not followed; "
    return f"no stock is stated of {join_words(unknown)}, which may run out sooner; " if unknown else ""


def _index_of(result: Result, moment: datetime) -> int:
    """Return the number of the last recorded moment that is not later."""
    return int(find_position(result.times, moment))


def _answer_limit(result: Result, drawn: Drawn, moment: datetime) -> Answer:
    """Answer what limits each exit: at the moment as page one does, at the end over all hours."""
    question, tables = "What limits the way out?", ("checkpoints", "desks", "fleets", "roads")
    now = _join(say_limits(result, drawn, moment))
    end = _join(say_limits_over_time(result)) or "nobody is held back in any run"
    return _answer(question, now, end, "queue", *tables)


def _join(said: Sequence[Said]) -> str:
    return " ".join(write(sentence) for sentence in said).removesuffix(".")


def _answer_influence(figure: Figure) -> Answer:
    question = "Which unknown number matters most?"
    if not figure["enough"]:
        now = "there are too few runs, or too little difference between them, to say"
        return _answer(question, now, now, "influence", "parameters")
    now = _name_strongest(figure, "correlation", "arrived_where_low", "arrived_where_high", "then")
    end = _name_strongest(
        figure, "correlation_end", "arrived_at_end_where_low", "arrived_at_end_where_high", "by the end"
    )
    tables = sorted({entry["name"].partition("/")[0] for entry in figure["inputs"][:3]})
    return _answer(question, now, end, "influence", *tables)


def _name_strongest(figure: Figure, correlation: str, low: str, high: str, when: str) -> str:
    """Return a sentence on the inputs that go most with arrivals, those that luck alone does not explain."""
    strong = [entry for entry in figure["inputs"] if abs(entry[correlation]) > entry["noise"]]
    strong.sort(key=lambda entry: -abs(entry[correlation]) / entry["noise"])
    if not strong:
        text = "no single uncertain number stands out from chance"
        if figure["fitted_inputs"]:
            text += (
                f"; what was learnt from counts ties the {figure['fitted_inputs']} uncertain numbers together, and too "
                "few different beginnings are left to tell them apart"
            )
        return text
    first = strong[0]
    text = (
        f"{name_input(first)}: in the fifth of the runs where it is lowest about {write_about(first[low])} people "
        f"have arrived {when}, in the fifth where it is highest about {write_about(first[high])}"
    )
    if len(strong) > 1:
        text += "; next " + join_words([name_input(entry) for entry in strong[1:3]])
    return text
