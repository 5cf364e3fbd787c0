"""The one place where a scenario's tables become a relief problem; nothing else here knows scenarios.

Tables read: places, roads, checkpoints, events (traffic rules and pace), people, items, needs, stocks, depots,
fleets (purpose goods or both), slots, clearances, foods. A quantity with a range counts at its median; the ledger also
takes the ends of stocks.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor.relief.by_services import read_lines
from corridor.relief.check import refuse
from corridor.relief.grid import choose_period
from corridor.relief.problem import Clearance, DailySlots, Fleet, Item, Limit, ReliefProblem, Road
from corridor.relief.ration import Food, Requirement
from corridor.relief.read_works import add_works
from corridor.relief.timeline import inspection_pace, road_shares
from corridor.scenario.areas import INSIDE, find_sides
from corridor.scenario.convoys import convoys_of_day
from corridor.scenario.draft import say_set
from corridor.scenario.faults import UsageError, fault
from corridor.scenario.transport import CAR, Transport, list_transports
from corridor.scenario.values import hours_between

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from corridor.scenario.read import Row
    from corridor.scenario.scenario import Scenario


@dataclass(frozen=True)
class ScenarioProblem:
    """A problem with the low and high ends of its stocks, [P, K] tonnes, for the ledger's ranges."""

    problem: ReliefProblem
    stock_low: NDArray[np.float64]
    stock_high: NDArray[np.float64]


def read_problem(
    scenario: Scenario,
    parameter_set: str,
    start: datetime,
    days: float,
    period_hours: float | None = None,
    people: NDArray[np.float64] | None = None,
) -> ScenarioProblem:
    """Return the relief problem of a scenario from `start` on; its periods fit trips unless `period_hours` are given.

    `people` [T, P] are those expected at each place (in the order of the places table) in each period, from a
    run's median or its 90 % for a cautious plan; without it everybody stays where they are at the start.
    Raises FaultsError when the scenario has no relief tables, UsageError for days or periods that are none.
    """
    if period_hours is None:
        problem = choose_period(lambda hours: read_problem(scenario, parameter_set, start, days, hours).problem)
        read = read_problem(scenario, parameter_set, start, days, problem.period_hours, people)
        return replace(read, problem=replace(read.problem, why_period=problem.why_period))
    if not (days > 0 and period_hours > 0):
        message = f"days ({days:g}) and hours in a period ({period_hours:g}) must be more than zero"
        raise UsageError(message)
    periods = max(1, math.ceil(days * 24.0 / period_hours - 1e-9))
    tables = {name: _rows(scenario, name, parameter_set) for name in _TABLES}
    refuse(
        fault("relief_table_missing", (f"{name}.csv", 0, ""), within=say_set(parameter_set))
        for name in ("items", "needs")
        if not tables[name]
    )
    fleets = _read_fleets(tables)
    every_road = tables["roads"]
    tables["roads"] = _usable_roads(every_road, fleets)
    places = tuple(str(row["id"]) for row in tables["places"])
    items = tuple(_read_item(row) for row in tables["items"])
    at = {place: p for p, place in enumerate(places)}
    of = {item.id: k for k, item in enumerate(items)}
    clock = _Clock(start, period_hours, periods, scenario.start)
    lines = read_lines(tables["services"], every_road, tables["events"], clock.edges, scenario.start)
    if people is None:
        people = np.tile(_count_people(tables["people"], at, len(places)), (periods, 1))
    stock, low, high, without = _read_stocks(tables["stocks"], at, of, items)
    made = _read_made(tables["stocks"], at, of, items, stock)
    supply, steady, unlimited = _read_depots(tables, at, of, items, clock, made)
    fuel = next((str(row["id"]) for row in tables["items"] if _value(row, "is_fuel", False)), "")
    problem = ReliefProblem(
        start,
        period_hours,
        places,
        items,
        np.asarray(people, dtype=np.float64),
        _read_needs(tables, at, of, items),
        stock,
        supply,
        unlimited,
        without,
        (*fleets, *lines[0]),
        (*(_read_road(row, tables["events"], clock) for row in tables["roads"]), *lines[1]),
        (*_read_checkpoints(tables, clock), *_read_slots(tables, at, clock), *lines[2]),
        tuple(_read_clearance(row, clock) for row in tables["clearances"] if row["status"] == "granted"),
        fuel,
        _origins(tables),
        steady=steady,
        made=made,
        refusals=tuple(_read_clearance(row, clock) for row in tables["clearances"] if row["status"] == "refused"),
        step_hours=float(scenario.settings.get("step_minutes") or 15) / 60.0,
    )
    problem = add_works(problem, tables, clock.edges)
    stock = problem.stock
    return ScenarioProblem(problem, np.where(np.isnan(low), stock, low), np.where(np.isnan(high), stock, high))


