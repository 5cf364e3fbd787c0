"""`corridor evidence`: what the numbers rest on, what a report says, and binding the one to the other."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from corridor.cli.answer import EXIT_EVIDENCE, answer, say
from corridor.scenario.faults import UsageError

if TYPE_CHECKING:
    from datetime import date

    from corridor.evidence.grammar.names import Known
    from corridor.evidence.suggest import Suggestion
    from corridor.scenario.scenario import Scenario as ValidScenario

evidence = typer.Typer(
    help="What the numbers rest on: check it, propose what a report says, bind proposals to claims.",
    no_args_is_help=True,
)

Report = Annotated[Path, typer.Argument(metavar="REPORT.txt", help="A report as plain text (UTF-8).")]
Scenario = Annotated[
    Path | None, typer.Option(metavar="DIR", help="Scenario folder: its places and actors are looked for.")
]
Day = Annotated[str, typer.Option("--date", metavar="YYYY-MM-DD", help="Day of the report.")]
Encoding = Annotated[str, typer.Option(help="Encoding of the report, as in cp1251.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


@evidence.command("check")
def check(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Scenario folder.")],
    effects: Annotated[
        bool, typer.Option("--effects", help="Measure what each number moves and list assumptions in that order.")
    ] = False,
    run: Annotated[
        Path | None, typer.Option(metavar="RUN", help="Take effects from this finished run (measured there once).")
    ] = None,
    parameters: Annotated[
        str | None, typer.Option(metavar="SET", help="With --effects: parameter set; else the scenario's default.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check that sources, claims, kept texts and numbers still hold together (exit 4 if not)."""
    from corridor.evidence.scenario_rows import check_scenario
    from corridor.evidence.words import write_report
    from corridor.scenario.scenario import read_scenario

    scenario = read_scenario(folder)
    sizes = _measure(scenario, run, parameters) if effects or run is not None else None
    report = check_scenario(scenario, sizes)
    answer(report.to_document(), write_report(report), as_json)
    if report.failed:
        raise typer.Exit(EXIT_EVIDENCE)


def _measure(scenario: ValidScenario, run: Path | None, parameters: str | None) -> dict[tuple[str, int, str], float]:
    """Return the effect of each number by file, row and column, measured in a run's folder or for the scenario."""
    from corridor.forecast.effects import effects_by_number, effects_of_run, measure_effects
    from corridor.results.result import open_result

    say("measuring what each number moves, one at a time with the same luck (about a minute)")
    if run is None:
        return effects_by_number(scenario, measure_effects(scenario, parameters))
    result = open_result(run)
    if result.manifest["scenario_hash"] != scenario.hash:
        say(f"note: {run} was made from another state of the scenario; effects are of the scenario as it was then")
    return effects_by_number(scenario, effects_of_run(result))


@evidence.command("suggest")
def suggest(
    report: Report,
    scenario: Scenario = None,
    day: Day = "",
    encoding: Encoding = "utf-8",
    as_json: AsJson = False,
) -> None:
    """Propose quantities, dates, places, actors and statements of a report, offline; a person decides."""
    from corridor.evidence.words import write_suggestion

    suggestion = _suggest(report, scenario, day, encoding)
    for warning in suggestion.warnings:
        say(f"note: {warning}")
    answer(suggestion.to_document(), write_suggestion(suggestion), as_json)


