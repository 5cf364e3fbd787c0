"""Print the tables of docs/validation.md: every worked case under all its sets, scored on its counts, and the evacuations.

    python benchmarks/validate.py [--replicates 500] [--keep FOLDER] [--write] [CASE ...]

Cases are folders in scenarios; those named on the page that are not there are left out with a word. With --write the tables
go into docs/validation.md, the result of Nagorno-Karabakh into README.md and its picture into docs/pictures; that
needs every case that is there, so no names.
"""

from __future__ import annotations

import argparse
import tempfile
from datetime import datetime
from pathlib import Path

import numpy as np

import evacuations
from corridor.forecast.score import collect_counts, compare_reached, list_counts, score_result, split_fitted
from corridor.report.figures import describe_arrivals
from corridor.report.pictures.lines import draw_arrivals
from corridor.results.moments import choose_moment
from corridor.results.result import Result
from corridor.results.run import run
from corridor.scenario.scenario import read_scenario
from held_out import describe_case, lead_case, lead_evacuations
from markers import PAGE, ROOT, put

FIRST = "karabakh-2023"  # has a section of its own
REPLICATES = {FIRST: 500, "mariupol-2022": 200, "ukraine-2022": 40, "sudan-2023": 40}  # so that all take a few minutes
OTHERWISE = 40  # of a case that is not named
AT = datetime(2023, 9, 28, 20)
TOTAL = ("arrivals", "", "", "", None)  # what is counted, time apart


