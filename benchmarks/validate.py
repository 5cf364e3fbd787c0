"""Print the tables of docs/validation.md: the worked case under both parameter sets, scored on its counts.

    python benchmarks/validate.py [--replicates 500] [--keep FOLDER] [--write]

With --write the tables go into docs/validation.md, the result into README.md and its picture into docs/pictures.
"""

from __future__ import annotations

import argparse
import tempfile
from datetime import datetime
from pathlib import Path

import numpy as np

from corridor.forecast.score import collect_counts, compare_reached, list_counts, score_result, split_fitted
from corridor.report.figures import describe_arrivals
from corridor.report.pictures.lines import draw_arrivals
from corridor.results.moments import choose_moment
from corridor.results.result import Result
from corridor.results.run import run
from corridor.scenario.scenario import read_scenario

ROOT = Path(__file__).parent.parent
CASE = ROOT / "scenarios" / "karabakh-2023"
AT = datetime(2023, 9, 28, 20)
TOTAL = ("arrivals", "", "", "", None)  # what is counted, time apart


def main() -> None:
    """Run both sets, print their tables, and write them into the pages if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replicates", type=int, default=500)
    parser.add_argument("--keep", type=Path, help="folder for the runs; a temporary one if not given")
    parser.add_argument("--write", action="store_true", help="write tables, result and picture into the pages")
    words = parser.parse_args()
    scenario = read_scenario(CASE)
    with tempfile.TemporaryDirectory() as temporary:
        base = words.keep or Path(temporary)
        results = {name: run(scenario, base / name, name, words.replicates) for name in scenario.sets}
        tables = "\n".join(describe_set(result) for result in results.values())
        print(tables)
        if words.write:
            put(ROOT / "docs" / "validation.md", "tables", tables)
            put(ROOT / "README.md", "result", describe_result(results["replay"]))
            picture = draw_picture(results["replay"])
            (ROOT / "docs" / "pictures").mkdir(exist_ok=True)
            (ROOT / "docs" / "pictures" / "arrivals.svg").write_text(picture, encoding="utf-8")


def draw_picture(result: Result) -> str:
    """Return the chart of arrivals."""
    counts = list_counts(split_fitted(result, collect_counts(result)))
    return draw_arrivals(describe_arrivals(result, choose_moment(result), counts))


def put(page: Path, name: str, text: str) -> None:
    """Replace what stands between the markers of a page."""
    before, rest = page.read_text(encoding="utf-8").split(f"<!-- {name}:begin -->")
    after = rest.split(f"<!-- {name}:end -->")[1]
    page.write_text(f"{before}<!-- {name}:begin -->\n{text}\n<!-- {name}:end -->{after}", encoding="utf-8")


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
