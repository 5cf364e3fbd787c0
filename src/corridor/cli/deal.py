"""`corridor deal`: where a settlement would land, who moves it, and whether it could hold."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import corridor as co
from corridor.cli.answer import answer, say


def deal(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Scenario folder.")],
    issue: Annotated[list[str] | None, typer.Option(help="Only this issue (may be given more than once).")] = None,
    what_if: Annotated[
        list[str] | None,
        typer.Option(help="A change to try: [ISSUE:]ACTOR.FIELD=VALUE (may be given more than once)."),
    ] = None,
    parameters: Annotated[
        str | None, typer.Option(metavar="SET", help="Parameter set; the scenario's default if not given.")
    ] = None,
    variant: Annotated[str | None, typer.Option(help="Variant in the folder's variants/.")] = None,
    as_of: Annotated[
        str | None,
        typer.Option(metavar="TIME", help="Day or moment whose positions count; the newest if not given."),
    ] = None,
    people: Annotated[
        bool,
        typer.Option("--people", help="Say instead what an agreement and none would mean for people."),
    ] = False,
    agreed: Annotated[
        list[str] | None, typer.Option(metavar="VARIANT", help="With --people: variant to tell (may be repeated).")
    ] = None,
    moment: Annotated[str | None, typer.Option(metavar="TIME", help="With --people: time told beside the end.")] = None,
    replicates: Annotated[int, typer.Option(help="With --people: pairs of replicates.", min=2)] = 48,
    paper: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write it for paper too: HTML that prints on two sheets of A4.")
    ] = None,
    language: Annotated[str, typer.Option(help="Language of the sentences and of the paper: en, fr, ar, uk.")] = "en",
    replace: Annotated[bool, typer.Option("--replace", help="With --paper: write over a file.")] = False,
    seal: Annotated[Path | None, typer.Option(metavar="LEDGER", help="Append the forecasts to this ledger.")] = None,
    supplied_by: Annotated[str, typer.Option(help="With --seal: who supplied the inputs.")] = "",
    outcome_known: Annotated[str, typer.Option(help="With --seal: no, yes or unknown.")] = "unknown",
    verify: Annotated[Path | None, typer.Option(metavar="LEDGER", help="Check a ledger's chain instead.")] = None,
    score: Annotated[Path | None, typer.Option(metavar="LEDGER", help="Score sealed forecasts instead.")] = None,
    outcomes: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="With --score: a CSV file with columns issue, outcome."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Say where a settlement would land, who moves it, whether it could hold; never a chance of peace."""
    if sum(path is not None for path in (seal, verify, score)) > 1:
        message = "use one of --seal, --verify and --score at a time"
        raise co.UsageError(message)
    if score is not None and outcomes is None:
        message = "--score needs --outcomes FILE, a CSV file with columns issue, outcome"
        raise co.UsageError(message)
    case = co.read(folder, variant)
    if people:
        told = co.agreements(case, agreed or [], moment, parameters, replicates)
        answer(told.document, str(told), as_json)
        return
    if verify is not None:
        _show_ledger(co.deal(case, parameters=parameters), verify, as_json)
    elif score is not None and outcomes is not None:
        _show_scores(co.deal(case, parameters=parameters), score, outcomes, as_json)
    else:
        found = co.deal(case, issue or [], what_if or [], parameters, language, as_of)
        document = dict(found.document)
        if seal is not None:
            record = document["sealed"] = found.seal(seal, supplied_by, outcome_known)
            say(f"sealed in {seal} as {record['sha256']}; keep that hash where others can see it")
        if paper is not None:
            document["paper"] = str(found.paper(paper, replace))
            say(f"written for paper: {paper}")
        answer(document, str(found), as_json)


def _show_ledger(found: co.DealAnswer, ledger: Path, as_json: bool) -> None:
    document = found.verify(ledger)
    here = document["these_inputs_sealed_at"]
    sealed = f"These inputs were sealed at {', '.join(here)}." if here else "These inputs are not sealed in it."
    whole = f"the chain of {document['records']} records is whole; last hash {document['last_sha256']}."
    answer(document, f"{ledger}: {whole}\n{sealed}", as_json)


def _show_scores(found: co.DealAnswer, ledger: Path, outcomes: Path, as_json: bool) -> None:
    document = found.score(ledger, outcomes)
    lines = [
        f"{s['sealed_at']} {s['issue']}: outcome {s['outcome']:.0f}, missed by {s['miss']:.1f} "
        f"(equal weights {s['miss_equal']:.1f}, saying 50 {s['miss_of_50']:.1f}), score {s['score']:.1f}, "
        f"{'inside' if s['inside_80'] else 'outside'} the 80 % interval"
        for s in document["forecasts"]
    ]
    for group, summary in document["summary"].items():
        if summary["forecasts"]:
            lines.append(
                f"outcome known when sealed: {group.removeprefix('outcome_known_')}; {summary['forecasts']} "
                f"forecasts, mean miss {summary['mean_absolute_error']:.1f}, score {summary['crps']:.1f}, "
                f"{summary['coverage_80']:.0%} inside"
            )
    answer(document, "\n".join(lines) or "no sealed forecast has an outcome yet", as_json)