def main() -> None:
    """Run every case under all its sets, print the tables, and write them into the pages if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cases", nargs="*", help="names of folders in scenarios; all and the evacuations if none")
    parser.add_argument("--replicates", type=int, default=REPLICATES[FIRST], help=f"of {FIRST}; others in proportion")
    parser.add_argument("--keep", type=Path, help="folder for the runs; a temporary one if not given")
    parser.add_argument("--write", action="store_true", help="write tables, result and picture into the pages")
    words = parser.parse_args()
    if words.write and words.cases:
        parser.error("--write needs every case: name none")
    there = list_cases()
    for name in [name for name in (*REPLICATES, *words.cases) if name not in there]:
        print(f"left out: scenarios/{name} is not there\n")
    with tempfile.TemporaryDirectory() as temporary:
        base = words.keep or Path(temporary)
        chosen = [name for name in there if not words.cases or name in words.cases]
        results = {name: run_case(name, base, words.replicates) for name in chosen}
        answers = [] if words.cases else evacuations.answer(evacuations.run_cases())
        sections = describe(results, answers)
        if words.cases:
            sections = {name: text for name, text in sections.items() if name != "evacuations" and results}
        print("\n\n".join(sections.values()))
        if words.write:
            for section, text in sections.items():
                put(PAGE, section, text)
            put(ROOT / "README.md", "result", describe_result(results[FIRST]["replay"]))
            picture = draw_picture(results[FIRST]["replay"])
            (ROOT / "docs" / "pictures").mkdir(exist_ok=True)
            (ROOT / "docs" / "pictures" / "arrivals.svg").write_text(picture, encoding="utf-8")


def describe(results: dict[str, dict[str, Result]], answers: list[evacuations.Answer]) -> dict[str, str]:
    """Return the parts of the page by the names of their markers: the table over all first."""
    rows = [row for runs in results.values() for result in runs.values() for row in lead_case(result)]
    head = ["| case | asked | came | the naive rule |", "|---|---|---|---|"]
    others = [f"### {name}\n\n{describe_case(runs)}" for name, runs in results.items() if name != FIRST]
    return {
        "lead": "\n".join([*head, *rows, *lead_evacuations(answers)]),
        "tables": "\n".join(describe_set(result) for result in results.get(FIRST, {}).values()),
        "cases": "\n\n".join(others) or "None is there yet.",
        "evacuations": evacuations.tabulate(answers),
    }


def list_cases() -> list[str]:
    """Return the names of the worked cases that are there, in the order of the page."""
    there = sorted(path.parent.name for path in (ROOT / "scenarios").glob("*/scenario.toml"))
    known = [name for name in REPLICATES if name in there]
    return known + [name for name in there if name not in known]


def run_case(name: str, base: Path, replicates: int) -> dict[str, Result]:
    """Return the runs of a worked case by parameter set, in folders below `base`."""
    scenario = read_scenario(ROOT / "scenarios" / name)
    count = max(1, REPLICATES.get(name, OTHERWISE) * replicates // REPLICATES[FIRST])
    return {known: run(scenario, base / name / known, known, count) for known in scenario.sets}


def draw_picture(result: Result) -> str:
    """Return the chart of arrivals."""
    counts = list_counts(split_fitted(result, collect_counts(result)))
    return draw_arrivals(describe_arrivals(result, choose_moment(result), counts))


def describe_result(result: Result) -> str:
    """Return the one real result of the README, in words."""
    s = score_result(result)["series"]["arrivals"]["held_out"]
    low, high = np.quantile(result.at("arrivals", AT), [0.05, 0.95])
    r = compare_reached(result, 95_000)
    when = [f"{datetime.fromisoformat(r[k]):%d September %H:%M}" for k in ("observed", "q05")]
    return "\n".join(
        [
            f"- {round(s['n'] * s['coverage_90'])} of {s['n']} lie inside the 90 % interval ({s['coverage_50']:.0%} inside "
            f"the 50 % one); on 28 September 20:00 it was {high - low:,.0f} people wide.",
            f"- Mean CRPS {s['crps']:,.0f} people; the naive rule misses by {s['baseline_crps']:,.0f} (skill {s['skill']:.2f}).",
            f"- 95,000 had arrived on {when[0]}, inside the interval, which begins on {when[1]}; in "
            f"{r['not_within_period']:.0%} of the replicates it is not reached within the period.",
            "",
            f"Printed by `python benchmarks/validate.py` ({result.replicates} replicates, seed {result.manifest['seed']}).",
        ]
    )


def describe_set(result: Result) -> str:
    """Return scores, the fan at some times, and when 95,000 had arrived, as a section of the page."""
    m = result.manifest
    parts = [
        f"### {m['parameters']}: {m['parameters_title']}",
        f"{m['replicates']} replicates, seed {m['seed']}, scenario {m['scenario_hash'][:12]}.",
        tabulate_scores(result),
        tabulate_arrivals(result),
        describe_width(result),
    ]
    return "\n\n".join(parts) + "\n"


def tabulate_scores(result: Result) -> str:
    """Return the scores of every series, apart for fitted and held-out counts."""
    lines = [
        "| series | counts | n | inside 50 % | inside 90 % | CRPS | naive | skill |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for series, parts in score_result(result)["series"].items():
        for part, s in parts.items():
            skill = "" if s["skill"] is None else f"{s['skill']:.2f}"
            lines.append(
                f"| {series} | {part.replace('_', ' ')} | {s['n']} | {s['coverage_50']:.0%} | {s['coverage_90']:.0%} "
                f"| {s['crps']:,.0f} | {s['baseline_crps']:,.0f} | {skill} |"
            )
    return "\n".join(lines)


def tabulate_arrivals(result: Result) -> str:
    """Return the fan of arrivals beside the counts of the mornings and evenings."""
    lines = ["| arrivals at | counted | used | median | nine chances in ten between |", "|---|---|---|---|---|"]
    for part, counts in split_fitted(result, collect_counts(result)).items():
        for compared in counts:
            count, time = compared.count, compared.count.thing.time
            if count.thing[:5] == TOTAL and time.hour in (8, 20):
                low, middle, high = np.quantile(compared.ensemble, [0.05, 0.5, 0.95])
                row = (f"{time:%d %b %H:%M}", f"{count.number:,.0f}", part.replace("_", " "), f"{middle:,.0f}")
                lines.append(f"| {' | '.join(row)} | {low:,.0f} and {high:,.0f} |")
    return "\n".join(lines)


def describe_width(result: Result) -> str:
    """Return how wide the fan is, what lies outside it, and when 95,000 had arrived, in sentences."""
    low, high = np.quantile(result.at("arrivals", AT), [0.05, 0.95])
    outside = []
    for compared in collect_counts(result):
        if compared.count.thing[:5] == TOTAL:
            bottom, top = np.quantile(compared.ensemble, [0.05, 0.95])
            if not bottom <= compared.count.number <= top:
                outside.append(f"{compared.count.thing.time:%d %b %H:%M}")
    r = compare_reached(result, 95_000)
    return (
        f"On {AT:%d September %H:%M} the 90 % interval reaches from {low:,.0f} to {high:,.0f}: {high - low:,.0f} people wide. "
        f"Counts of arrivals outside the 90 % interval: {', '.join(outside) or 'none'}. 95,000 had arrived, by the counts, "
        f"at {r['observed'][:16]}; the run's median is {r['q50'][:16]}, nine chances in ten between {r['q05'][:16]} and "
        f"{r['q95'][:16]} ({r['not_within_period']:.0%} not within the period): "
        f"{'inside' if r['inside_90'] else 'outside'}."
    )


if __name__ == "__main__":
    main()
