"""What a plan is made on: the case as it is written, and what simulated courses let expect of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor.forecast.expected import MEDIAN, Chances, Courses, count_on, expect_people, simulate_courses
from corridor.forecast.unsent import Unsent, simulate_unsent, takes_people
from corridor.relief.from_scenario import read_problem
from corridor.relief.tables import write_time
from corridor.results.moments import find_present
from corridor.scenario.faults import UsageError
from corridor.scenario.values import parse_time
from corridor.simulate.ensemble import prepare
from corridor.words.said import Said, Share, Stated, say

if TYPE_CHECKING:
    from corridor.relief.problem import ReliefProblem
    from corridor.results.result import Result
    from corridor.scenario.scenario import Scenario
    from corridor.simulate.arrays import Integers
    from corridor.simulate.ensemble import Ensemble

MOST_COURSES = 100  # simulated to see what stands when a plan begins


@dataclass(frozen=True)
class Outlook:
    """The problem of a plan as the case writes it, and the run that says what to expect, if there is one.

    `recovery` is how many hours of full supply wipe out an hour without.
    """

    case: Scenario
    parameters: str
    problem: ReliefProblem
    result: Result | None
    recovery: float

    @cached_property
    def courses(self) -> Courses:
        """Return what stands in courses of the run, simulated again to where the plan begins; or of the case itself.

        Those of the case go on to the end of the plan, to say how many people to expect.
        """
        beyond = self.result is None
        return simulate_courses(*self._choose_courses(), self.problem, beyond, self.recovery)

    @cached_property
    def unsent(self) -> Unsent:
        """Return the same courses when nothing is sent from where the plan begins: who waits for a seat out."""
        return simulate_unsent(*self._choose_courses(), self.problem)

    def _choose_courses(self) -> tuple[Scenario, Ensemble, Integers]:
        result = self.result
        if result is None:
            return self.case, prepare(self.case, self.parameters), np.arange(MOST_COURSES)
        ensemble = prepare(result.scenario, self.parameters, int(result.manifest["seed"]), result.rules)
        return result.scenario, ensemble, np.arange(min(result.replicates, MOST_COURSES))

    def is_as_written(self, chances: Chances) -> bool:
        """Tell whether stocks, trucks and permissions are those that the case starts with."""
        return self.problem.start == self.case.start and chances == MEDIAN

    def expect(self, chances: Chances) -> ReliefProblem:
        """Return the problem with the people, and what there is for them, that a plan counts on."""
        written = self.is_as_written(chances)
        problem = self.problem if written else count_on(self.problem, self.courses, chances)
        if takes_people(problem):
            return self.unsent.expect(problem, chances.people)
        if self.result is None and written:
            return problem
        seen = self.courses.result if self.result is None else self.result
        return replace(problem, people=expect_people(seen, self.problem, chances.people))

    def describe(self, chances: Chances) -> dict[str, Any]:
        """Return what the plan counts on, as one document that JSON can hold."""
        written = self.is_as_written(chances)
        sensitivity = str(self.case.settings["sensitivity"])
        return {
            "at": write_time(self.problem.start, sensitivity),
            "from": "case" if written else "run" if self.result is not None else "simulated",
            "courses": 0 if written else len(self.courses.standings),
            "people": chances.people,
            "goods": chances.goods,
        }

    def say(self, chances: Chances) -> Said | None:
        """Return in a sentence what stands when the plan begins and where that is known from; None if as written."""
        told = self.describe(chances)
        if told["from"] == "case":
            return None
        careful = say("plan.stands.cautious", people=Share(chances.people), goods=Share(chances.goods))
        return say(
            "plan.stands",
            moment=told["at"],
            courses=Stated(told["courses"]),
            of=say(f"plan.stands.{told['from']}"),
            counted=say("plan.stands.median") if chances == MEDIAN else careful,
        )


def read_outlook(
    case: Scenario,
    parameters: str,
    start: datetime | str | None,
    days: float,
    period_hours: float | None,
    result: Result | None,
    recovery: float,
) -> Outlook:
    """Return what a plan is made on, from `start` on: the present of the run if that is blank, else the case's start.

    Raises UsageError for a moment outside the scenario, and for a run of another case or parameter set.
    """
    if result is not None:
        for name, here in (("scenario", str(case.settings["id"])), ("parameters", parameters)):
            if result.manifest[name] != here:
                message = f'{result.name} is a run of {name} "{result.manifest[name]}", the plan is for "{here}"'
                raise UsageError(message)
        start = find_present(result) if start is None else start
    problem = read_problem(case, parameters, find_begin(case, start), days, period_hours).problem
    return Outlook(case, parameters, problem, result, recovery)


def find_begin(case: Scenario, start: datetime | str | None) -> datetime:
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
