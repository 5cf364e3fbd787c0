"""The briefing of a run by Flee's daily rules: what is gathered of it for the page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor.flee.measure import split_error
from corridor.flee.store import open_kept
from corridor.report.flee_page import write_flee_page
from corridor.scenario.writing import write_file
from corridor.words.language import choose_language

if TYPE_CHECKING:
    from corridor.flee.origins import Origins
    from corridor.flee.run import FleeRun
    from corridor.results.result import Result


PAGE = "report.html"  # in the folder of a kept run


def report_kept(
    result: Result, out: Path | str | None = None, replace: bool = False, language: str = "en"
) -> dict[str, Any] | None:
    """Write the briefing of a kept run of a Flee folder and return what it says, or nothing where it is no such run.

    Who came from where is not kept, and so not on the page. Raises UsageError as `report_flee` does.
    """
    if result.manifest.get("engine") != "flee" or (run := open_kept(result)) is None:
        return None
    page = report_flee(run, out or result.folder / PAGE, replace=replace or out is None, language=language)
    return {**run.summarise(), "report": str(page)}


def report_flee(
    run: FleeRun,
    out: Path | str,
    origins: Origins | None = None,
    origin_replicates: int = 0,
    replace: bool = False,
    language: str = "en",
) -> Path:
    """Write the briefing of a run by Flee's rules and return its file.

    It shows camps over time, their counts, shares and parts of the error, two naive rules beside, and who came from
    where if `origins` (of `trace_origins`, means of `origin_replicates` runs) are given. Raises UsageError for a file
    that exists and was not asked to be replaced, and for a language that there is not.
    """
    model, people, summary = run.model, run.in_camps, run.summarise()
    low, high = np.quantile(people, [0.05, 0.95], axis=0)
    middle, registered = people.mean(axis=0), model.observed
    parts = split_error(people, registered)
    last, known = max(middle[-1].sum(), 1.0), max(registered[-1].sum(), 1)
    camps = [
        {
            "name": model.place_names[camp], "middle": middle[:, i], "low": low[:, i], "high": high[:, i],
            "registered": registered[:, i], "share": middle[-1, i] / last,
            "share_registered": registered[-1, i] / known, "error": parts[i],
        }
        for i, camp in enumerate(model.camps)
    ]  # fmt: skip
    rows = [] if origins is None else [row for row in origins.list_rows() if row["day"] == origins.days[-1]]
    found: dict[str, Any] = {name: summary[name] for name in ("folder", "start", "days", "replicates", "people")}
    found |= {"on_roads": summary["on_roads"], "notices": summary["notices"], "camps": camps}
    found |= {"measures": summary.get("measures", {}), "origin_replicates": origin_replicates}
    found["origins"] = sorted(rows, key=lambda row: -row["people"])
    page = Path(out)
    write_file(page, write_flee_page(found, choose_language(language)), replace)
    return page