def read_foods(
    scenario: Scenario, parameter_set: str, requirements: Sequence[Requirement]
) -> tuple[list[Food], list[Requirement]]:
    """Return the foods of a scenario and the requirements that its foods table has a column for."""
    rows = _rows(scenario, "foods", parameter_set)
    known = [r for r in requirements if any(_value(row, r.nutrient, None) is not None for row in rows)]
    foods = [
        Food(
            str(row["id"]),
            tuple(row.middle(requirement.nutrient, 0.0) for requirement in known),
            row.middle("cost_per_tonne", np.nan),
            row.middle("least_grams", 0.0),
            row.middle("most_grams", np.inf),
            row.where("")[:2],
        )
        for row in rows
    ]
    return foods, known


WITHOUT_WEIGHT = 0.001  # tonnes a unit of what weighs nothing: a flow is never on a truck, any measure will do
_TABLES = (
    "places", "areas", "roads", "checkpoints", "groups", "people", "items", "needs", "stocks", "depots", "plants",
    "facilities", "fleets", "slots", "clearances", "events", "transport", "services",
)  # fmt: skip


@dataclass(frozen=True)
class _Clock:
    start: datetime
    period_hours: float
    periods: int
    scenario_start: datetime

    @property
    def edges(self) -> list[datetime]:
        """Return the moments between the periods, both ends included [T + 1]."""
        return [self.start + timedelta(hours=self.period_hours * t) for t in range(self.periods + 1)]

    def first_after(self, moment: datetime | None, default: int) -> int:
        """Return the first period that begins at or after a moment, between 0 and the number of periods."""
        if moment is None:
            return default
        count = (moment - self.start) / timedelta(hours=self.period_hours)
        return min(max(math.ceil(count - 1e-9), 0), self.periods)


def _rows(scenario: Scenario, table: str, parameter_set: str) -> tuple[Row, ...]:
    return scenario.rows(table, parameter_set) if table in scenario.tables else ()


def _value(row: Row, column: str, default: Any) -> Any:
    value = row.values.get(column)
    return default if value is None or value == "" else value


def _ends(row: Row, column: str) -> tuple[float, float, float]:
    value = _value(row, column, math.nan)
    low, high = getattr(value, "low", value), getattr(value, "high", value)
    return float(low), float(getattr(value, "median", value)), float(high)


def _read_item(row: Row) -> Item:
    return Item(
        str(row["id"]),
        bool(_value(row, "life_saving", True)),
        row.middle("weight", 1.0),
        str(_value(row, "unit", "kg")),
        row.middle("tonnes_per_unit", 0.001) or WITHOUT_WEIGHT,
        bool(_value(row, "kept", True)),
        str(_value(row, "depends_on", "")),
        row.middle("dependence", 1.0),
    )


def _count_people(rows: Sequence[Row], at: dict[str, int], size: int) -> NDArray[np.float64]:
    counted = np.zeros(size)
    for row in rows:
        counted[at[row["place"]]] += row.middle("people", 0.0)
    return counted


def _read_needs(
    tables: dict[str, tuple[Row, ...]], at: dict[str, int], of: dict[str, int], items: Sequence[Item]
) -> NDArray[np.float64]:
    """Return tonnes for one person and day [P, K]; a row for a place and group beats one for all (blank)."""
    inside = [place for place, side in find_sides(tables["places"], tables["areas"]).items() if side == INSIDE]
    present: dict[tuple[str, str], float] = {}
    for row in tables["people"]:
        key = (str(row["place"]), str(row["group"]))
        present[key] = present.get(key, 0.0) + row.middle("people", 0.0)
    need = np.zeros((len(at), len(items)))
    for place in inside:
        groups = {group: count for (where, group), count in present.items() if where == place and count > 0}
        total = sum(groups.values())
        for item in items:
            rows = [row for row in tables["needs"] if row["item"] == item.id]
            if not total:
                groups, total = {"": 1.0}, 1.0
            each = [count * _most_specific(rows, place, group) for group, count in groups.items()]
            need[at[place], of[item.id]] = sum(each) / total * item.tonnes_per_unit
    return need


