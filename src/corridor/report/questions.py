"""The six questions a briefing answers, each in plain sentences with ranges, at a moment and at the end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor.report.figures import WAIT_WINDOW_HOURS, hours_of_arrivals
from corridor.report.influence import name_input
from corridor.report.limiting import say_limits, say_limits_over_time
from corridor.report.sentences import say_range
from corridor.report.shortage import Store, count_without, find_stores, find_unknown
from corridor.results.limits import FEWEST_VEHICLES
from corridor.results.result import Result, find_position, interpolate
from corridor.words.language import Language
from corridor.words.said import About, Chance, Field, Moment, Said, Stated, Unended, join, say
from corridor.words.writing import write

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from corridor.report.envelope import Figure
    from corridor.results.drawn import Drawn
    from corridor.results.findings import Findings
    from corridor.results.result import Values

HOURS = Stated(WAIT_WINDOW_HOURS)
DISPLACED = "displaced_inside"  # recorded where people may stop at a place inside
FEW = 0.0005  # of the people at the start: fewer are "hardly anybody"
SELDOM, OFTEN = (
    0.1,
    0.9,
)  # shares of runs: below the first a thing is not there, above the second it always is


@dataclass(frozen=True)
class Answer:
    """A question with its answers today and at the end, without full stops; the figure and tables that they rest on."""

    question: Said
    now: Field
    end: Field
    figure: str
    tables: tuple[str, ...]

    def describe(self, language: Language) -> dict[str, Any]:
        """Return the answer as plain data in a language."""
        words = {name: write(getattr(self, name), language) for name in ("question", "now", "end")}
        return {**words, "figure": self.figure, "tables": list(self.tables)}


def answer_questions(result: Result, findings: Findings, influence: Figure) -> list[Answer]:
    """Return the six answers."""
    moment = findings.moment
    return [
        _answer_inside(result, moment),
        _answer_road(result, moment),
        _answer_wait(result, moment),
        _answer_shortage(result, moment, find_stores(result, findings.drawn)),
        _answer_limit(result, findings.drawn, moment),
        _answer_influence(influence),
    ]


def _answer(name: str, now: Field, end: Field, figure: str, *tables: str) -> Answer:
    return Answer(say(f"ask.{name}"), now, end, figure, tables)


def _answer_inside(result: Result, moment: datetime) -> Answer:
    inside, waiting = result.take("inside"), result.take("waiting_for_transport")
    then = interpolate(inside, result.times, moment)
    held = interpolate(waiting, result.times, moment)
    displaced = result.take(DISPLACED) if result.has(DISPLACED) else np.zeros_like(inside)
    away = _say_displaced(interpolate(displaced, result.times, moment))
    now: list[Field] = [say_range("answer.inside", then, none="answer.inside.hardly", least=1), *away]
    if np.quantile(held, 0.95) >= 1:
        now.append(say_range("answer.held.and" if away else "answer.held", held))
    end = [
        say_range("answer.inside.end", inside[:, -1], none="answer.inside.nobody"),
        *_say_displaced(displaced[:, -1]),
    ]
    return _answer("inside", _chain(now), _chain(end), "people", "people", "parameters", "groups")


def _chain(parts: Sequence[Field]) -> Field:
    return join(*parts, between="")


def _say_displaced(displaced: Values) -> list[Field]:
    """Return how many of those inside are so away from home; nothing where hardly anybody is."""
    return [] if np.quantile(displaced, 0.95) < 1 else [say_range("answer.displaced", displaced)]


def _answer_road(result: Result, moment: datetime) -> Answer:
    on_way = "answer.road.both" if result.has(DISPLACED) else "answer.road.out"
    data = result.take_totals("on_roads", "vehicles_delayed", "queue_km")
    few = max(1.0, FEW * float(np.median(result.take("inside")[:, 0])))

    def sentence(when: Mapping[str, Values]) -> Field:
        people = say_range(on_way, when["on_roads"], none="answer.road.hardly", least=few)
        queued = when["vehicles_delayed"] >= FEWEST_VEHICLES
        share = float(queued.mean())
        if share < SELDOM:
            return _chain([people, say("answer.queue.none")])
        vehicles = say_range("answer.queue.vehicles", when["vehicles_delayed"])
        length = say_range("answer.queue.length", when["queue_km"])
        if share >= OFTEN:
            return _chain([people, say("answer.queue", vehicles=vehicles, length=length)])
        queue = say("answer.queue.sometimes", chance=Chance(share), vehicles=vehicles, length=length)
        return _chain([people, queue])

    now = sentence({name: interpolate(values, result.times, moment) for name, values in data.items()})
    end = sentence({name: values[:, -1] for name, values in data.items()})
    return _answer("road", now, end, "queue", "roads", "checkpoints", "groups")


def _answer_wait(result: Result, moment: datetime) -> Answer:
    journey = _value_at(result, hours_of_arrivals(result, "journey_hours"), moment)
    waited = _value_at(result, hours_of_arrivals(result, "waited_hours"), moment)
    some = np.isfinite(journey)
    now: list[Field] = [say("answer.wait.nobody", hours=HOURS)]
    if some.any():
        hours = say_range("answer.wait.way", journey[some], 0.1)
        now = [
            say("answer.wait", hours=HOURS, way=hours, standing=say_range("answer.wait.standing", waited[some], 0.1))
        ]
        if not some.all():
            now.append(say("answer.wait.sometimes", chance=Chance(1 - float(some.mean()))))
    data = result.take_totals("journey_hours", "waited_hours", "arrivals")
    arrived = data["arrivals"][:, -1]
    came = arrived >= 1
    if not came.any():
        return _answer("wait", _chain(now), say("answer.wait.none"), "waiting", "roads", "checkpoints")
    means = [data[name][came, -1] / arrived[came] for name in ("journey_hours", "waited_hours")]
    end = say(
        "answer.wait.end",
        way=say_range("answer.wait.hours", means[0], 0.1),
        standing=say_range("answer.wait.standing", means[1], 0.1),
    )
    return _answer("wait", _chain(now), end, "waiting", "roads", "checkpoints", "groups")


def _value_at(result: Result, values: Values, moment: datetime) -> Values:
    return np.asarray(values[:, _index_of(result, moment)])


def _answer_shortage(result: Result, moment: datetime, stores: list[Store]) -> Answer:
    unknown = _say_unknown(result)
    if not stores:
        now = _chain([*unknown, say("answer.shortage.none")])
        return _answer("shortage", now, say("answer.shortage.same"), "influence", "fuel")
    first = stores[0]
    gone = Chance(float(first.below[:, _index_of(result, moment)].mean()))
    now = _chain([*unknown, say("answer.shortage", what=first.what, place=first.where, chance=gone)])
    ran_out = np.isfinite(first.hours)
    chance = Chance(float(ran_out.mean()))
    end: list[Field] = [say("answer.shortage.end", what=first.what, place=first.where, chance=chance)]
    if ran_out.any():
        hours = np.quantile(first.hours[ran_out], [0.05, 0.95], method="nearest")
        low, high = (Moment(result.times[0] + timedelta(hours=float(h))) for h in hours)
        same = low == high
        end.append(
            say("answer.shortage.on", first=low) if same else say("answer.shortage.between", first=low, last=high)
        )
    if first.item:
        without = count_without(result, first.item, result.times[-1])
        end.append(say_range("answer.without", without, none="answer.without.nobody", what=first.what))
    return _answer(
        "shortage", now, _chain(end), "influence", *(["stocks", "needs"] if first.item else ["fuel", "groups"])
    )


def _say_unknown(result: Result) -> list[Field]:
    """Return what the run cannot follow, as the beginning of a sentence."""
    unknown = find_unknown(result)
    if not unknown and not result.labels("stock"):
        return [say("answer.no_needs")]
    return [say("answer.unknown", items=join(*unknown))] if unknown else []


def _index_of(result: Result, moment: datetime) -> int:
    """Return the number of the last recorded moment that is not later."""
    return int(find_position(result.times, moment))


def _answer_limit(result: Result, drawn: Drawn, moment: datetime) -> Answer:
    """Answer what limits each exit: at the moment as page one does, at the end over all hours."""
    now, over_time = say_limits(result, drawn, moment), say_limits_over_time(result)
    end = _join(over_time) if over_time else say("answer.limit.none")
    return _answer("limit", _join(now), end, "queue", "checkpoints", "desks", "fleets", "roads")


def _join(said: Sequence[Said]) -> Field:
    return Unended(join(*said, between=" "))


def _answer_influence(figure: Figure) -> Answer:
    if not figure["enough"]:
        few = say("answer.influence.few")
        return _answer("influence", few, few, "influence", "parameters")
    now = _name_strongest(figure, "correlation", "arrived_where_low", "arrived_where_high", "then")
    end = _name_strongest(figure, "correlation_end", "arrived_at_end_where_low", "arrived_at_end_where_high", "end")
    tables = sorted({entry["name"].partition("/")[0] for entry in figure["inputs"][:3]})
    return _answer("influence", now, end, "influence", *tables)


def _name_strongest(figure: Figure, correlation: str, low: str, high: str, when: str) -> Field:
    """Return a sentence on the inputs that go most with arrivals, those that luck alone does not explain."""
    strong = [entry for entry in figure["inputs"] if abs(entry[correlation]) > entry["noise"]]
    strong.sort(key=lambda entry: -abs(entry[correlation]) / entry["noise"])
    if not strong:
        fitted = Stated(figure["fitted_inputs"])
        return say("answer.influence.tied", numbers=fitted) if figure["fitted_inputs"] else say("answer.influence.none")
    first, ends = strong[0], {"low": About(strong[0][low]), "high": About(strong[0][high])}
    found: list[Field] = [say(f"answer.influence.{when}", number=name_input(first), **ends)]
    if len(strong) > 1:
        found.append(say("answer.influence.next", numbers=join(*(name_input(entry) for entry in strong[1:3]))))
    return _chain(found)
