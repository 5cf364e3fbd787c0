"""The briefing: figures, sentences, scores and annexes gathered into one document, written as one page."""

from __future__ import annotations

from datetime import datetime
from importlib import resources
from typing import TYPE_CHECKING, Any

from corridor.report.annex import GRADES, list_claims, list_conflicts, list_numbers
from corridor.report.captions import write_caption
from corridor.report.evidence_pages import evidence_sections, evidence_style
from corridor.report.figures import describe_figures, write_figures
from corridor.report.pictures import PICTURES
from corridor.report.pictures.lines import shown_events
from corridor.report.questions import answer_questions
from corridor.report.relief import say_relief
from corridor.report.scores import describe_scores, list_scores
from corridor.report.template import fill_template
from corridor.report.words import write_moment, write_range
from corridor.results.manifest import name_run
from corridor.results.store import write_texts
from corridor.scenario.faults import UsageError
from corridor.scenario.version import __version__
from corridor.scenario.writing import write_file

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from corridor.results.findings import Findings
    from corridor.results.result import Result

SENSITIVITY = {
    "public": "Public: may be passed on",
    "partners": "Partners only: do not pass on outside the group that shares the scenario",
    "restricted": "Restricted: only for those named by the author of the scenario",
}


def write_briefing(
    result: Result, findings: Findings, deal: Mapping[str, Any] | None = None, out: Path | None = None
) -> dict[str, Any]:
    """Write a run's figures (figures/*.json) and briefing (report.html, or `out`), all or none; return what it says.

    `deal` is the answer of `corridor deal` with the names of its actors, where something is negotiated. Raises
    UsageError for a run in memory without `out`, and when `out` cannot be written.
    """
    if out is None and not result.stored:
        message = "a run in memory has no folder: say to which file its briefing goes"
        raise UsageError(message)
    path = out or result.folder / "report.html"
    figures = describe_figures(result, findings)
    answers = answer_questions(result, findings, figures["influence"])
    page = render_page(result, findings, deal, figures, answers)
    texts = write_figures(result, figures)
    if out is None:
        texts[path] = page
    else:
        write_file(out, page)
    write_texts(texts)
    return {
        "report": str(path),
        "run": name_run(result.manifest),
        "parameters": result.manifest["parameters"],
        "parameters_title": result.manifest["parameters_title"],
        "moment": findings.moment.isoformat(timespec="minutes"),
        "end": result.times[-1].isoformat(timespec="minutes"),
        "answers": answers,
        "figures": [str(result.folder / "figures" / f"{name}.json") for name in figures if result.stored],
        "score": findings.score,
    }


def render_page(
    result: Result,
    findings: Findings,
    deal: Mapping[str, Any] | None,
    figures: Mapping[str, Any],
    answers: list[dict[str, Any]],
) -> str:
    """Return the page: one HTML document that asks for nothing outside itself and runs no script."""
    manifest, moment = result.manifest, findings.moment
    content = {
        "manifest": manifest,
        "version": __version__,
        "run": name_run(manifest),
        "sensitivity": SENSITIVITY[manifest["sensitivity"]],
        "moment": write_moment(moment, year=True),
        "end": write_moment(result.times[-1], year=True),
        "start": write_moment(result.times[0], year=True),
        "answers": answers,
        "figures": [_show_figure(result, name, figure) for name, figure in figures.items()],
        "events": shown_events(figures["arrivals"]),
        "observed": figures["arrivals"]["observed"] + figures["registration"]["observed"],
        "scores": list_scores(findings.score),
        "score_words": describe_scores(manifest, findings.score),
        "numbers": list_numbers(result, figures["influence"]),
        "claims": list_claims(result),
        "conflicts": list_conflicts(result),
        "grades": GRADES,
        "supplies": say_relief(result, figures),
        "sections": evidence_sections(result, findings, deal),
        "write_range": write_range,
        "style": resources.files("corridor.report").joinpath("page/report.css").read_text(encoding="utf-8")
        + evidence_style(),
    }
    return fill_template("report", content, lambda text: write_moment(datetime.fromisoformat(text)))


def _show_figure(result: Result, name: str, figure: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": name,
        "title": figure["title"],
        "data": figure,
        "caption": write_caption(result, dict(figure)),
        "picture": PICTURES[name](dict(figure)),
    }
