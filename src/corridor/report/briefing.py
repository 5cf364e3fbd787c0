"""The briefing: figures, sentences, scores and annexes gathered into one document, written as one page."""

from __future__ import annotations

from datetime import datetime
from importlib import resources
from typing import TYPE_CHECKING, Any

from corridor.report.annex import GRADES, list_claims, list_conflicts, list_numbers
from corridor.report.captions import write_caption
from corridor.report.evidence_pages import evidence_sections
from corridor.report.figures import describe_figures, write_figures
from corridor.report.one_page import OnePage, describe_page
from corridor.report.pictures import PICTURES
from corridor.report.pictures.lines import shown_events
from corridor.report.questions import answer_questions
from corridor.report.relief import say_relief
from corridor.report.scores import ASIDE, PARTS, describe_scores, list_scores
from corridor.report.template import fill_template
from corridor.results.manifest import name_run
from corridor.results.store import write_texts
from corridor.scenario.faults import UsageError
from corridor.scenario.version import __version__
from corridor.scenario.writing import write_file
from corridor.words.language import ENGLISH, Language
from corridor.words.said import Moment, say

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from corridor.results.findings import Findings
    from corridor.results.result import Result

STYLES = ("report", "one_page", "evidence")


def write_briefing(
    result: Result,
    findings: Findings,
    deal: Mapping[str, Any] | None = None,
    out: Path | None = None,
    language: Language = ENGLISH,
) -> dict[str, Any]:
    """Write a run's figures (figures/*.json) and briefing (report.html, or `out`), all or none; return what it says.

    `deal` is the answer of `corridor deal` with the names of its actors, where something is negotiated. Raises
    UsageError for a run in memory without `out`, and when `out` cannot be written.
    """
    path = _choose_path(result, "report.html", out)
    figures = describe_figures(result, findings)
    answers = answer_questions(result, findings, figures["influence"])
    one = describe_page(result, findings)
    page = render_page(result, findings, deal, figures, answers, one, language)
    texts = write_figures(result, figures)
    if out is None:
        texts[path] = page
    else:
        write_file(out, page)
    write_texts(texts)
    return {
        **_describe(result, findings, one, path, language),
        "answers": answers,
        "figures": [str(result.folder / "figures" / f"{name}.json") for name in figures if result.stored],
        "score": findings.score,
    }


def write_one_page(
    result: Result, findings: Findings, out: Path | None = None, language: Language = ENGLISH
) -> dict[str, Any]:
    """Write page one of a run's briefing alone (one-page.html, or `out`) and return what it says.

    Raises UsageError for a run in memory without `out`, and when `out` cannot be written.
    """
    path, one = _choose_path(result, "one-page.html", out), describe_page(result, findings)
    page = _fill("page", result, findings, one, language)
    if out is None:
        write_texts({path: page})
    else:
        write_file(out, page)
    return _describe(result, findings, one, path, language)


def _choose_path(result: Result, name: str, out: Path | None) -> Path:
    if out is None and not result.stored:
        message = "a run in memory has no folder: say to which file its briefing goes"
        raise UsageError(message)
    return out or result.folder / name


def _describe(result: Result, findings: Findings, one: OnePage, path: Path, language: Language) -> dict[str, Any]:
    return {
        "language": language.code,
        "report": str(path),
        "run": name_run(result.manifest),
        "parameters": result.manifest["parameters"],
        "parameters_title": result.manifest["parameters_title"],
        "moment": findings.moment.isoformat(timespec="minutes"),
        "end": result.times[-1].isoformat(timespec="minutes"),
        "page_one": one.describe(language),
    }


def render_page(
    result: Result,
    findings: Findings,
    deal: Mapping[str, Any] | None,
    figures: Mapping[str, Any],
    answers: list[dict[str, Any]],
    one: OnePage,
    language: Language = ENGLISH,
) -> str:
    """Return the page: one HTML document that asks for nothing outside itself and runs no script."""
    manifest = result.manifest
    content = {
        "version": __version__,
        "end": Moment(result.times[-1], year=True),
        "start": Moment(result.times[0], year=True),
        "answers": answers,
        "figures": [_show_figure(result, name, figure) for name, figure in figures.items()],
        "events": shown_events(figures["arrivals"]),
        "observed": figures["arrivals"]["observed"] + figures["registration"]["observed"],
        "scores": list_scores(findings.score),
        "uses": PARTS if findings.score["fitted"] else ASIDE,
        "score_words": describe_scores(manifest, findings.score),
        "numbers": list_numbers(result, figures["influence"]),
        "claims": list_claims(result),
        "conflicts": list_conflicts(result),
        "grades": GRADES,
        "supplies": say_relief(result, figures),
        "sections": evidence_sections(result, findings, deal),
    }
    return _fill("report", result, findings, one, language, content)


def _fill(
    name: str,
    result: Result,
    findings: Findings,
    one: OnePage,
    language: Language,
    content: Mapping[str, Any] | None = None,
) -> str:
    manifest = result.manifest
    shared = {
        "manifest": manifest,
        "run": name_run(manifest),
        "sensitivity": say(f"one.{manifest['sensitivity']}"),
        "moment": Moment(findings.moment, year=True),
        "one": one,
        "style": read_style(),
    }
    return fill_template(name, {**shared, **(content or {})}, say_moment, language)


def say_moment(text: str) -> Moment:
    """Return a moment of a document."""
    return Moment(datetime.fromisoformat(text))


def read_style() -> str:
    """Return the style of the page and of its parts."""
    page = resources.files("corridor.report").joinpath("page")
    return "".join(page.joinpath(f"{name}.css").read_text(encoding="utf-8") for name in STYLES)


def _show_figure(result: Result, name: str, figure: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": name,
        "title": figure["title"],
        "data": figure,
        "caption": write_caption(result, dict(figure)),
        "picture": PICTURES[name](dict(figure)),
    }
