"""`corridor deal`: where a settlement would land, who moves it, and whether it could hold."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from corridor.cli.answer import answer, say
from corridor.scenario.faults import UsageError

if TYPE_CHECKING:
    from corridor.deal.parties import Deal, Issue


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
    seal: Annotated[Path | None, typer.Option(metavar="LEDGER", help="Append the forecasts to this ledger.")] = None,
    supplied_by: Annotated[str, typer.Option(help="With --seal: who supplied the inputs.")] = "",
    outcome_known: Annotated[str, typer.Option(help="With --seal: no, yes or unknown.")] = "unknown",
    verify: Annotated[Path | None, typer.Option(metavar="LEDGER", help="Check a ledger's chain instead.")] = None,
    score: Annotated[Path | None, typer.Option(metavar="LEDGER", help="Score sealed forecasts instead.")] = None,
    outcomes: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="With --score: a CSV file with columns issue, outcome."),
    ] = None,
    legacy: Annotated[bool, typer.Option(help="Add the old expected-utility model: not for forecasting.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Say where a settlement would land, who moves it, whether it could hold; never a chance of peace."""
    from corridor.deal.answer import answer_deal
    from corridor.deal.leverage import read_what_if
    from corridor.deal.read import take_deal
    from corridor.deal.words import write_answer
    from corridor.scenario.scenario import read_scenario

    if sum(path is not None for path in (seal, verify, score)) > 1:
        message = "use one of --seal, --verify and --score at a time"
        raise UsageError(message)
    scenario = read_scenario(folder, variant)
    chosen = scenario.choose_set(parameters)
    read = take_deal(scenario, chosen)
    if verify is not None:
        _verify(verify, read, as_json)
        return
    if score is not None:
        _score(score, outcomes, read, as_json)
        return
    issues = _choose_issues(read, issue or [])
    changes = [read_what_if(text, read) for text in what_if or []]
    document = {
        "scenario": scenario.settings["id"],
        "variant": scenario.variant_name,
        "parameters": chosen,
        **answer_deal(read, issues, changes, legacy),
        "disclaimer": scenario.settings["disclaimer"],
    }
    if seal is not None:
        document["sealed"] = _seal(seal, read, issues, supplied_by, outcome_known)
    answer(document, f"{write_answer(document)}\n\n{document['disclaimer']}", as_json)


def _choose_issues(deal: Deal, names: list[str]) -> list[Issue]:
    from difflib import get_close_matches

    known = {issue.id: issue for issue in deal.issues}
    for name in names:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            message = f"there is no issue {name!r}{hint} (issues: {', '.join(known)})"
            raise UsageError(message)
    return [issue for issue in deal.issues if not names or issue.id in names]


def _seal(ledger: Path, deal: Deal, issues: list[Issue], supplied_by: str, outcome_known: str) -> object:
    from datetime import UTC, datetime

    from corridor.deal.ledger import OUTCOME_KNOWN, seal_forecasts

    if outcome_known not in OUTCOME_KNOWN:
        message = f"--outcome-known must be one of {', '.join(OUTCOME_KNOWN)}, not {outcome_known!r}"
        raise UsageError(message)
    record = seal_forecasts(ledger, deal, issues, datetime.now(UTC), supplied_by, outcome_known)
    say(f"sealed in {ledger} as {record['sha256']}; keep that hash where others can see it")
    return record


def _verify(ledger: Path, deal: Deal, as_json: bool) -> None:
    from corridor.deal.ledger import read_ledger

    records = read_ledger(ledger)
    here = [record["sealed_at"] for record in records if record["input_sha256"] == deal.fingerprint()]
    document = {
        "records": len(records),
        "last_sha256": records[-1]["sha256"] if records else None,
        "these_inputs_sealed_at": here,
    }
    sealed = (
        f"These inputs were sealed at {', '.join(map(str, here))}." if here else "These inputs are not sealed in it."
    )
    last = document["last_sha256"]
    text = f"{ledger}: the chain of {len(records)} records is whole; last hash {last}.\n{sealed}"
    answer(document, text, as_json)


def _score(ledger: Path, outcomes: Path | None, deal: Deal, as_json: bool) -> None:
    from dataclasses import asdict

    from corridor.deal.ledger import read_ledger, score_ledger, summarise_scores
    from corridor.deal.outcomes import read_outcomes

    if outcomes is None:
        message = "--score needs --outcomes FILE, a CSV file with columns issue, outcome"
        raise UsageError(message)
    scored = score_ledger(read_ledger(ledger), read_outcomes(outcomes, [issue.id for issue in deal.issues]))
    groups = {known: [s for s in scored if s.outcome_known == known] for known in ("no", "unknown", "yes")}
    document = {
        "forecasts": [asdict(s) for s in scored],
        "summary": {f"outcome_known_{known}": summarise_scores(group) for known, group in groups.items()},
    }
    lines = [
        f"{s.sealed_at} {s.issue}: outcome {s.outcome:.0f}, missed by {s.miss:.1f} "
        f"(equal weights {s.miss_equal:.1f}, saying 50 {s.miss_of_50:.1f}), score {s.score:.1f}, "
        f"{'inside' if s.inside_80 else 'outside'} the 80 % interval"
        for s in scored
    ]
    for known, group in groups.items():
        if group:
            summary = summarise_scores(group)
            lines.append(
                f"outcome known when sealed: {known}; {len(group)} forecasts, mean miss "
                f"{summary['mean_absolute_error']:.1f}, score {summary['crps']:.1f}, "
                f"{summary['coverage_80']:.0%} inside"
            )
    answer(document, "\n".join(lines) or "no sealed forecast has an outcome yet", as_json)
