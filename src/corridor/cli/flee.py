"""`corridor flee run | check | import | build | compare | forecast`: Flee's folders, run on counts of people."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

import corridor as co
from corridor.cli import build as asked
from corridor.cli.answer import EXIT_INVALID, Bars, Cluster, answer, on_one_line, say, say_made_anew, show_progress

app = typer.Typer(help="Run, check, import and compare folders of Flee.", no_args_is_help=True)

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="Flee's folder: input_csv, source_data, simsetting.yml.")]
Settings = Annotated[Path | None, typer.Option(help="Another settings file.")]
Repaired = Annotated[bool, typer.Option("--repaired", help="Switch on what Flee documents but does not do.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Seed = Annotated[int, typer.Option(min=0, help="Seed of all random numbers.")]
Workers = Annotated[int, typer.Option(min=1, max=256, help="Threads; the numbers do not depend on it.")]


@app.command("run")
def run(
    folder: Folder,
    replicates: Annotated[int, typer.Option(min=1, help="How many runs.")] = 100,
    seed: Seed = 1,
    seeds: Annotated[
        str | None, typer.Option(metavar="LIST", help="One run for each of these seeds, with commas between them.")
    ] = None,
    workers: Workers = 1,
    cluster: Cluster = None,
    out: Annotated[Path | None, typer.Option(metavar="RUN", help="Keep the run in this folder.")] = None,
    settings: Settings = None,
    days: Annotated[int | None, typer.Option(min=1, help="Length instead of that in sim_period.csv.")] = None,
    repaired: Repaired = False,
    recent_steps: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=1000,
            help="Steps of recent distance in a full day: more are slower and finer; 12, or 512 up to 16 places.",
        ),
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Refuse a folder with which Flee itself would stop.")
    ] = False,
    rules: Annotated[
        str | None, typer.Option(metavar="MODULE:NAME", help="Rules of your own in the place of Flee's (FleeRules).")
    ] = None,
    flee_out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Write out.csv and links.out.0 here, as Flee writes them.")
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write the briefing: camps, errors, who came from where."),
    ] = None,
    language: Annotated[str, typer.Option(help="Language of the briefing: en, fr.")] = "en",
    replace: Annotated[
        bool, typer.Option("--replace", help="Write over existing files of --flee-out and --report.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Run a Flee folder by Flee's daily rules and say how far it is from what was registered.

    A SWEEP of FabFlee, or any folder of cases, is run case by case, with a table and its mean; a case that cannot be
    run is named, and the command ends with 3.
    """
    wishes: dict[str, Any] = {"seed": _read_seeds(seeds) if seeds else seed, "workers": workers, "cluster": cluster}
    wishes |= {"repaired": repaired, "recent_steps": recent_steps, "replicates": replicates}
    if co.list_flee_cases(folder):
        if flee_out is not None or report is not None or rules:
            message = "--flee-out, --report and --rules are for one case; name one of the folder's"
            raise co.UsageError(message)
        _run_cases(folder, as_json, {"settings": settings, "days": days, "strict": strict, "save": out, **wishes})
        return
    read = co.read_flee(folder, settings, days, strict)
    _say_warnings([fault for fault in read.warnings if not (repaired and "--repaired" in fault.fix)])
    count = replicates if isinstance(wishes["seed"], int) else len(wishes["seed"])
    own = co.load_rules(rules) if rules else None
    with show_progress("runs", count) as advance:
        done = co.run_flee(read, save=out, progress=lambda _: advance(1), strict=strict, rules=own, **wishes)
    document = done.summarise()
    say_made_anew(document["made_anew"])
    for notice in document["notices"]:
        say(f"notice: {notice}")
    answer(document, write_flee(document), as_json)
    if out is not None:
        say(f"stored in {out}; next: corridor report {out}")
    if flee_out is not None:
        files = co.write_flee_out(read, flee_out, replicates, wishes["seed"], repaired, own, replace)
        say(f"written: {on_one_line(files[0])}" + f" and {len(files) - 1} more" * (len(files) > 1))
    if report is not None:
        traced = None if own else co.trace_origins(read, ORIGINS, seed, repaired=repaired)
        co.report_flee(done, report, traced, ORIGINS, replace, language)
        say(f"written: {on_one_line(report)}")


