"""The briefing of a run: what is found out about it first, then the page that says it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from corridor.deal.answer import answer_deal
from corridor.deal.read import take_course, take_deal
from corridor.forecast.findings import find
from corridor.report.briefing import write_briefing, write_one_page
from corridor.results.padded import pad_run
from corridor.results.result import Result
from corridor.scenario.faults import UsageError
from corridor.scenario.writing import require_free
from corridor.words.language import ENGLISH, Language, choose_language


def write_report(
    result: Result,
    out: Path | str | None = None,
    moment: str | None = None,
    quick: bool = False,
    progress: Callable[[int, int], None] | None = None,
    replace: bool = False,
    one_page: bool = False,
    language: str = "en",
) -> dict[str, Any]:
    """Write the briefing of a finished run and return what it says: page one, six answers, scores, where all is.

    The page goes to `out` (report.html in the run's folder if not given), the numbers behind its pictures to
    figures/*.json in the folder. `moment` is today, the time the sentences speak of: unasked, that of the newest count
    that the run's parameter set may know, or else as far as the set knows. With `one_page` page one is written alone
    (one-page.html in the folder), without answers and figures, in the same words. `language` is that of the sentences,
    by code or name; what stands below page one is in English where the language has page one alone.
    The effect of each number is measured by simulation once (half a minute for the worked case) and kept in the
    folder, unless `quick`; `progress` hears how many batches of about how many are done.

    Raises UsageError for a run that kept its summary only, for a moment outside the run's period, when `out` is a
    folder or exists and was not asked to be replaced (`replace`), for a run in memory without `out`, for a run of
    other rules than Corridor's that was opened without them, and for a language that there is not.
    """
    chosen = choose_language(language)
    if not result.kept:
        raise UsageError(result.say_summary_only("a briefing"))
    page = None if out is None else Path(out)
    if page is not None and page.is_dir():
        message = f"{page} is a folder; name a file, such as {page / 'report.html'}"
        raise UsageError(message)
    if page is not None:
        require_free(page, replace)
    result = pad_run(result)
    found = find(result, moment, quick, progress)
    if one_page:
        return write_one_page(result, found, page, chosen)
    return write_briefing(result, found, describe_deal(result, chosen), page, chosen)


def describe_deal(result: Result, language: Language = ENGLISH) -> dict[str, Any] | None:
    """Return the answer of `corridor deal` with the names of its actors, or None where nothing is negotiated."""
    chosen = result.manifest["parameters"]
    if not result.scenario.rows("issues", chosen):
        return None
    deal, course = take_deal(result.scenario, chosen), take_course(result.scenario, chosen)
    return {
        **answer_deal(deal, deal.issues, (), language, course),
        "names": {actor.id: actor.name for actor in deal.actors},
    }
