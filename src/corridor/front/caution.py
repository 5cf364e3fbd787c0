"""Two plans side by side: for the median, and for more people and fewer goods."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from corridor.front.plans import Plan


@dataclass(frozen=True)
class Caution:
    """The plan for the median and the cautious one; `trials` are what became of both in the same simulated courses."""

    median: Plan
    cautious: Plan
    trials: tuple[Mapping[str, Any], ...] = ()

    @property
    def numbers(self) -> dict[str, Any]:
        """Return both plans, and what sets them apart, as one document that JSON can hold."""
        found: dict[str, Any] = {"beside": self.list_rows(), "median": self.median.numbers}
        found["cautious"] = self.cautious.numbers
        if self.trials:
            found["trials"] = dict(zip(("median", "cautious"), self.trials, strict=True))
        return found

    def list_rows(self) -> list[dict[str, Any]]:
        """Return one row for each thing that is counted: by the plan for the median, by the cautious."""
        sums = [_sum_up(plan) for plan in (self.median, self.cautious)]
        rows = [{"what": what, "median": sums[0][what], "cautious": sums[1][what]} for what in sums[0]]
        for index, item in enumerate(self.median.solved.problem.items):
            for name, words in _TRIED.items():
                tried = [trial["items"][index][name] for trial in self.trials]
                if tried and all(value is not None for value in tried):
                    middle, careful = (float(value["median"]) for value in tried)
                    rows.append({"what": f"{words}: {item.id}", "median": middle, "cautious": careful})
        return rows

    def __str__(self) -> str:
        """Return both side by side, then the plan for the median."""
        lines = [plan.standing for plan in (self.median, self.cautious) if plan.standing]
        lines.append(f"{'':44}{'median':>14}{'cautious':>14}")
        lines += [f"{row['what']:44}{row['median']:14,.1f}{row['cautious']:14,.1f}" for row in self.list_rows()]
        return "\n".join([*lines, "", "The plan for the median:", str(self.median)])


_TRIED = {"brought_tonnes": "t brought in, simulated", "person_days_with": "person-days without, simulated"}


def _sum_up(plan: Plan) -> dict[str, float]:
    """Return what a plan counts on, and what it sends and promises."""
    solved = plan.solved
    problem = solved.problem
    found = {
        "people at the start": float(problem.people[0].sum()),
        "people at the end": float(problem.people[-1].sum()),
        "trucks at their bases at the start": float(problem.have_trucks()[0].sum()),
    }
    peopled = (problem.people.max(axis=0) > 0) & (problem.need > 0).any(axis=1)
    for k, item in enumerate(problem.items):
        found[f"t in store where people are: {item.id}"] = float(np.nansum(problem.stock[peopled, k]))
    found["convoys"] = float(len({(convoy.fleet, convoy.departs) for convoy in plan.convoys}))
    for item in problem.items:
        found[f"t sent: {item.id}"] = float(sum(convoy.loads.get(item.id, 0.0) for convoy in plan.convoys))
    found["person-days without, promised"] = float(sum(share.person_days_without for share in plan.shares))
    return found