ORIGINS = 10  # runs whose means say who came from where in a briefing


def _read_seeds(text: str) -> tuple[int, ...]:
    words = [word.strip() for word in text.split(",")]
    if not all(word.isdecimal() for word in words):
        message = f"--seeds {text!r}: whole numbers of 0 or more with commas between them, for example 3,5,8"
        raise co.UsageError(message)
    return tuple(map(int, words))


def _run_cases(folder: Path, as_json: bool, wishes: dict[str, Any]) -> None:
    done = co.run_flee_cases(folder, tell=lambda case: say(f"{case}: running"), **wishes)
    refused = {case: [asdict(fault) for fault in faults] for case, faults in done.refused.items()}
    answer(
        {"folder": str(folder), "cases": done.rows, "mean": done.mean, "refused": refused}, _write_cases(done), as_json
    )
    for case, faults in done.refused.items():
        for fault in faults:
            say(f"{case}: {fault.describe()}")
    if done.refused:
        raise typer.Exit(EXIT_INVALID)


COLUMNS = {
    "error_rescaled": "error", "error_not_rescaled": "not rescaled", "error_after_day_7": "after day 7",
    "kept_shares_after_day_7": "shares", "error_after_day_30": "after day 30", "kept_shares_after_day_30": "shares",
}  # fmt: skip


def _write_cases(done: co.FleeCases) -> str:
    """Return the table of cases and its mean: Flee's errors, beside the naive rule that every camp keeps its share."""
    width = max([len("case"), *(len(row["case"]) for row in done.rows), *map(len, done.refused)])
    lines = [f"{'case':{width}s} {'days':>5s} {'people':>11s} " + " ".join(f"{word:>12s}" for word in COLUMNS.values())]
    lines += [
        f"{row['case']:{width}s} {row['days']:5d} {row['people']:11,.0f} " + _write_measures(row) for row in done.rows
    ]
    lines += [f"{case:{width}s} refused: {faults[0].code}" for case, faults in done.refused.items()]
    lines.append(f"{'mean':{width}s} {'':5s} {'':11s} " + _write_measures(done.mean))
    return "\n".join(lines)


def _write_measures(row: dict[str, Any]) -> str:
    return " ".join(f"{'-' if row[name] is None else format(row[name], '.4f'):>12s}" for name in COLUMNS)


def _say_warnings(warnings: list[co.Fault]) -> None:
    for fault in warnings:
        say(fault.describe())


def write_flee(document: dict[str, Any]) -> str:
    """Return what a run of a Flee folder says, as lines of text."""
    lines = [f"{document['folder']}: {document['days']} days from {document['start']}, {document['replicates']} runs"]
    lines.append(f"{document['people']:,.0f} people, {document['on_roads']:,.0f} of them on roads on the last day")
    lines.append(f"people at places and on roads less those begun, at most: {document['conservation_error']}")
    lines.append(f"{'last day':24s} {'mean':>10s} {'90 % of runs':>21s} {'registered':>11s}")
    lines += [
        f"{row['camp']:24s} {row['mean']:10,.0f} {row['low']:10,.0f}-{row['high']:10,.0f} {row['registered']:11,d}"
        for row in document["camps"]
    ]
    measures = document.get("measures", {})
    if measures:
        lines.append("errors: Flee's averaged relative difference, 0 to 2; CRPS: people a camp and day")
    for name, value in measures.items():
        naive = "naive rule, " if name.startswith(("kept_shares", "equal_growth")) else ""
        lines.append(f"{naive + name.replace('_', ' '):44s} {value:10.4f}")
    return "\n".join(lines)


