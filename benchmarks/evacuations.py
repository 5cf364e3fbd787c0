"""Print the evacuations of docs/validation.md: roads and queues with numbers of the literature alone, beside what was counted.

    python benchmarks/evacuations.py [--replicates 200] [--write]

Each folder in benchmarks/evacuations is a scenario; targets.csv says what is asked of it, in which band the answer should
lie and what a naive rule says, literature.csv from which events each number of the literature comes, remarks.csv what came
first and why it missed. A number that comes from the event asked about, or from Nagorno-Karabakh in 2023, is not used
(tests/docs/test_evacuations.py). Folders, questions and bands were written before the first run.
"""

from __future__ import annotations

import argparse
import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from corridor.results.result import Result
from corridor.results.run import run
from corridor.scenario.scenario import Scenario, read_scenario
from evacuation_questions import QUESTIONS, Results, Values
from markers import PAGE, put

FOLDER = Path(__file__).parent / "evacuations"
WORKED_CASE = "karabakh-2023"  # nothing may come from it either
REPLICATES = 200


@dataclass(frozen=True)
class Target:
    """What is asked of a run (of two for a ratio), what was counted, and the band in which the answer should lie.

    `counted` and `naive` are None where nothing was counted or no rule says anything; `first` is what came of the first
    run, `changed` why it is another now, `remark` what to know of the answer.
    """

    id: str
    cases: tuple[str, ...]
    what: str
    unit: str
    counted: float | None
    low: float
    high: float
    why: str
    naive: float
    naive_rule: str
    first: str
    changed: str
    remark: str

    def holds(self, value: float) -> bool:
        """Tell whether a value lies in the band."""
        return self.low <= value <= self.high


@dataclass(frozen=True)
class Answer:
    """A target, the runs' values [R], and the rows of the literature that they rest on."""

    target: Target
    values: Values
    used: tuple[str, ...]

    @property
    def quantiles(self) -> tuple[float, float, float]:
        """Return the ends of the interval of nine in ten, the median between them."""
        low, middle, high = (float(q) for q in np.nanquantile(self.values, [0.05, 0.5, 0.95]))
        return low, middle, high

    @property
    def inside(self) -> bool:
        """Tell whether the median lies in the band."""
        return self.target.holds(self.quantiles[1])


def read_targets() -> list[Target]:
    """Return every target in the order of the table."""
    remarks = {row["id"]: row for row in _read("remarks")}
    numbers = ("low", "high", "naive")
    return [
        Target(
            **{**row, **remarks[row["id"]], **{name: float(row[name]) for name in numbers}}
            | {"cases": tuple(row["cases"].split()), "counted": float(row["counted"]) if row["counted"] else None}
        )
        for row in _read("targets")
    ]


def read_literature() -> dict[str, dict[str, str]]:
    """Return the numbers of the literature by id."""
    return {row["id"]: row for row in _read("literature")}


def _read(name: str) -> list[dict[str, str]]:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_cases() -> dict[str, Scenario]:
    """Return the scenario of every folder by name."""
    return {path.parent.name: read_scenario(path.parent) for path in sorted(FOLDER.glob("*/scenario.toml"))}


def list_used(scenario: Scenario) -> set[str]:
    """Return the ids of the numbers of the literature that rows of a scenario rest on."""
    resting = (row for rows in scenario.tables.values() for row in rows if "claims" in row.values)
    return {claim for row in resting for claim in row["claims"]} & read_literature().keys()


def find_forbidden(target: Target, used: set[str]) -> set[str]:
    """Return the numbers used that come from an event asked about, or from the worked case."""
    events = {*target.cases, WORKED_CASE}
    return {name for name in used if events & {*read_literature()[name]["events"].split()}}


def run_cases(replicates: int = REPLICATES) -> dict[str, Result]:
    """Return the run of every folder, in memory."""
    return {name: run(scenario, replicates=replicates) for name, scenario in read_cases().items()}


def answer(results: Results) -> list[Answer]:
    """Return what the runs say of every target."""
    used = {name: list_used(result.scenario) for name, result in results.items()}
    return [
        Answer(
            target, QUESTIONS[target.id](results), tuple(sorted(set().union(*(used[case] for case in target.cases))))
        )
        for target in read_targets()
    ]


def tabulate(answers: list[Answer]) -> str:
    """Return the section of the page: the table of targets, what changed since the first run, and remarks."""
    lines = [
        "| asked | counted | band | came: median, nine chances in ten between | median in the band | replicates in it | naive rule | rows of the literature used |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for entry in answers:
        target = entry.target
        share = np.mean([target.holds(value) for value in entry.values])
        row = (
            f"{target.what}, {target.unit}",
            "no" if target.counted is None else write_number(target.counted),
            f"{write_number(target.low)} to {write_number(target.high)}: {target.why}",
            write_interval(entry),
            "yes" if entry.inside else "**no**",
            f"{share:.0%}",
            f"{write_number(target.naive)}: {target.naive_rule}",
            ", ".join(name.removeprefix("p_") for name in entry.used),
        )
        lines.append(f"| {' | '.join(row)} |")
    naive = sum(entry.target.holds(entry.target.naive) for entry in answers)
    said = sum(entry.inside for entry in answers)
    total = f"{said} of {len(answers)} medians lie in their bands; of the naive rule's numbers {naive}."
    changed = [
        f"- {entry.target.what}: first {entry.target.first}, now {write_interval(entry)}. Why: {entry.target.changed}."
        for entry in answers
        if entry.target.changed
    ]
    remarks = [f"- {entry.target.what}: {entry.target.remark}" for entry in answers if entry.target.remark]
    return "\n".join(
        [
            *lines,
            "",
            total,
            "",
            "Not as it first came:",
            "",
            *changed,
            "",
            "Where the model misses, or is right for a weak reason:",
            "",
            *remarks,
        ]
    )


def write_interval(entry: Answer) -> str:
    """Return the median and the interval of nine in ten."""
    low, middle, high = (write_number(q) for q in entry.quantiles)
    return f"{middle} ({low} to {high})"


def write_number(value: float) -> str:
    """Return a number with three digits that count."""
    if not np.isfinite(value):
        return "never"
    digits = 0 if value == 0 else max(0, 2 - int(np.floor(np.log10(abs(value)))))
    return f"{round(value, digits):,.{digits}f}"


def main() -> None:
    """Run every folder, print the table of targets, and write it into the page if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replicates", type=int, default=REPLICATES)
    parser.add_argument("--write", action="store_true", help="write the table into docs/validation.md")
    words = parser.parse_args()
    table = tabulate(answer(run_cases(words.replicates)))
    print(table)
    if words.write:
        put(PAGE, "evacuations", table)


if __name__ == "__main__":
    main()
