"""`corridor plan`: days of cover, the convoy plan, the ration."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from corridor.cli.answer import answer, say
from corridor.scenario.faults import UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from corridor.relief.explain import Worth
    from corridor.relief.plan import Plan
    from corridor.relief.problem import ReliefProblem, Weights
    from corridor.scenario.scenario import Scenario


def plan(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Scenario folder.")],
    ledger: Annotated[bool, typer.Option("--ledger", help="Days of cover and trucks a day; no plan.")] = False,
    ration: Annotated[bool, typer.Option("--ration", help="The ration from the foods table; no plan.")] = False,
    out: Annotated[Path | None, typer.Option(metavar="PLAN", help="New folder for the plan's files.")] = None,
    parameter_set: Annotated[str | None, typer.Option("--set", help="Parameter set of the scenario.")] = None,
    variant: Annotated[str | None, typer.Option(help="Variant of the scenario.")] = None,
    start: Annotated[str | None, typer.Option("--from", metavar="TIME", help="First moment planned.")] = None,
    days: Annotated[float, typer.Option(min=0.25, max=90, help="Days planned.")] = 14.0,
    period: Annotated[float, typer.Option(min=0.25, max=24, help="Hours in a period.")] = 6.0,
    hold: Annotated[float, typer.Option(min=0, help="With --ledger: days of cover to hold.")] = 7.0,
    aim: Annotated[str, typer.Option(help="With --ration: weight or cost.")] = "weight",
    weights: Annotated[Path | None, typer.Option(metavar="FILE", help="TOML file with weights.")] = None,
    in_order: Annotated[bool, typer.Option("--in-order", help="Objectives strictly in order.")] = False,
    fractions: Annotated[bool, typer.Option("--fractions", help="Do not round to whole convoys.")] = False,
    solver: Annotated[str, typer.Option(help="auto, highs or glop.")] = "auto",
    run: Annotated[
        Path | None, typer.Option(metavar="RUN", help="Finished run that says how many people to expect.")
    ] = None,
    cautious: Annotated[bool, typer.Option("--cautious", help="With --run: its 90 % instead of its median.")] = False,
    trial: Annotated[
        int, typer.Option("--try", min=0, metavar="N", help="Carry the plan out in N simulated courses.")
    ] = 0,
    rolling: Annotated[
        bool, typer.Option("--rolling", help="Plan anew each day on what has happened in one simulated course.")
    ] = False,
    replicate: Annotated[int, typer.Option(min=0, help="With --rolling: which course.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Say what runs out when, what must come in, and which convoys bring it."""
    from corridor.scenario.scenario import read_scenario

    if ledger and ration:
        message = "use one of --ledger and --ration at a time"
        raise UsageError(message)
    scenario = read_scenario(folder, variant)
    chosen = scenario.choose_set(parameter_set)
    if ration:
        _answer_ration(scenario, chosen, aim, as_json)
        return
    first = _read_start(scenario, start)
    if ledger:
        _answer_ledger(scenario, chosen, first, days, period, hold, as_json)
        return
    from corridor.forecast.trials import try_plan
    from corridor.relief.explain import price_limits
    from corridor.relief.from_scenario import read_problem
    from corridor.relief.plan import make_plan
    from corridor.relief.problem import Weights
    from corridor.relief.weights import read_weights
    from corridor.relief.words import describe_plan, describe_trial

    if solver not in ("auto", "highs", "glop"):
        message = f'no solver "{solver}"; there are auto, highs and glop'
        raise UsageError(message)
    given = read_weights(weights) if weights else Weights()
    problem = read_problem(scenario, chosen, first, days, period).problem
    if run is not None:
        problem = _expect(problem, run, str(scenario.settings["id"]), chosen, cautious, given.recovery)
    elif cautious:
        message = "--cautious needs --run RUN: without a run the people at the start are planned for"
        raise UsageError(message)
    sensitivity = str(scenario.settings["sensitivity"])
    if rolling:
        _answer_rolling(scenario, chosen, problem, given, replicate, sensitivity, as_json)
        return
    found = make_plan(problem, given, whole=False if fractions else None, in_order=in_order, solver=solver)
    for warning in found.warnings:
        say(warning.describe())
    worths = price_limits(found)
    if out is not None:
        write_plan(out, found, worths, str(scenario.settings["title"]), sensitivity)
        write_scenario(out / "scenario", scenario, chosen, found, sensitivity)
        say(f"Plan written to {out}; simulate it with: corridor run {out / 'scenario'}")
    document = _plan_document(found, worths, sensitivity)
    text = describe_plan(found, worths, sensitivity)
    if trial:
        document["trial"] = try_plan(scenario, chosen, found, trial)
        text += f"\n{describe_trial(document['trial'])}"
    answer(document, text, as_json)


def _expect(
    problem: ReliefProblem, run: Path, scenario: str, chosen: str, cautious: bool, recovery: float
) -> ReliefProblem:
    """Return the problem with the people, stocks and hours without that a run lets expect."""
    from dataclasses import replace

    from corridor.forecast.expected import CAUTIOUS, MEDIAN, begin_from_run, expect_people
    from corridor.results.result import open_result

    result = open_result(run)
    for name, here in (("scenario", scenario), ("parameters", chosen)):
        if result.manifest[name] != here:
            message = f'{run} is a run of {name} "{result.manifest[name]}", the plan is for "{here}"'
            raise UsageError(message)
    people = expect_people(
        result,
        problem.places,
        problem.start,
        problem.periods,
        problem.period_hours,
        CAUTIOUS if cautious else MEDIAN,
    )
    return begin_from_run(replace(problem, people=people), result, recovery)