@app.command("origins")
def origins(
    folder: Folder,
    replicates: Annotated[int, typer.Option(min=1, help="How many runs the means are of.")] = 20,
    every: Annotated[int, typer.Option(min=1, help="Days from one table to the next.")] = 30,
    seed: Seed = 1,
    settings: Settings = None,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write every day's table to this CSV file.")] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Write over an existing file.")] = False,
    as_json: Json = False,
) -> None:
    """Say who came from where: mean people by origin and destination, and days outside camps by origin."""
    done = co.trace_origins(co.read_flee(folder, settings), replicates, seed, every)
    rows = done.list_rows()
    last = [row for row in rows if row["day"] == done.days[-1]]
    width = max([11, *(len(row[name]) for row in last for name in ("origin", "destination"))])
    lines = [f"day {done.days[-1]}, means of {replicates} runs"]
    lines.append(f"{'origin':{width}s}  {'destination':{width}s} {'people':>12s} {'days outside camps':>19s}")
    lines += [
        f"{row['origin']:{width}s}  {row['destination']:{width}s} {row['people']:12,.1f} {row['days_on_the_way']:19.1f}"
        for row in last
    ]
    if out is not None:
        done.write(out, replace)
        say(f"written: {on_one_line(out)}")
    answer({"folder": str(folder), "rows": rows}, "\n".join(lines), as_json)


@app.command("sweep")
def sweep(
    table: Annotated[
        Path, typer.Argument(metavar="TABLE", help="CSV file: setting,low,high; or settings, a run a row.")
    ],
    folder: Folder,
    method: Annotated[str, typer.Option(help="morris or sobol; both need the extra sensitivity.")] = "morris",
    samples: Annotated[int, typer.Option(min=2, help="Paths (Morris) or base points, a power of 2 (Sobol).")] = 8,
    replicates: Annotated[int, typer.Option(min=1, help="Runs of each set of settings.")] = 5,
    measure: Annotated[str, typer.Option(help="What is looked at, as `corridor flee run --json` names it.")] = (
        "error_rescaled"
    ),
    seed: Seed = 1,
    settings: Settings = None,
    workers: Annotated[int, typer.Option(min=1, help="Processes; they change no number.")] = 1,
    cluster: Cluster = None,
    as_json: Json = False,
) -> None:
    """Say how much each setting matters: Morris or Sobol over ranges, or each row of a table as a run of its own."""
    with ExitStack() as bars:
        told = partial(Bars(bars), "sets of settings")
        read, how = co.read_flee(folder, settings), (method, samples, replicates, seed, measure)
        done = co.sweep_flee(read, table, *how, workers, told, cluster)
    width = max(12, *(len(name) for name in done.columns))
    lines = ["  ".join(f"{name:>{width}s}" for name in done.columns)]
    lines += ["  ".join(f"{_write_cell(row[name]):>{width}s}" for name in done.columns) for row in done.rows]
    lines.append(f"{done.runs} sets of settings, {replicates} runs each; {measure}")
    answer(
        {"folder": str(folder), "method": done.method, "measure": measure, "runs": done.runs, "rows": done.rows},
        "\n".join(lines),
        as_json,
    )


def _write_cell(value: Any) -> str:
    return f"{value:.4f}" if isinstance(value, float) else str(value)


@app.command("check")
def check(folder: Folder, settings: Settings = None, as_json: Json = False) -> None:
    """Show all faults of a Flee folder, also those that Flee passes over in silence.

    Ends with 3 where Flee could not run it, 0 otherwise (warnings do not count). Where Flee stops and an answer makes
    sense all the same, `corridor flee run` goes on, and refuses with --strict. Of a SWEEP of FabFlee, or any folder of
    cases, every case is checked.
    """
    members = co.list_flee_cases(folder)
    checked = [_check_case(case, settings) for case in members or [folder]]
    document, text = checked[0] if not members else ({}, "\n\n".join(text for _, text in checked))
    if members:
        cases = [of_one for of_one, _ in checked]
        document = {"folder": str(folder), "cases": cases}
        document |= {word: all(case[word] for case in cases) for word in ("ok", "runs_here")}
    answer(document, text, as_json)
    if not document["ok"]:
        raise typer.Exit(EXIT_INVALID)


