"""People in camps: each open case of Flee forecast by a table learnt on the other three, beside simple rules and libraries.

    python benchmarks/camps.py [--write] [--page] [--data FOLDER]

Prints the tables of docs/validation.md; --page puts them there. --write makes src/corridor/forecast/camp_errors.json
anew from the four cases instead. The cases are the folders in OPEN under CORRIDOR_DATA/flee (or ../shared/data/flee
beside the repository); the error table rests on them and on no other. AutoETS and Theta need statsforecast (dependency
group `bench`). Every method knows the reports dated by the day of the forecast and nothing else; the truth is the counts
as reported, straight between reports, on every later day of the period.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from camps_methods import (
    FRACTIONS,
    OPEN,
    ROOT,
    Question,
    ask,
    find_data,
    last_count,
    list_methods,
    ours,
    read_crisis,
    score,
)
from corridor.flee.compare import read_flee_runs
from corridor.flee.compile import compile_folder
from corridor.flee.measure import measure_error
from corridor.flee.read import read_folder
from corridor.flee.reports import CampFiles, read_camps
from corridor.forecast.camp_errors import FILE, ErrorTable
from corridor.forecast.camp_learning import learn
from corridor.forecast.camps import forecast
from markers import PAGE, put

Questions = dict[float, list[Question]]
TENTHS = tuple(np.arange(1, 9) / 10)


def write_scores(questions: Questions) -> list[str]:
    """Return the table of scores: the mean of the four cases, and CRPS of each."""
    named = ", ".join(OPEN)
    heads = [f"as of {part:.0%}: CRPS a person ({named}) | error | in 9 in 10" for part in questions]
    lines = ["| | " + " | ".join(heads) + " |", "|---" * (1 + 3 * len(questions)) + "|"]
    for name, method in list_methods().items():
        cells = [name]
        for asked in questions.values():
            rows = np.array([score(method(question), question.truth) for question in asked])
            crps, error, coverage = rows.mean(axis=0)
            each = ", ".join(f"{value:.3f}" for value in rows[:, 0])
            cells += [f"**{crps:.3f}** ({each})", f"{error:.3f}", f"{coverage:.0%}" if np.isfinite(coverage) else ""]
        lines.append("| " + " | ".join(cells) + " |")
    return lines


def write_sums(cases: dict[str, CampFiles], tables: dict[str, ErrorTable]) -> list[str]:
    """Return how many sums over all camps lie in their 90 % interval, as of FRACTIONS and of every tenth."""
    lines = [f"| sums over all camps in 9 in 10, as of | mean | {' | '.join(cases)} |", "|---" * (2 + len(cases)) + "|"]
    for parts in (FRACTIONS, TENTHS):
        means = [np.mean([_hold_sum(files, part, tables[name]) for part in parts]) for name, files in cases.items()]
        told = " | ".join(f"{value:.0%}" for value in means)
        lines.append(f"| {', '.join(f'{part:.0%}' for part in parts)} | **{np.mean(means):.0%}** | {told} |")
    shares = " | ".join(f"{table.common:.2f}" for table in tables.values())
    return [*lines, f"| share of common luck, learnt on the three others | | {shares} |"]


def _hold_sum(files: CampFiles, part: float, table: ErrorTable) -> float:
    question = ask(files, int(files.days * part), table)
    sums = forecast(question.known, question.days[::7], table=table).sums
    totals = question.totals[::7]
    return float(((totals >= sums[2]) & (totals <= sums[-3])).mean())


def write_flee(questions: Questions, data: Path) -> list[str]:
    """Return errors on the later days measured as Flee does: people rescaled to the sum registered, corrections known."""
    lines = [
        "| Flee's averaged relative difference on the days after | Flee's own runs (each case) | Corridor "
        "| Corridor, totals known | last count |",
        "|---" * 5 + "|",
    ]
    for part, asked in questions.items():
        rows = []
        for name, question in zip(OPEN, asked, strict=True):
            runs, registered, camps = _read_flee(data / name)
            later = slice(int(question.known.day) + 1, None)
            order = [question.places.index(camp) for camp in camps]
            middles = [ours(question)[9], ours(question, totals=True)[9], last_count(question)[0]]
            flee = float(np.mean([measure_error(run[later], registered[later]) for run in runs]))
            rows.append([flee, *(measure_error(middle[:, order], registered[later]) for middle in middles)])
        flee, *others = np.mean(rows, axis=0)
        each = ", ".join(f"{row[0]:.3f}" for row in rows)
        lines.append(f"| as of {part:.0%} | {flee:.3f} ({each}) | " + " | ".join(f"{x:.3f}" for x in others) + " |")
    return lines


def _read_flee(folder: Path) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Return people of Flee's own runs [run, day, camp], those registered as Flee reads them [day, camp], the camps."""
    settings = folder / "simsetting-hasten10.yml"
    model = compile_folder(read_folder(folder, settings if settings.is_file() else None))
    return read_flee_runs(folder / "flee-runs.csv", model), model.observed, [model.place_names[i] for i in model.camps]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="make the table of the package anew")
    parser.add_argument("--page", action="store_true", help="put the tables into docs/validation.md")
    parser.add_argument("--data", type=Path, default=find_data(), help="folder of the open cases")
    chosen = parser.parse_args()
    if not chosen.data.is_dir():
        parser.error(f"no folder {chosen.data}: set CORRIDOR_DATA or --data")
    crises = {name: read_crisis(chosen.data / name) for name in OPEN}
    if chosen.write:
        text = learn(list(crises.values())).write()
        (ROOT / "src" / "corridor" / "forecast" / FILE).write_text(text, encoding="utf-8")
        return
    tables = {name: learn([crises[other] for other in OPEN if other != name]) for name in OPEN}
    cases = {name: read_camps(chosen.data / name) for name in OPEN}
    questions = {
        part: [ask(files, int(files.days * part), tables[name]) for name, files in cases.items()] for part in FRACTIONS
    }
    parts = [write_scores(questions), write_sums(cases, tables), write_flee(questions, chosen.data)]
    text = "\n\n".join("\n".join(lines) for lines in parts)
    print(text)
    if chosen.page:
        put(PAGE, "camps", text)


if __name__ == "__main__":
    main()
