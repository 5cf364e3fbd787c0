"""Two plans side by side: for the median, and for more people and fewer goods."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor.words.language import choose_language
from corridor.words.said import Digits, Said, say
from corridor.words.writing import tell, write

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
        return [{"what": write(what), "median": middle, "cautious": careful} for what, middle, careful in self._list()]

    def _list(self) -> list[tuple[Said, float, float]]:
        sums = zip(_sum_up(self.median), _sum_up(self.cautious), strict=True)
        rows = [(what, middle, careful) for (what, middle), (_, careful) in sums]
        for index, item in enumerate(self.median.solved.problem.items):
            for name, words in _TRIED.items():
                tried = [trial["items"][index][name] for trial in self.trials]
                if tried and all(value is not None for value in tried):
                    middle, careful = (float(value["median"]) for value in tried)
                    rows.append((say(words, item=item.id), middle, careful))
        return rows

    def tell(self, language: str = "en") -> str:
        """Return both side by side, then the plan for the median, in words.

        Raises UsageError for a language that there is not.
        """
        chosen = choose_language(language)
        lines = [write(plan.standing, chosen) for plan in (self.median, self.cautious) if plan.standing]
        titles = (tell(chosen, f"plan.beside.{name}") for name in ("median", "cautious"))
        lines.append(f"{'':44}" + "".join(f"{title:>14}" for title in titles))
        for what, *values in self._list():
            cells = "".join(f"{write(Digits(value, 1), chosen):>14}" for value in values)
            lines.append(f"{write(what, chosen):44}{cells}")
        return "\n".join([*lines, "", tell(chosen, "plan.beside.below"), self.median.tell(language)])

    def __str__(self) -> str:
        """Return the same in English words."""
        return self.tell()


_TRIED = {"brought_tonnes": "plan.beside.brought", "person_days_with": "plan.beside.without"}


def _sum_up(plan: Plan) -> list[tuple[Said, float]]:
    """Return what a plan counts on, and what it sends and promises."""
    solved = plan.solved
    problem = solved.problem
    peopled = (problem.people.max(axis=0) > 0) & (problem.need > 0).any(axis=1)
    stores = [float(np.nansum(problem.stock[peopled, k])) for k in range(len(problem.items))]
    sent = [sum(convoy.loads.get(item.id, 0.0) for convoy in plan.convoys) for item in problem.items]
    convoys = len({(convoy.fleet, convoy.departs) for convoy in plan.convoys})
    return [
        (say("plan.beside.people_start"), float(problem.people[0].sum())),
        (say("plan.beside.people_end"), float(problem.people[-1].sum())),
        (say("plan.beside.trucks"), float(problem.have_trucks()[0].sum())),
        *((say("plan.beside.store", item=item.id), t) for item, t in zip(problem.items, stores, strict=True)),
        (say("plan.beside.convoys"), float(convoys)),
        *((say("plan.beside.sent", item=item.id), t) for item, t in zip(problem.items, sent, strict=True)),
        (say("plan.beside.promised"), float(sum(share.person_days_without for share in plan.shares))),
    ]