def _check_case(folder: Path, settings: Path | None) -> tuple[dict[str, Any], str]:
    """Return what the check of one case says, as a document and as text; a case without places has one fault."""
    try:
        faults = co.check_flee(folder, settings)
    except co.FaultsError as error:
        faults = error.faults
    errors, stops = ([fault for fault in faults if fault.severity == kind] for kind in ("error", "stops"))
    words = {"stops": "Flee stops"}
    text = "\n".join(f"{words.get(fault.severity, fault.severity)}: {fault.describe()}" for fault in faults)
    others = len(faults) - len(errors) - len(stops)
    text += f"\n{folder}: {len(errors)} faults, Flee stops at {len(stops)}, {others} warnings"
    document = {"folder": str(folder), "ok": not errors and not stops, "runs_here": not errors}
    document["faults"] = [asdict(fault) for fault in faults]
    return document, text.strip()


NOT_FLEE = (
    "notice: the scenario runs by Corridor's own rules, not Flee's: all people of the period are there from the start "
    "and leave as its shares say; set those before you read its numbers. `corridor flee run` gives Flee's answer."
)


@app.command("import")
def import_folder(
    folder: Folder,
    new: Annotated[Path, typer.Argument(metavar="NEW_DIR", help="Folder to make.")],
    settings: Settings = None,
    as_json: Json = False,
) -> None:
    """Write a scenario folder of Corridor from a Flee folder, and say what it keeps and what it does not."""
    read = co.read_flee(folder, settings)
    _say_warnings(read.warnings)
    files = co.import_flee(read, new)
    say(NOT_FLEE)
    kept, lost = co.tell_kept(read)
    text = "\n".join([*(f"kept: {line}" for line in kept), *(f"not kept: {line}" for line in lost)])
    text += f"\n{new}: {len(files)} files; next: corridor check {new}"
    answer({"scenario": str(new), "files": files, "kept": kept, "not_kept": lost}, text, as_json)


@app.command("build")
def build(
    new: Annotated[Path, typer.Argument(metavar="NEW_DIR", help="Folder to make.")],
    roads: asked.Roads = None,
    inside: asked.Inside = None,
    code: asked.Code = None,
    people: asked.People = None,
    events: asked.Events = None,
    counts: asked.Counts = None,
    mapping: asked.Mapping = None,
    start: asked.Start = None,
    end: asked.End = None,
    smallest: asked.Smallest = None,
    kinds: asked.Kinds = None,
    beyond: asked.Beyond = None,
    language: asked.Language = None,
    as_json: Json = False,
) -> None:
    """Write a folder of Flee from an extract of OpenStreetMap and an area: routes are as long as their roads."""
    wishes: dict[str, Any] = {"roads": roads, "inside": inside, "code": code, "people": people, "events": events}
    wishes |= {"counts": counts, "map": mapping, "start": start, "end": end, "smallest": smallest}
    wishes |= {"beyond_km": beyond, "language": language}
    wishes["kinds"] = tuple(kind.strip() for kind in kinds.split(",")) if kinds else None
    made = co.build_flee(new, **wishes)
    answer(asdict(made) | {"folder": str(new)}, str(made), as_json)
    say(f"next: corridor flee check {new}, then corridor flee run {new}")


@app.command("compare")
def compare(
    data: Annotated[Path, typer.Argument(metavar="DATA", help="Folder of cases, each with flee-runs.csv.")],
    replicates: Annotated[int, typer.Option(min=2, help="Our runs of each case.")] = 200,
    seed: Seed = 1,
    workers: Workers = 1,
    out: Annotated[Path | None, typer.Option(metavar="OUT", help="Folder for pictures.")] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Write over existing pictures.")] = False,
    as_json: Json = False,
) -> None:
    """Compare runs with tables of Flee's own runs: how many camp-days agree, and pictures."""
    comparisons = co.compare_flee(
        data, replicates, seed, workers, out, lambda case: say(f"{case}: {replicates} runs"), replace
    )
    rows = [comparison.summarise() for comparison in comparisons]
    answer({"comparisons": rows}, _write_comparisons(rows), as_json)


