"""`corridor evidence`: what the numbers rest on, what a report says, and binding the one to the other."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import corridor as co
from corridor.cli.answer import EXIT_EVIDENCE, answer, say

if TYPE_CHECKING:
    from datetime import date


evidence = typer.Typer(
    help="What the numbers rest on: check it, propose what a report says, bind proposals to claims.",
    no_args_is_help=True,
)

Report = Annotated[
    Path, typer.Argument(metavar="REPORT", help="A report: plain text (UTF-8), PDF or DOCX (extra `documents`).")
]
Scenario = Annotated[
    Path | None, typer.Option(metavar="DIR", help="Scenario folder: its places and actors are looked for.")
]
Day = Annotated[str, typer.Option("--date", metavar="YYYY-MM-DD", help="Day of the report.")]
Encoding = Annotated[str, typer.Option(help="Encoding of the report, as in cp1251.")]
InLanguage = Annotated[
    str,
    typer.Option(
        "--language",
        metavar="CODE|DIR",
        help="Language of the report: en, fr, or a folder of data; else its words tell.",
    ),
]
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
    case = co.read(folder)
    if effects or run is not None:
        say("measuring what each number moves, one at a time with the same luck (about a minute)")
    found = co.evidence(case, effects, run, parameters)
    for line in found.notes:
        say(f"note: {line}")
    answer(found.document, str(found), as_json)
    if not found.holds:
        raise typer.Exit(EXIT_EVIDENCE)


@evidence.command("review")
def review(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Scenario folder.")],
    by: Annotated[str, typer.Option(metavar="NAME", help="Who has looked at the rows.")],
    judged: Annotated[
        bool, typer.Option("--judged", help="Also write numbers that no claim states into evidence/judged.csv.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Note that a person has looked at every row of the tables: what is changed later fails the check."""
    fresh = co.review(co.read(folder), by, judged=judged)
    lines = [f"{row.file}, row {row.line}: {row.name}" if row.line else f"{row.file}: {row.name}" for row in fresh]
    text = "\n".join([*lines, f"{len(fresh)} rows newly reviewed by {by}"])
    answer({"folder": str(folder), "reviewed": [asdict(row) for row in fresh]}, text, as_json)


@evidence.command("suggest")
def suggest(
    report: Report,
    scenario: Scenario = None,
    day: Day = "",
    encoding: Encoding = "utf-8",
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write one file to decide in, for `corridor evidence accept --from FILE`."),
    ] = None,
    replace: Annotated[bool, typer.Option("--replace", help="With --out: write over a file that is there.")] = False,
    language: InLanguage = "",
    as_json: AsJson = False,
) -> None:
    """Propose quantities, dates, places, actors and statements of a report, offline; a person decides."""
    reading = _read(report, scenario, day, encoding, language)
    for warning in reading.suggestion.warnings:
        say(f"note: {warning}")
    if out is not None:
        number = reading.write(out, replace)
        text = f'{out}: {number} proposals; write accept = "yes" or "no", then corridor evidence accept --from {out}'
        answer({"file": str(out), "proposals": number}, text, as_json)
        return
    answer(reading.document, str(reading), as_json)


@evidence.command("accept")
def accept(
    report: Annotated[
        Path | None, typer.Argument(metavar="REPORT", help="The report; with --from: the scenario folder, if another.")
    ] = None,
    decided: Annotated[
        Path | None,
        typer.Option("--from", metavar="FILE", help="Take all that was accepted in a file of `suggest --out`."),
    ] = None,
    proposal: Annotated[list[str] | None, typer.Option(help="Id of a proposal (may be given more than once).")] = None,
    scenario: Annotated[Path | None, typer.Option(metavar="DIR", help="Scenario folder to add to.")] = None,
    draft: Annotated[Path | None, typer.Option(metavar="NEW_DIR", help="Begin a new scenario folder instead.")] = None,
    day: Day = "",
    encoding: Encoding = "utf-8",
    language: InLanguage = "",
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
    when: Annotated[
        str, typer.Option(help="Day or time that is claimed, as in 2023-06-05T08:00, or the id of a date proposal.")
    ] = "",
    stance: Annotated[str, typer.Option(help="How it was said, if not as proposed: promises, fears, agreed, ...")] = "",
    credibility: Annotated[str, typer.Option(help="1 to 6.")] = "",
    use: Annotated[str, typer.Option(help="sets, fits, scores or context.")] = "",
    note: Annotated[str, typer.Option(help="Anything worth remembering.")] = "",
    as_json: AsJson = False,
) -> None:
    """Bind proposals to claims: all of one file (--from), or those named; or begin a new scenario with them."""
    if decided is not None:
        added_all = co.accept_decisions(decided, scenario or report)
        answer(added_all.document, str(added_all), as_json)
        return
    if report is None:
        message = "name the report, or the file of decisions with --from FILE"
        raise co.UsageError(message)
    if (scenario is None) == (draft is None):
        message = "say where the claims go: --scenario DIR to add them, or --draft NEW_DIR to begin a new folder"
        raise co.UsageError(message)
    row = {
        "id": source,
        "publisher": publisher,
        "title": title,
        "published": published,
        "retrieved": retrieved,
        "address": address,
        "origin": origin,
        "reliability": reliability,
    }
    details = {
        "id": claim,
        "wording": wording,
        "about": about,
        "happened": happened,
        "said_on": said_on,
        "place": place,
        "quantity": quantity,
        "date": when,
        "stance": stance,
        "credibility": credibility,
        "use": use,
        "note": note,
    }
    reading = _read(report, scenario, day, encoding, language)
    if draft is not None:
        blanks = [asdict(blank) for blank in reading.draft(draft, proposal or [], row, details, keep_text)]
        text = f"{draft}: {len(blanks)} blanks marked with ?, listed in TO-FILL.md"
        answer({"folder": str(draft), "blanks": blanks}, text, as_json)
        return
    added = reading.accept(proposal or [], row, details, keep_text)
    lines = [f"evidence/claims.csv, row {at}: {name}" for name, at in zip(added.claims, added.lines, strict=True)]
    if added.source_line:
        lines.append(f"evidence/sources.csv, row {added.source_line}: {added.source}")
    if added.kept_text:
        lines.append(f"evidence/texts/{added.kept_text}")
    answer(asdict(added), "\n".join(lines), as_json)


def _read(report: Path, scenario: Path | None, day: str, encoding: str, language: str) -> co.Reading:
    return co.suggest(report, scenario, _read_day(day), encoding, language)


def _read_day(day: str) -> date | None:
    from datetime import date

    if not day:
        return None
    try:
        return date.fromisoformat(day)
    except ValueError as error:
        message = f'--date "{day}" is no day; write YYYY-MM-DD, as in 2023-09-22'
        raise co.UsageError(message) from error
