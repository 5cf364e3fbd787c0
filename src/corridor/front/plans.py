"""Relief: what runs out when, which convoys bring it, the ration, and what becomes of a plan in simulated courses."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from functools import cached_property
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corridor.forecast.course import roll_in_simulation
from corridor.forecast.expected import begin_from_run, expect_people
from corridor.forecast.trials import try_plan
from corridor.front.papers import write_papers
from corridor.front.runs import Run, take_result
from corridor.relief import sheets, tables, words
from corridor.relief.check import require_rows
from corridor.relief.explain import Share, Worth, price_limits, say_what_binds, share_out
from corridor.relief.folder import WORKBOOK, write_convoys, write_plan
from corridor.relief.from_scenario import read_foods, read_problem
from corridor.relief.ledger import keep_ledger
from corridor.relief.plan import Convoy, make_plan
from corridor.relief.plan import Plan as Solved
from corridor.relief.problem import Weights
from corridor.relief.ration import find_ration
from corridor.relief.standards import daily_requirements
from corridor.relief.weights import read_weights
from corridor.results.moments import find_present
from corridor.results.result import Result
from corridor.scenario.faults import Fault, UsageError
from corridor.scenario.folder import copy_files
from corridor.scenario.table import write_html_table
from corridor.scenario.values import parse_time
from corridor.scenario.writing import building
from corridor.simulate.ensemble import Ensemble, prepare
from corridor.words.language import choose_language

if TYPE_CHECKING:
    from datetime import datetime

    from corridor.relief.problem import ReliefProblem
    from corridor.scenario.scenario import Scenario
    from corridor.simulate.behaviour import Behaviour


@dataclass(frozen=True)
class PlanMethod:
    """How a plan is made: what counts how much (Weights or a TOML file), weighted or strictly in order, by whom solved.

    `whole` asks for whole trucks and convoys, the default at periods of 6 h or longer.
    """

    weights: Weights | Path | str | None = None
    in_order: bool = False
    whole: bool | None = None
    solver: str = "auto"


@dataclass(frozen=True)
class Told:
    """An answer: `numbers` as one document that JSON can hold, and the same in words when it is printed."""

    numbers: dict[str, Any]
    text: str

    def __str__(self) -> str:
        """Return the answer in words."""
        return self.text

    def _repr_html_(self) -> str:
        return f"<pre>{escape(self.text)}</pre>"


@dataclass(frozen=True)
class Plan:
    """A relief plan for a case under one parameter set. Printed, it is told in words."""

    case: Scenario
    parameters: str
    solved: Solved

    @property
    def convoys(self) -> tuple[Convoy, ...]:
        """Return who leaves when for where, with how many trucks and what (tonnes by item)."""
        return self.solved.convoys

    @property
    def warnings(self) -> tuple[Fault, ...]:
        """Return what did not prevent the plan and should be looked at."""
        return self.solved.warnings

    @cached_property
    def shares(self) -> list[Share]:
        """Return who gets what, the worst off first."""
        return share_out(self.solved)

    @cached_property
    def worths(self) -> list[Worth]:
        """Return what one more of each limit is worth, the most valuable first."""
        return price_limits(self.solved)

    @property
    def says(self) -> list[str]:
        """Return in sentences what binds, what one more of it is worth and when needs go unmet."""
        return say_what_binds(self.solved, self.worths)

    @property
    def numbers(self) -> dict[str, Any]:
        """Return the plan as one document that JSON can hold; times are days when the case is public."""
        solved = self.solved
        return {
            "sensitivity": self._sensitivity,
            "objective": solved.objective,
            "bound": solved.bound,
            "gap": solved.gap,
            "method": solved.method,
            "solver": solved.solver,
            "weights": sheets.name_cells(tables.weight_rows(solved)),
            "says": self.says,
            "worth": sheets.name_cells(tables.worth_rows(self.worths)),
            "convoys": sheets.name_cells(tables.convoy_rows(solved, self._sensitivity)),
            "shares": sheets.name_cells(tables.share_rows(solved)),
        }

    @property
    def _sensitivity(self) -> str:
        return str(self.case.settings["sensitivity"])

    def __str__(self) -> str:
        """Return the plan in words."""
        return words.describe_plan(self.solved, self.worths, self._sensitivity)

    def _repr_html_(self) -> str:
        header, *rows = tables.convoy_rows(self.solved, self._sensitivity)
        return write_html_table(" ".join(self.says), list(map(str, header)), rows)

    def write(self, folder: Path | str, language: str = "en") -> None:
        """Write the plan's tables, workbook, timetable and weights, and beside them a scenario that moves its convoys.

        Orders for convoy leaders and the timetable are in a language. All of it appears at once. Raises UsageError when
        the folder has files in it or cannot be written, and for a language that there is not.
        """
        with building(Path(folder), last=WORKBOOK) as out:
            write_plan(out, self.solved, self.worths, self.case, self.parameters)
            write_papers(out, self.solved, self.case, self.parameters, choose_language(language))
            copy_files(self.case.folder, out / "scenario")
            write_convoys(out / "scenario", self.case, self.parameters, self.solved)

    def _prepare(self, behaviour: Behaviour | None) -> Ensemble:
        return prepare(self.case, self.parameters, behaviour=behaviour)

    def attempt(self, replicates: int, behaviour: Behaviour | None = None) -> Told:
        """Carry the plan out in simulated courses, each paired with the same course in which nothing is sent."""
        tried = try_plan(self.case, self._prepare(behaviour), self.solved, replicates)
        return Told(tried, words.describe_trial(tried))

    def roll(self, replicate: int = 0, behaviour: Behaviour | None = None) -> Told:
        """Plan anew each day on what has happened in one simulated course, beside this plan and sending nothing."""
        rolled = roll_in_simulation(self.case, self._prepare(behaviour), self.solved, replicate)
        convoys = sheets.name_cells(tables.sent_rows(rolled["convoys"], self._sensitivity))
        return Told({**rolled, "sensitivity": self._sensitivity, "convoys": convoys}, words.describe_rolling(rolled))


def plan(
    case: Scenario,
    days: float = 14.0,
    *,
    start: datetime | str | None = None,
    period_hours: float = 6.0,
    parameters: str | None = None,
    run: Run | Path | str | None = None,
    cautious: bool = False,
    method: PlanMethod | None = None,
) -> Plan:
    """Return the relief plan for a case: read what limits it, expect what a run expects, and solve.

    It begins at `start`; if that is blank where a `run` that has learnt from counts begins to forecast, else where the
    case does. With a `run` the people, stocks and hours without are its median,
    the people its 90 % for a `cautious` plan; without one everybody stays where they are at the start. Raises
    FaultsError for a case that cannot be planned, UsageError for what cannot be asked.
    """
    method = method or PlanMethod()
    chosen, weights = case.choose_set(parameters), method.weights
    if not isinstance(weights, Weights):
        weights = read_weights(Path(weights)) if weights else Weights()
    require_rows(case, chosen)
    result = None if run is None else take_result(run)
    begin = find_present(result) if start is None and result is not None else start
    problem = read_problem(case, chosen, _begin(case, begin), days, period_hours).problem
    if result is not None:
        problem = _expect(case, chosen, problem, result, 0.9 if cautious else 0.5, weights.recovery)
    elif cautious:
        message = "a cautious plan needs a run: without one the people at the start are planned for"
        raise UsageError(message)
    solved = make_plan(problem, weights, whole=method.whole, in_order=method.in_order, solver=method.solver)
    return Plan(case, chosen, solved)


def _begin(case: Scenario, start: datetime | str | None) -> datetime:
    """Return the first moment planned. Raises UsageError for one that is no local time or outside the scenario."""
    try:
        moment = parse_time(start, None) if isinstance(start, str) else start or case.start
    except ValueError:
        message = f'"{start}" is no time; write it as 2023-09-22 or 2023-09-22T12:00'
        raise UsageError(message) from None
    if moment.tzinfo is not None or not case.start <= moment < case.end:
        message = f"the first moment planned must lie within the scenario, {case.start} to {case.end}"
        raise UsageError(message)
    return moment


def _expect(
    case: Scenario, parameters: str, problem: ReliefProblem, result: Result, chance: float, recovery: float
) -> ReliefProblem:
    """Return the problem with the people, stocks and hours without that a run lets expect."""
    for name, here in (("scenario", str(case.settings["id"])), ("parameters", parameters)):
        if result.manifest[name] != here:
            message = f'{result.name} is a run of {name} "{result.manifest[name]}", the plan is for "{here}"'
            raise UsageError(message)
    people = expect_people(result, problem, chance)
    return begin_from_run(replace(problem, people=people), result, recovery)


def ledger(
    case: Scenario,
    days: float = 14.0,
    *,
    start: datetime | str | None = None,
    period_hours: float = 6.0,
    hold_days: float = 7.0,
    parameters: str | None = None,
) -> Told:
    """Return for each place and item how long the stock lasts and what must come in to hold cover of `hold_days`.

    Raises FaultsError for a case without needs, UsageError for a start outside it.
    """
    read = read_problem(case, case.choose_set(parameters), _begin(case, start), days, period_hours)
    covers = keep_ledger(read.problem, hold_days, read.stock_low, read.stock_high)
    sensitivity = str(case.settings["sensitivity"])
    rows = sheets.name_cells(tables.ledger_rows(covers, sensitivity))
    return Told({"hold_days": hold_days, "ledger": rows}, words.describe_ledger(covers, hold_days, sensitivity))


def ration(case: Scenario, aim: str = "weight", *, parameters: str | None = None) -> Told:
    """Return the lightest ("weight") or cheapest ("cost") ration of a case's foods for one person and day.

    Raises FaultsError naming the nutrients that cannot be reached, UsageError for another aim.
    """
    found = find_ration(*read_foods(case, case.choose_set(parameters), daily_requirements()), aim)
    return Told(asdict(found), words.describe_ration(found))