def _write_comparisons(rows: list[dict[str, Any]]) -> str:
    lines = [
        "case            runs  Flee's  camp-days   within  beyond 1 %  largest  spread (by chance)   error  Flee's"
    ]
    for row in rows:
        low, high = row["spread_by_chance"]
        lines.append(
            f"{row['case']:15s} {row['our_runs']:4d}  {row['flee_runs']:6d}  {row['camp_days']:9d}"
            f"  {row['within']:7.2%}"
            f"  {row['beyond_limit']:10d}  {row['largest_share']:7.2%}  {row['spread']:6.2f} ({low:.2f}-{high:.2f})"
            f"   {row['error_ours']:6.4f}  {row['error_flee']:6.4f}"
        )
    return "\n".join(lines) + "\n"


@app.command("forecast")
def forecast(
    counts: Annotated[Path, typer.Argument(metavar="DIR", help="Flee's folder, or a CSV file: place, date, people.")],
    as_of: Annotated[str, typer.Option("--as-of", metavar="DATE", help="Only counts dated by this day are read.")],
    until: Annotated[
        str | None, typer.Option(metavar="DATE", help="Last day; as far ahead as has passed, if not given.")
    ] = None,
    every: Annotated[int, typer.Option(min=1, help="Days from one forecast to the next.")] = 7,
    totals: Annotated[
        Path | None, typer.Option(metavar="FILE", help="CSV file of known totals of coming days: date, people.")
    ] = None,
    since: Annotated[
        str | None, typer.Option(metavar="DATE", help="When the crisis began, if not with the first count.")
    ] = None,
    column: Annotated[
        list[str] | None, typer.Option(metavar="NAME=OTHER", help="How a column of the table is called: place=camp.")
    ] = None,
    seed: Seed = 1,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the table to this CSV file.")] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Write over an existing file.")] = False,
    as_json: Json = False,
) -> None:
    """Forecast the people in each camp from the counts so far, with the last count beside."""
    columns = dict(_part(word) for word in column or ())
    made = co.forecast_camps(counts, as_of, until, every, totals, since, columns, seed)
    if out is not None:
        made.save(out, replace)
    for notice in made.notices:
        say(f"notice: {notice}")
    answer(made.document, _write_forecast(made.document), as_json)


def _part(word: str) -> tuple[str, str]:
    name, sign, other = word.partition("=")
    if not sign:
        message = f'--column "{word}" should say how a column is called, as in place=camp'
        raise co.UsageError(message)
    return name.strip(), other.strip()


def _write_forecast(document: dict[str, Any]) -> str:
    rows = document["rows"]
    end = rows[-1]["date"]
    lines = [
        f"people on {end}, from counts known on {document['as_of']} (day {document['days_elapsed']} since "
        f"{document['start']}); errors learnt on {', '.join(document['learnt_on'])}",
        f"{'place':24s} {'last count':>11s} {'of':>10s} {'median':>11s} {'9 in 10':>26s}",
    ]
    lines += [
        f"{on_one_line(row['place'] or 'all'):24s} {row['last']:11,d} {row['last_date']:>10s} {row['q50']:11,d} "
        f"{row['q05']:11,d} to {row['q95']:11,d}"
        for row in rows
        if row["date"] == end
    ]
    if document["totals_known"]:
        lines.append("the totals were given, and the places are shared out to them")
    if unused := ", ".join(map(on_one_line, document["never_counted_anybody"])):
        lines.append(
            f"nobody has been counted yet in {unused}: all places listed like this filled where the errors were "
            f"learnt, so these ranges may be too high"
        )
    return "\n".join(lines)
