"""`corridor plan`: days of cover, the convoy plan, the ration."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

import corridor as co
from corridor.cli.answer import Cluster, answer, say
from corridor.cli.plan_sheet import Keeping, Trying, take_sheet


def plan(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Scenario folder.")],
    ledger: Annotated[bool, typer.Option("--ledger", help="Days of cover and trucks a day; no plan.")] = False,
    ration: Annotated[bool, typer.Option("--ration", help="The ration from the foods table; no plan.")] = False,
    out: Annotated[
        Path | None, typer.Option(metavar="PLAN", help="New folder for the files of the plan, or of --ledger.")
    ] = None,
    parameter_set: Annotated[str | None, typer.Option("--set", help="Parameter set of the scenario.")] = None,
    variant: Annotated[str | None, typer.Option(help="Variant of the scenario.")] = None,
    start: Annotated[
        str | None, typer.Option("--from", metavar="TIME", help="First moment planned; else the present of --run.")
    ] = None,
    days: Annotated[float, typer.Option(min=0.25, max=90, help="Days planned.")] = 14.0,
    period: Annotated[
        float | None, typer.Option(min=0.25, max=24, help="Hours in a period; else as trips fit into them.")
    ] = None,
    hold: Annotated[float, typer.Option(min=0, help="With --ledger: days of cover to hold.")] = 7.0,
    aim: Annotated[str, typer.Option(help="With --ration: weight or cost.")] = "weight",
    weights: Annotated[Path | None, typer.Option(metavar="FILE", help="TOML file with weights.")] = None,
    in_order: Annotated[bool, typer.Option("--in-order", help="Objectives strictly in order.")] = False,
    fractions: Annotated[bool, typer.Option("--fractions", help="Do not round to whole convoys.")] = False,
    solver: Annotated[str, typer.Option(help="auto, highs or glop.")] = "auto",
    run: Annotated[
        Path | None,
        typer.Option(
            metavar="RUN",
            help="Finished run or forecast that says what to expect; else the case is simulated to --from.",
        ),
    ] = None,
    cautious: Annotated[
        bool, typer.Option("--cautious", help="For 90 % of the people and 10 % of the goods, not for medians.")
    ] = False,
    both: Annotated[
        bool, typer.Option("--both", help="The plan for the median and the cautious one side by side.")
    ] = False,
    trial: Annotated[
        int, typer.Option("--try", min=0, metavar="N", help="Carry the plan out in N simulated courses.")
    ] = 0,
    rolling: Annotated[
        bool, typer.Option("--rolling", "--roll", help="Plan anew each day on what has happened in a simulated course.")
    ] = False,
    replicate: Annotated[int, typer.Option(min=0, help="With --rolling: which course.")] = 0,
    courses: Annotated[
        int, typer.Option(min=0, metavar="N", help="With --rolling: in N courses, also on a forecast, as a table.")
    ] = 0,
    workers: Annotated[int, typer.Option(min=1, help="With --try or --courses: processes.")] = 1,
    cluster: Cluster = None,
    from_sheet: Annotated[
        Path | None,
        typer.Option("--from-sheet", metavar="FILE", help="Check the convoys edited in a plan's workbook; no plan."),
    ] = None,
    save_as: Annotated[
        str | None, typer.Option("--as", metavar="NAME", help="With --from-sheet: write them as this variant.")
    ] = None,
    into_case: Annotated[
        bool, typer.Option("--into-case", help="With --from-sheet: write them into the case's convoys.csv.")
    ] = False,
    faults: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="With --from-sheet: a copy of the workbook, faults at their cells."),
    ] = None,
    language: Annotated[str, typer.Option(help="Language of what is printed, of orders and timetable: en, fr.")] = "en",
    columns: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="With --out: columns of the 3W sheet, a CSV of column and header."),
    ] = None,
    replace: Annotated[bool, typer.Option("--replace", help="With --as: write over a variant.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Say what runs out when, what must come in, and which convoys bring it."""
    co.tell_plan("kind.whole", language)  # a language that there is not is refused before the work
    if from_sheet is not None:
        if variant or parameter_set or out or run or ledger or ration or rolling:
            message = (
                "--from-sheet is for the case and the set that its workbook was made for; it goes with --try alone"
            )
            raise co.UsageError(message)
        take_sheet(
            folder,
            from_sheet,
            faults,
            Keeping(save_as, into_case, replace),
            Trying(trial, workers, cluster),
            language,
            as_json,
        )
        return
    if save_as or into_case or faults or replace:
        message = "--as, --into-case, --faults and --replace need --from-sheet FILE, the workbook of a plan"
        raise co.UsageError(message)
    if ledger and ration:
        message = "use one of --ledger and --ration at a time"
        raise co.UsageError(message)
    case = co.read(folder, variant)
    asked: dict[str, Any] = {"start": start, "period_hours": period, "parameters": parameter_set}
    if ration:
        found = co.ration(case, aim, parameters=parameter_set)
        answer(found.numbers, found.tell(language), as_json)
        return
    if ledger:
        found = co.ledger(case, days, hold_days=hold, **asked)
        if out is not None:
            found.write(out, language)
            say(co.tell_plan("cover.written", language, file=str(out / "days-of-cover.html")))
        answer(found.numbers, found.tell(language), as_json)
        return
    if rolling:  # each day by weights and in whole convoys, whatever is asked of a single plan
        method = co.PlanMethod(weights)
        once = co.plan(case, days, run=run, cautious=cautious, method=method, **asked)
        found = once.roll_courses(courses, workers, cluster=cluster) if courses else once.roll(replicate)
        answer(found.numbers, found.tell(language), as_json)
        return
    method = co.PlanMethod(weights, in_order, False if fractions else None, solver)
    if both:
        weighed = co.weigh_caution(
            case, days, run=run, method=method, courses=trial, workers=workers, cluster=cluster, **asked
        )
        answer(weighed.numbers, weighed.tell(language), as_json)
        return
    planned = co.plan(case, days, run=run, cautious=cautious, method=method, **asked)
    for warning in planned.warnings:
        say(warning.describe())
    if out is not None:
        planned.write(out, language, columns)
        say(co.tell_plan("written", language, folder=str(out), scenario=str(out / "scenario")))
    numbers, text = planned.numbers, planned.tell(language)
    if trial:
        tried = planned.attempt(trial, workers=workers, cluster=cluster)
        numbers, text = {**numbers, "trial": tried.numbers}, f"{text}\n{tried.tell(language)}"
    answer(numbers, text, as_json)