def _most_specific(rows: Sequence[Row], place: str, group: str) -> float:
    fitting = [
        (bool(_value(row, "place", "")) * 2 + bool(_value(row, "group", "")), row.middle("per_day", 0.0))
        for row in rows
        if _value(row, "place", place) == place and _value(row, "group", group) == group
    ]
    return max(fitting, key=lambda pair: pair[0])[1] if fitting else 0.0


def _read_stocks(
    rows: Sequence[Row], at: dict[str, int], of: dict[str, int], items: Sequence[Item]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return stock, low, high in tonnes (nan where there is no row or a blank) and hours without, each [P,
    K].
    """
    found = np.full((4, len(at), len(items)), math.nan)
    found[3] = 0.0
    for row in rows:
        p, k = at[row["place"]], of[row["item"]]
        low, middle, high = _ends(row, "quantity")
        found[:3, p, k] = np.array([middle, low, high]) * items[k].tonnes_per_unit
        found[3, p, k] = row.middle("hours_without", 0.0)
    return found[0], found[1], found[2], found[3]


def _read_made(
    rows: Sequence[Row], at: dict[str, int], of: dict[str, int], items: Sequence[Item], stock: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return tonnes made in a day where people are, [P, K]."""
    made = np.zeros(stock.shape)
    for row in rows:
        p, k = at[row["place"]], of[row["item"]]
        made[p, k] += row.middle("made_per_day", 0.0) * items[k].tonnes_per_unit
    return made


def _read_depots(
    tables: dict[str, tuple[Row, ...]],
    at: dict[str, int],
    of: dict[str, int],
    items: Sequence[Item],
    clock: _Clock,
    made: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
    """Return supply and the steady part of it, [T, P, K] in tonnes, and unlimited [P, K].

    Steady is what is made each day [P, K] and what depots get each day.
    """
    a_period = clock.period_hours / 24.0
    steady = np.tile(made * a_period, (clock.periods, 1, 1))
    at_once = np.zeros_like(steady)
    unlimited = np.zeros(made.shape, dtype=np.bool_)
    for row in tables["depots"]:
        p, k = at[row["place"]], of[row["item"]]
        first = clock.first_after(_value(row, "from", None), 0)
        quantity = row.middle("quantity", math.nan) * items[k].tonnes_per_unit
        steady[first:, p, k] += row.middle("per_day", 0.0) * items[k].tonnes_per_unit * a_period
        if math.isnan(quantity):
            unlimited[p, k] = True
        elif first < clock.periods:
            at_once[first, p, k] += quantity
    return steady + at_once, steady, unlimited


def _read_fleets(tables: dict[str, tuple[Row, ...]]) -> tuple[Fleet, ...]:
    transports = list_transports(tables["transport"])
    rows = (row for row in tables["fleets"] if row["purpose"] != "people")
    return tuple(_read_fleet(row, transports[str(_value(row, "transport", CAR))]) for row in rows)


def _usable_roads(rows: Sequence[Row], fleets: Sequence[Fleet]) -> tuple[Row, ...]:
    """Return the ways that some fleet may use; those of lorries where there is no fleet."""
    carriers = [fleet.carrier for fleet in fleets if fleet.carrier] or [list_transports(())[CAR]]
    ways = ((row, str(_value(row, "kind", "road")), bool(_value(row, "walked", True))) for row in rows)
    return tuple(row for row, kind, walked in ways if any(carrier.may_use(kind, walked) for carrier in carriers))


def _read_fleet(row: Row, carrier: Transport) -> Fleet:
    trucks = float(math.floor(row.middle("vehicles", 0.0)))
    return Fleet(
        str(row["id"]),
        str(row["place"]),
        trucks,
        row.middle("tonnes", 0.0),
        0.0 if carrier.needs_no_fuel else row.middle("fuel_per_100km", 0.0) / 100.0,
        row.middle("cost_per_km", 0.0),
        row.middle("handling_hours", 4.0),
        1.25,
        _value(row, "refuels", "base") == "destination",
        row.middle("convoy_trucks", math.inf),
        1.0 / (carrier.speed_kmh.median * carrier.moving_share) if carrier.is_beside else 0.0,
        carrier,
        seats_out=row.middle("seats", 35.0) if row["purpose"] == "both" else 0.0,
        return_hours=row.middle("return_hours", 6.0),
    )


def _read_road(row: Row, events: Sequence[Row], clock: _Clock) -> Road:
    forward, backward = road_shares(row, events, clock.edges)
    km = row.middle("length_km", math.nan)
    return Road(
        str(row["id"]),
        str(row["from"]),
        str(row["to"]),
        km,
        km / row.middle("speed_kmh", 50.0),
        forward,
        backward,
        bool(_value(row, "needs_clearance", False)),
        str(_value(row, "kind", "road")),
        bool(_value(row, "walked", True)),
    )


def _read_checkpoints(tables: dict[str, tuple[Row, ...]], clock: _Clock) -> list[Limit]:
    """Return the inspection limit of each checkpoint, on the road that leaves its place outward."""
    limits = []
    for row in tables["checkpoints"]:
        an_hour = inspection_pace(row, tables["events"], clock.edges)
        outward = [road for road in tables["roads"] if road["from"] == row["place"]]
        limits += [
            Limit(
                f"{row['id']}" if len(outward) == 1 else f"{row['id']} {road['id']}",
                "inspection",
                str(road["id"]),
                an_hour * clock.period_hours,
                both_ways=True,
            )
            for road in outward
        ]
    return limits


def _read_slots(tables: dict[str, tuple[Row, ...]], at: dict[str, int], clock: _Clock) -> list[Limit]:
    """Return the convoy slots: so many a day, given in the periods that begin within the daily window."""
    limits = []
    for row in tables["slots"]:
        first, last = row.middle("first_hour", 0.0), row.middle("last_hour", 24.0)
        opens = clock.first_after(_value(row, "from", None), 0)
        closes = clock.first_after(_value(row, "until", None), clock.periods)
        starts = [clock.start + timedelta(hours=clock.period_hours * t) for t in range(clock.periods)]
        hours = np.array([moment.hour + moment.minute / 60.0 for moment in starts])
        usable = (hours >= first) & (hours < last)
        usable &= (np.arange(clock.periods) >= opens) & (np.arange(clock.periods) < closes)
        a_day = max(1, round(max(last - first, clock.period_hours) / clock.period_hours))
        most = np.zeros(clock.periods)
        for place_in_day, t in _number_in_day(usable, starts):
            day = (starts[t].date() - clock.scenario_start.date()).days
            whole, rest = divmod(int(convoys_of_day(row.middle("convoys_per_day", 0.0), day)), a_day)
            most[t] = whole + (place_in_day < rest)
        forward, daily = row["direction"] == "out", _read_daily(row, clock)
        limits.append(Limit(str(row["id"]), "slots", str(row["road"]), most, forward=forward, daily=daily))
    return limits


def _read_daily(row: Row, clock: _Clock) -> DailySlots:
    begins, ends = _value(row, "from", None), _value(row, "until", None)
    midnight = clock.scenario_start.replace(hour=0, minute=0, second=0, microsecond=0)
    return DailySlots(
        row.middle("convoys_per_day", 0.0),
        row.middle("first_hour", 0.0),
        row.middle("last_hour", 24.0),
        -math.inf if begins is None else hours_between(clock.start, begins),
        math.inf if ends is None else hours_between(clock.start, ends),
        hours_between(midnight, clock.start),
    )


def _number_in_day(usable: NDArray[np.bool_], starts: Sequence[datetime]) -> list[tuple[int, int]]:
    """Return (how many usable periods came before it that day, period) for each usable period."""
    seen: dict[object, int] = {}
    numbered = []
    for t in map(int, np.flatnonzero(usable)):
        day = starts[t].date()
        numbered.append((seen.get(day, 0), t))
        seen[day] = seen.get(day, 0) + 1
    return numbered


def _read_clearance(row: Row, clock: _Clock) -> Clearance:
    begins, ends, fleet = _value(row, "from", None), _value(row, "until", None), str(_value(row, "fleet", "*"))
    return Clearance(
        str(row["id"]),
        fleet,
        str(row["road"]),
        clock.first_after(begins, 0),
        clock.first_after(ends, clock.periods),
        row.middle("trucks", np.inf),
        -math.inf if begins is None else hours_between(clock.start, begins),
        math.inf if ends is None else hours_between(clock.start, ends),
    )


def _origins(tables: dict[str, tuple[Row, ...]]) -> dict[tuple[str, str], tuple[str, int]]:
    """Return where the rows stand that a warning of a plan may name."""
    rows = [(table, row) for table in ("places", "fleets") for row in tables[table]]
    return {(table, str(row["id"])): (row.file, row.line) for table, row in rows}
