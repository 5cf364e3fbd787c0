"""`corridor report`: the briefing of a run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

import corridor as co
from corridor.cli.answer import answer, on_one_line, say, show_progress
from corridor.cli.flee import write_flee

EXPECTED_AFTER = 2  # parts of page one that stand before the table


def report(
    folder: Annotated[Path, typer.Argument(help="Folder of a finished run.", metavar="RUN")],
    moment: Annotated[
        str | None,
        typer.Option(metavar="TIME", help="Today, the time the page speaks of; the newest count known if not given."),
    ] = None,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="File; RUN/report.html if not given.")] = None,
    one_page: Annotated[bool, typer.Option("--one-page", help="Write page one alone: RUN/one-page.html.")] = False,
    static: Annotated[
        bool,
        typer.Option(
            "--static",
            help="Write the page of `serve` as one file, some twenty what-ifs made beforehand: RUN/static.html.",
        ),
    ] = False,
    quick: Annotated[
        bool, typer.Option("--quick", help="Do not measure the effect of each number (about a minute, once).")
    ] = False,
    replace: Annotated[bool, typer.Option("--replace", help="With --out: write over an existing file.")] = False,
    behaviour: Annotated[
        str | None,
        typer.Option(metavar="MODULE:NAME", help="Rules that the run was made with, where they are not ours."),
    ] = None,
    language: Annotated[
        str, typer.Option(help="Language of the briefing: en, fr; ar, uk for page one, with the rest in English.")
    ] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Write the briefing of a run: one page that needs no network, and figures/*.json with the numbers behind it."""
    rules = co.load_behaviour(behaviour) if behaviour else None
    if static and (one_page or moment):
        message = "--static writes all moments and screens: neither --one-page nor --moment goes with it"
        raise co.UsageError(message)
    run = co.open_run(folder, rules)
    with show_progress("effects of numbers", 100) as show:

        def tell(done: int, total: int) -> None:
            show(100 * done // total - 100 * (done - 1) // total)

        if static:
            document = co.write_static(run, out, language, quick, tell, replace)
        else:
            document = run.report(out, moment, quick, tell, replace, one_page, language)
    if static:
        answer(document, write_kept(document), as_json)
        return
    flee = "camps" in document
    text = write_page(document) if one_page else write_flee(document) if flee else write_answers(document)
    answer(document, text, as_json)
    if not as_json:
        page, figures = on_one_line(document["report"]), on_one_line(folder / "figures")
        behind = "" if one_page or flee else f"; the numbers behind the pictures are in {figures}"
        say(f"open {page} in a browser{behind}")


def write_kept(document: dict[str, Any]) -> str:
    """Return in words what a page of one file holds."""
    megabytes = f"{document['bytes'] / 1e6:.1f} MB"
    told = f"{document['replicates']} replicates, {document['moments']} moments, {megabytes}; what-ifs beside the case:"
    return "\n".join(
        [f"{on_one_line(document['report'])}: {told}", *(f"   {on_one_line(n)}" for n in document["what_ifs"])]
    )


def write_page(document: dict[str, Any]) -> str:
    """Return page one as lines of text."""
    page = document["page_one"]
    lines = [document["run"], f"Today: {document['moment']}", *page["warnings"]]
    if page["lead"]:
        lines += [page["titles"]["part.lead"], *(f"   {said}" for said in page["lead"])]
    for number, (title, said) in enumerate(page["parts"].items()):
        if number == EXPECTED_AFTER:
            lines += [page["titles"]["part.expected"], *_write_expected(page["expected"])]
        lines += [title, *(f"   {sentence}" for sentence in said)]
    return "\n".join(lines)


def _write_expected(table: dict[str, Any]) -> list[str]:
    lines = []
    for row in table["rows"]:
        lines.append(f"   {row['label']}")
        cells = zip(table["columns"], row["cells"], strict=True)
        lines += [f"      {column}: {cell['text']}" for column, cell in cells if cell]
    return lines + [f"   {note}" for note in table["notes"]]


def write_answers(document: dict[str, Any]) -> str:
    """Return the six answers as lines of text."""
    lines = [document["run"]]
    for number, entry in enumerate(document["answers"], 1):
        lines += [
            f"{number}. {entry['question']}",
            f"   {document['moment']}: {entry['now']}.",
            f"   {document['end']}: {entry['end']}.",
        ]
    return "\n".join(lines)
