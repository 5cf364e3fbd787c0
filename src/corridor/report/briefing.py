"""The briefing: figures, sentences, scores and annexes gathered into one document, written as one page."""

from __future__ import annotations

from datetime import datetime
from importlib import resources
from typing import TYPE_CHECKING, Any

from corridor.report.annex import GRADES, list_claims, list_conflicts, list_numbers
from corridor.report.captions import write_caption
from corridor.report.envelope import say_title
from corridor.report.evidence_pages import evidence_sections
from corridor.report.figures import describe_figures, write_figures
from corridor.report.names import say_run
from corridor.report.one_page import OnePage, describe_page
from corridor.report.pictures import PICTURES
from corridor.report.pictures.lines import shown_events
from corridor.report.questions import Answer, answer_questions
from corridor.report.relief import say_relief
from corridor.report.scores import describe_scores, list_scores, name_use
from corridor.report.template import fill_template
from corridor.results.manifest import name_run
from corridor.results.store import write_texts
from corridor.scenario.faults import UsageError
from corridor.scenario.version import __version__
from corridor.scenario.writing import write_file
from corridor.words.language import ENGLISH, Language
from corridor.words.said import Moment, say
from corridor.words.writing import tell, write

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
    annex = find_annex_language(language)
    page = _fill("report", result, findings, one, language, fill_annex(result, findings, deal, figures, answers, annex))
    texts = write_figures(result, figures)
    if out is None:
        texts[path] = page
    else:
        write_file(out, page)
    write_texts(texts)
    return {
        **_describe(result, findings, one, path, language),
        "answers": [answer.describe(annex) for answer in answers],
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


def find_annex_language(language: Language) -> Language:
    """Return the language of what stands below page one: English where a language has page one alone."""
    return language if language.whole else ENGLISH


def fill_annex(
    result: Result,
    findings: Findings,
    deal: Mapping[str, Any] | None,
    figures: Mapping[str, Any],
    answers: list[Answer],
    language: Language,
) -> dict[str, Any]:
    """Return what stands below page one, by the names that its template knows; pictures and sections as HTML."""
    manifest = result.manifest
    return {
        "version": __version__,
        "end": Moment(result.times[-1], year=True),
        "start": Moment(result.times[0], year=True),
        "answers": answers,
        "use_of": lambda use: name_use(use, bool(findings.score["fitted"])),
        "figures": [_show_figure(result, name, figure, language) for name, figure in figures.items()],
        "events": shown_events(figures["arrivals"]),
        "observed": figures["arrivals"]["observed"] + figures["registration"]["observed"],
        "scores": list_scores(findings.score),
        "score_words": describe_scores(manifest, findings.score),
        "numbers": list_numbers(result, figures["influence"]),
        "claims": list_claims(result),
        "conflicts": list_conflicts(result),
        "grades": GRADES,
        "supplies": say_relief(result, figures),
        "sections": evidence_sections(result, findings, deal, language),
    }


def _fill(
    name: str,
    result: Result,
    findings: Findings,
    one: OnePage,
    language: Language,
    annex: Mapping[str, Any] | None = None,
) -> str:
    """Return the page: one HTML document that asks for nothing outside itself and runs no script."""
    manifest = result.manifest
    shared: dict[str, Any] = {
        "manifest": manifest,
        "run": say_run(manifest),
        "sensitivity": say(f"one.{manifest['sensitivity']}"),
        "moment": Moment(findings.moment, year=True),
        "one": one,
        "style": read_style(),
        "page_language": language,
    }
    first = fill_template("one_page", shared, say_moment, language)
    title = say("one.title", title=manifest["title"], set=manifest["parameters"] or say("one.no_set"))
    written = {"first": first, "title": write(title, language), "below": tell(language, "one.annex")}
    return fill_template(name, {**shared, **written, **(annex or {})}, say_moment, find_annex_language(language))


def say_moment(text: str) -> Moment:
    """Return a moment of a document."""
    return Moment(datetime.fromisoformat(text))


def read_style() -> str:
    """Return the style of the page and of its parts."""
    page = resources.files("corridor.report").joinpath("page")
    return "".join(page.joinpath(f"{name}.css").read_text(encoding="utf-8") for name in STYLES)


def _show_figure(result: Result, name: str, figure: Mapping[str, Any], language: Language) -> dict[str, Any]:
    return {
        "name": name,
        "title": say_title(figure),
        "data": figure,
        "caption": write_caption(result, dict(figure)),
        "picture": PICTURES[name](dict(figure), language),
    }