@evidence.command("accept")
def accept(
    report: Report,
    proposal: Annotated[list[str] | None, typer.Option(help="Id of a proposal (may be given more than once).")] = None,
    scenario: Annotated[Path | None, typer.Option(metavar="DIR", help="Scenario folder to add to.")] = None,
    draft: Annotated[Path | None, typer.Option(metavar="NEW_DIR", help="Begin a new scenario folder instead.")] = None,
    day: Day = "",
    encoding: Encoding = "utf-8",
    source: Annotated[str, typer.Option(help="Id of the source.")] = "",
    publisher: Annotated[str, typer.Option(help="Who published it (a new source).")] = "",
    title: Annotated[str, typer.Option(help="Title of the page.")] = "",
    published: Annotated[str, typer.Option(help="Day of publication.")] = "",
    retrieved: Annotated[str, typer.Option(help="Day it was read.")] = "",
    address: Annotated[str, typer.Option(help="Web address.")] = "",
    origin: Annotated[str, typer.Option(help="Office that the content goes back to.")] = "",
    reliability: Annotated[str, typer.Option(help="A to F.")] = "",
    keep_text: Annotated[
        bool, typer.Option("--keep-text", help="Keep the text in the folder (only with the right to).")
    ] = False,
    wording: Annotated[str, typer.Option(help="The claim in your own words.")] = "",
    claim: Annotated[str, typer.Option(help="Id of the claim.")] = "",
    about: Annotated[str, typer.Option(help="About which event.")] = "",
    happened: Annotated[str, typer.Option(help="Day of the event, or the id of a date proposal.")] = "",
    said_on: Annotated[str, typer.Option(help="Day of the saying, or the id of a date proposal.")] = "",
    place: Annotated[str, typer.Option(help="Where.")] = "",
    quantity: Annotated[str, typer.Option(help="What is quantified.")] = "",
    stance: Annotated[str, typer.Option(help="How it was said, if not as proposed: promises, fears, agreed, ...")] = "",
    credibility: Annotated[str, typer.Option(help="1 to 6.")] = "",
    use: Annotated[str, typer.Option(help="sets, fits, scores or context.")] = "",
    note: Annotated[str, typer.Option(help="Anything worth remembering.")] = "",
    as_json: AsJson = False,
) -> None:
    """Bind proposals to claims: add them and their source to a scenario, or begin a new one with them."""
    import dataclasses

    from corridor.evidence.accept import accept as accept_proposals
    from corridor.evidence.draft import draft_from_report
    from corridor.evidence.grammar.text import read_text
    from corridor.evidence.words import write_accepted, write_blanks

    if (scenario is None) == (draft is None):
        message = "say where the claims go: --scenario DIR to add them, or --draft NEW_DIR to begin a new folder"
        raise UsageError(message)
    text = read_text(report, encoding)
    suggestion = _suggest(report, scenario, day, encoding)
    row = {
        "id": source,
        "publisher": publisher,
        "title": title,
        "published": published,
        "retrieved": retrieved,
    }
    row |= {"address": address, "origin": origin, "reliability": reliability}
    details = {"id": claim, "wording": wording, "about": about, "happened": happened, "said_on": said_on}
    details |= {
        "place": place,
        "quantity": quantity,
        "stance": stance,
        "credibility": credibility,
        "use": use,
        "note": note,
    }
    kept = report if keep_text else None
    if draft is not None:
        blanks = draft_from_report(draft, text, suggestion, proposal, row, details, kept)
        document: dict[str, object] = {
            "folder": str(draft),
            "blanks": [dataclasses.asdict(blank) for blank in blanks],
        }
        answer(document, write_blanks(draft, blanks), as_json)
        return
    accepted = accept_proposals(scenario, text, suggestion, proposal or [], row, details, kept)  # type: ignore[arg-type]
    answer(dataclasses.asdict(accepted), write_accepted(accepted), as_json)


def _suggest(report: Path, scenario: Path | None, day: str, encoding: str) -> Suggestion:
    from corridor.evidence.grammar.text import read_text
    from corridor.evidence.suggest import suggest as suggest_from

    return suggest_from(read_text(report, encoding), _read_known(scenario), _read_day(day))


def _read_known(scenario: Path | None) -> list[Known]:
    if scenario is None:
        return []
    from corridor.evidence.scenario_rows import known_of
    from corridor.scenario.scenario import read_scenario

    return known_of(read_scenario(scenario))


def _read_day(day: str) -> date | None:
    from datetime import date

    if not day:
        return None
    try:
        return date.fromisoformat(day)
    except ValueError as error:
        message = f'--date "{day}" is no day; write YYYY-MM-DD, as in 2023-09-22'
        raise UsageError(message) from error