def _answer_rolling(
    scenario: Scenario,
    chosen: str,
    problem: ReliefProblem,
    weights: Weights,
    replicate: int,
    sensitivity: str,
    as_json: bool,
) -> None:
    from corridor.forecast.trials import roll_in_simulation
    from corridor.relief.tables import write_loads, write_time
    from corridor.relief.words import describe_rolling

    rolled = roll_in_simulation(scenario, chosen, problem, weights, int(scenario.settings["seed"]), replicate)
    convoys = [
        {
            "id": convoy.id,
            "fleet": convoy.fleet,
            "from": convoy.start,
            "to": convoy.to,
            "departs": write_time(convoy.departs, sensitivity),
            "trucks": convoy.trucks,
            "loads": write_loads(convoy.loads),
        }
        for convoy in rolled["convoys"]
    ]
    answer({**rolled, "sensitivity": sensitivity, "convoys": convoys}, describe_rolling(rolled), as_json)


def write_scenario(folder: Path, scenario: Scenario, chosen: str, found: Plan, sensitivity: str) -> None:
    """Write the scenario with the plan's convoys in its table, a folder that `corridor run` executes as it is.

    The plan's rows belong to the parameter set it was made for; convoys of other sets stay as they are.
    """
    from corridor.forecast.trials import without_convoys
    from corridor.relief import tables
    from corridor.results.store import copy_tables

    folder.mkdir(parents=True, exist_ok=True)
    copy_tables(scenario.folder, folder)
    others = [row for row in scenario.tables.get("convoys", ()) if row["set"] not in ("", chosen)]
    kept = [
        row for row in without_convoys(scenario, found.problem.start).tables["convoys"] if row["set"] in ("", chosen)
    ]
    text = tables.write_csv(tables.scenario_convoys(found, [*kept, *others], chosen, sensitivity))
    (folder / "convoys.csv").write_text(text, encoding="utf-8")


def write_plan(out: Path, found: Plan, worths: list[Worth], title: str, sensitivity: str) -> None:
    """Write convoys.csv, who-what-where.csv, plan.xlsx, timetable.svg and weights.toml into a new folder.

    Raises UsageError when the folder has files in it.
    """
    from corridor.relief import tables
    from corridor.relief.picture import draw_timetable
    from corridor.relief.weights import write_weights

    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        message = f"{out} is in use; name a new folder"
        raise UsageError(message)
    out.mkdir(parents=True, exist_ok=True)
    sheets = {
        "who what where": tables.who_what_where(found, sensitivity),
        "who gets less": tables.share_rows(found),
        "what binds": tables.worth_rows(worths),
        "weights": tables.weight_rows(found),
    }
    (out / "convoys.csv").write_text(tables.write_csv(tables.convoy_rows(found, sensitivity)), encoding="utf-8")
    (out / "who-what-where.csv").write_text(tables.write_csv(sheets["who what where"]), encoding="utf-8")
    (out / "timetable.svg").write_text(draw_timetable(found, sensitivity), encoding="utf-8")
    (out / "weights.toml").write_text(write_weights(found.weights), encoding="utf-8")
    tables.write_workbook(out / "plan.xlsx", sheets, title, sensitivity)


def _read_start(scenario: Scenario, text: str | None) -> datetime:
    from corridor.scenario.values import parse_time

    if text is None:
        return scenario.start
    try:
        moment = parse_time(text, None)
    except ValueError:
        message = f'"{text}" is no time; write it as 2023-09-22 or 2023-09-22T12:00'
        raise UsageError(message) from None
    if moment.tzinfo is not None or not scenario.start <= moment < scenario.end:
        message = f"--from must lie within the scenario, {scenario.start} to {scenario.end}"
        raise UsageError(message)
    return moment


def _answer_ledger(
    scenario: Scenario, chosen: str, first: datetime, days: float, period: float, hold: float, as_json: bool
) -> None:
    from corridor.relief.from_scenario import read_problem
    from corridor.relief.ledger import keep_ledger
    from corridor.relief.tables import ledger_rows
    from corridor.relief.words import describe_ledger

    read = read_problem(scenario, chosen, first, days, period)
    covers = keep_ledger(read.problem, hold, read.stock_low, read.stock_high)
    sensitivity = str(scenario.settings["sensitivity"])
    document = {"hold_days": hold, "ledger": _records(ledger_rows(covers, sensitivity))}
    answer(document, describe_ledger(covers, hold, sensitivity), as_json)


def _answer_ration(scenario: Scenario, chosen: str, aim: str, as_json: bool) -> None:
    from dataclasses import asdict

    from corridor.relief.from_scenario import read_foods
    from corridor.relief.ration import find_ration
    from corridor.relief.standards import daily_requirements
    from corridor.relief.words import describe_ration

    if aim not in ("weight", "cost"):
        message = f'no aim "{aim}"; there are weight and cost'
        raise UsageError(message)
    foods, requirements = read_foods(scenario, chosen, daily_requirements())
    found = find_ration(foods, requirements, aim)
    answer(asdict(found), describe_ration(found), as_json)


def _plan_document(found: Plan, worths: list[Worth], sensitivity: str) -> dict[str, Any]:
    from corridor.relief import tables
    from corridor.relief.explain import say_what_binds

    return {
        "sensitivity": sensitivity,
        "objective": found.objective,
        "bound": found.bound,
        "gap": found.gap,
        "method": found.method,
        "solver": found.solver,
        "weights": _records(tables.weight_rows(found)),
        "says": say_what_binds(found, worths),
        "worth": _records(tables.worth_rows(worths)),
        "convoys": _records(tables.convoy_rows(found, sensitivity)),
        "shares": _records(tables.share_rows(found)),
    }


def _records(table: list[list[Any]]) -> list[dict[str, Any]]:
    header = [str(cell) for cell in table[0]]
    return [dict(zip(header, row, strict=True)) for row in table[1:]]
