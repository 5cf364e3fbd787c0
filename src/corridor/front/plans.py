"""Relief: what runs out when, which convoys bring it, the ration, and what becomes of a plan in simulated courses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from functools import cached_property, partial
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corridor.forecast.course import roll_in_simulation
from corridor.forecast.expected import CAUTIOUS, MEDIAN, Chances
from corridor.forecast.rolled import roll_courses
from corridor.forecast.trials import try_plan
from corridor.front.caution import Caution
from corridor.front.covers import TABLE, write_ledger
from corridor.front.outlook import Outlook, find_begin, read_outlook
from corridor.front.papers import write_papers
from corridor.front.runs import Run, take_result
from corridor.relief import sheets, tables, words
from corridor.relief.check import require_rows
from corridor.relief.convoys import Convoy
from corridor.relief.explain import Share, Worth, price_limits, say_what_binds, share_out
from corridor.relief.folder import WORKBOOK, write_convoys, write_plan
from corridor.relief.from_scenario import read_foods, read_problem
from corridor.relief.ledger import Cover, keep_ledger
from corridor.relief.people_out import out_rows
from corridor.relief.plan import Plan as Solved
from corridor.relief.plan import make_plan
from corridor.relief.problem import Weights
from corridor.relief.ration import find_ration
from corridor.relief.rolled_words import describe_rolled, describe_rolling
from corridor.relief.standards import daily_requirements
from corridor.relief.tried_words import describe_trial
from corridor.relief.weights import read_weights
from corridor.relief.who_what_where import read_columns
from corridor.results.crew import hire
from corridor.scenario.faults import Fault
from corridor.scenario.folder import copy_files
from corridor.scenario.table import write_html_table
from corridor.scenario.writing import building
from corridor.simulate.ensemble import Ensemble, prepare
from corridor.words.language import Language, choose_language
from corridor.words.said import Said, say
from corridor.words.writing import tell, write

if TYPE_CHECKING:
    from datetime import datetime

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
    describe: Callable[[Language], str]

    def tell(self, language: str = "en") -> str:
        """Return the answer in words. Raises UsageError for a language that there is not."""
        return self.describe(choose_language(language))

    def __str__(self) -> str:
        """Return the answer in English words."""
        return self.tell()

    def _repr_html_(self) -> str:
        return f"<pre>{escape(str(self))}</pre>"


@dataclass(frozen=True)
class Ledger(Told):
    """Days of cover and what must come in; printed, told in words; written, with its picture."""

    case: Scenario
    parameters: str
    covers: tuple[Cover, ...]
    start: datetime

    def write(self, folder: Path | str, language: str = "en") -> None:
        """Write days-of-cover.html (the picture, in a language) and ledger.csv into a new or empty folder.

        Raises UsageError when the folder has files in it or cannot be written, and for a language that there is not.
        """
        chosen = choose_language(language)
        with building(Path(folder), last=TABLE) as out:
            write_ledger(out, self.case, self.parameters, self.covers, self.start, chosen)


@dataclass(frozen=True)
class Plan:
    """A relief plan for a case under one parameter set. Printed, it is told in words.

    `stands` says what it counts on when it begins, `standing` the same in a sentence (None where that is as written).
    """

    case: Scenario
    parameters: str
    solved: Solved
    stands: dict[str, Any] = field(default_factory=dict)
    standing: Said | None = None

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
        return [write(line) for line in self.say()]

    def say(self) -> list[Said]:
        """Return the same sentences before they are written in a language."""
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
            "method": write(say(f"plan.method.{solved.method}")),
            "solver": solved.solver,
            "stands": self.stands,
            "weights": sheets.name_cells(tables.weight_rows(solved)),
            "says": self.says,
            "worth": sheets.name_cells(tables.worth_rows(self.worths)),
            "convoys": sheets.name_cells(tables.convoy_rows(solved, self._sensitivity)),
            "shares": sheets.name_cells(tables.share_rows(solved)),
            **({"people_out": sheets.name_cells(out_rows(solved))} if solved.problem.waiting is not None else {}),
        }

    @property
    def _sensitivity(self) -> str:
        return str(self.case.settings["sensitivity"])

    def tell(self, language: str = "en") -> str:
        """Return the plan in words. Raises UsageError for a language that there is not."""
        chosen = choose_language(language)
        text = words.describe_plan(self.solved, self.worths, self._sensitivity, chosen)
        return f"{write(self.standing, chosen)}\n{text}" if self.standing else text

    def __str__(self) -> str:
        """Return the plan in English words."""
        return self.tell()

    def _repr_html_(self) -> str:
        header, *rows = tables.convoy_rows(self.solved, self._sensitivity)
        return write_html_table(" ".join(self.says), list(map(str, header)), rows)

    def write(self, folder: Path | str, language: str = "en", columns: Path | str | None = None) -> None:
        """Write the plan's tables, workbook, timetable and weights, and beside them a scenario that moves its convoys.

        Orders for convoy leaders and the timetable are in a language; `columns` names a CSV file (column, header) with
        the columns of the 3W sheet. All of it appears at once. Raises UsageError when
        the folder has files in it or cannot be written, and for a language that there is not.
        """
        wanted = None if columns is None else read_columns(Path(columns))
        with building(Path(folder), last=WORKBOOK) as out:
            write_plan(out, self.solved, self.worths, self.case, self.parameters, wanted)
            write_papers(out, self.solved, self.case, self.parameters, choose_language(language))
            copy_files(self.case.folder, out / "scenario")
            write_convoys(out / "scenario", self.case, self.parameters, self.solved)

    def _prepare(self, behaviour: Behaviour | None) -> Ensemble:
        return prepare(self.case, self.parameters, behaviour=behaviour)

    def attempt(
        self, replicates: int, behaviour: Behaviour | None = None, workers: int = 1, cluster: Any = None
    ) -> Told:
        """Carry the plan out in simulated courses, each paired with the same course in which nothing is sent.

        `workers` and `cluster` are as in `run` and change no number.
        """
        with hire(workers, cluster) as crew:
            tried = try_plan(self.case, self._prepare(behaviour), self.solved, replicates, crew)
        return Told(tried, partial(describe_trial, tried))

    def roll(self, replicate: int = 0, behaviour: Behaviour | None = None) -> Told:
        """Plan anew each day on what has happened in one simulated course, beside this plan and sending nothing."""
        rolled = roll_in_simulation(self.case, self._prepare(behaviour), self.solved, replicate)
        convoys = sheets.name_cells(tables.sent_rows(rolled["convoys"], self._sensitivity))
        numbers = {**rolled, "sensitivity": self._sensitivity, "convoys": convoys}
        return Told(numbers, partial(describe_rolling, rolled))

    def roll_courses(
        self, courses: int, workers: int = 1, behaviour: Behaviour | None = None, cluster: Any = None
    ) -> Told:
        """Plan anew each day in so many courses, with and without a forecast, beside this plan and sending nothing.

        The differences to this plan are paired. `workers` and `cluster` are as in `run` and change no number.
        """
        with hire(workers, cluster) as crew:
            rolled = roll_courses(self.case, self._prepare(behaviour), self.solved, range(courses), crew)
        return Told(rolled, partial(describe_rolled, rolled))


def plan(
    case: Scenario,
    days: float = 14.0,
    *,
    start: datetime | str | None = None,
    period_hours: float | None = None,
    parameters: str | None = None,
    run: Run | Path | str | None = None,
    cautious: bool = False,
    method: PlanMethod | None = None,
) -> Plan:
    """Return the relief plan for a case: read what limits it, expect what a run expects, and solve.

    Its periods fit the trips unless `period_hours` are given; the plan says why.
    It begins at `start`; if that is blank where a `run` that has learnt from counts begins to forecast, else where the
    case does. From a later moment on it plans with what stands then in courses of the `run`, or of the case, simulated
    for it: people, stocks, depots, trucks, clearances, slots, hours without, goods and trucks under way. These are
    medians; for a `cautious` plan 90 % of the people and 10 % of the goods. At the start of the case they are as it
    writes them, and without a run everybody stays where they are. Raises FaultsError for a case that cannot be planned,
    UsageError for what cannot be asked.
    """
    outlook, method, weights = _ask(case, days, start, period_hours, parameters, run, method)
    return _solve(outlook, CAUTIOUS if cautious else MEDIAN, method, weights)


def weigh_caution(
    case: Scenario,
    days: float = 14.0,
    *,
    start: datetime | str | None = None,
    period_hours: float | None = None,
    parameters: str | None = None,
    run: Run | Path | str | None = None,
    method: PlanMethod | None = None,
    courses: int = 0,
    workers: int = 1,
    cluster: Any = None,
) -> Caution:
    """Return the plan for the median and the cautious one side by side; see `plan`.

    With `courses` both are carried out in as many simulated courses, the same ones, by `workers` or a `cluster` as in
    `run`. Raises what `plan` raises.
    """
    outlook, method, weights = _ask(case, days, start, period_hours, parameters, run, method)
    median, cautious = (_solve(outlook, chances, method, weights) for chances in (MEDIAN, CAUTIOUS))
    plans = (median, cautious) if courses else ()
    trials = tuple(one.attempt(courses, workers=workers, cluster=cluster).numbers for one in plans)
    return Caution(median, cautious, trials)


def _ask(
    case: Scenario,
    days: float,
    start: datetime | str | None,
    period_hours: float | None,
    parameters: str | None,
    run: Run | Path | str | None,
    method: PlanMethod | None,
) -> tuple[Outlook, PlanMethod, Weights]:
    """Return what a plan is made on, how and by which weights."""
    method = method or PlanMethod()
    chosen, weights = case.choose_set(parameters), method.weights
    if not isinstance(weights, Weights):
        weights = read_weights(Path(weights)) if weights else Weights()
    require_rows(case, chosen)
    result = None if run is None else take_result(run)
    outlook = read_outlook(case, chosen, start, days, period_hours, result, weights.recovery)
    return outlook, method, weights


def _solve(outlook: Outlook, chances: Chances, method: PlanMethod, weights: Weights) -> Plan:
    problem = outlook.expect(chances)
    solved = make_plan(problem, weights, whole=method.whole, in_order=method.in_order, solver=method.solver)
    return Plan(outlook.case, outlook.parameters, solved, outlook.describe(chances), outlook.say(chances))


def ledger(
    case: Scenario,
    days: float = 14.0,
    *,
    start: datetime | str | None = None,
    period_hours: float | None = None,
    hold_days: float = 7.0,
    parameters: str | None = None,
) -> Ledger:
    """Return for each place and item how long the stock lasts and what must come in to hold cover of `hold_days`.

    Raises FaultsError for a case without needs, UsageError for a start outside it.
    """
    read = read_problem(case, case.choose_set(parameters), find_begin(case, start), days, period_hours or 6.0)
    covers = keep_ledger(read.problem, hold_days, read.stock_low, read.stock_high)
    sensitivity = str(case.settings["sensitivity"])
    rows = sheets.name_cells(tables.ledger_rows(covers, sensitivity))
    describe = partial(words.describe_ledger, covers, hold_days, sensitivity)
    return Ledger(
        {"hold_days": hold_days, "ledger": rows},
        describe,
        case,
        case.choose_set(parameters),
        tuple(covers),
        read.problem.start,
    )


def ration(case: Scenario, aim: str = "weight", *, parameters: str | None = None) -> Told:
    """Return the lightest ("weight") or cheapest ("cost") ration of a case's foods for one person and day.

    Raises FaultsError naming the nutrients that cannot be reached, UsageError for another aim.
    """
    found = find_ration(*read_foods(case, case.choose_set(parameters), daily_requirements()), aim)
    return Told(asdict(found), partial(words.describe_ration, found))


def tell_plan(name: str, language: str = "en", **fields: str) -> str:
    """Return what a command says around a plan, by its name in the catalogue, such as where it was written.

    Raises UsageError for a language that there is not.
    """
    return tell(choose_language(language), f"plan.{name}", **fields)
