"""What the page of one file keeps of a run: page one at some moments, and some twenty what-ifs beside the case."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corridor.front.live import open_live
from corridor.front.page.beside import CASE, VARIANT
from corridor.front.page.now import LiveBriefing
from corridor.front.page.numbers import explain_number
from corridor.front.page.shell import describe_case, list_page_words
from corridor.front.runs import Run, open_run
from corridor.results.beside_live import take_watched
from corridor.results.beside_series import describe_series
from corridor.results.limits import name_exit_of
from corridor.results.live_answer import describe_pair
from corridor.scenario.areas import OUTSIDE, find_sides
from corridor.scenario.faults import UsageError
from corridor.scenario.values import parse_quantity, write_number
from corridor.scenario.variant import Document, list_variants, read_document
from corridor.scenario.writing import require_free, write_file

if TYPE_CHECKING:
    from corridor.front.live import Live

MOST = 20  # what-ifs beside the case
MOST_MOMENTS = 160  # over time: of a longer run every second, third ... recorded moment is kept
MOST_BRIEFINGS = 24  # moments of page one
MOST_PLACES = 12  # told apart in the tables of Compare
KINDS = ("case", "variant", "lever")  # in the order in which they are listed
ENDS = {"low": 0.05, "high": 0.95}  # of a lever's range
Progress = Callable[[int, int], None]


def describe_kept(
    run: Run, language: str = "en", quick: bool = False, progress: Progress | None = None, most: int = MOST
) -> dict[str, Any]:
    """Return all that the page of one file shows, ready for JSON; see `write_static` of corridor.web.static.

    With `quick` the effects of the levers are not measured: what-ifs are then the case's own variants alone, unless the
    run keeps its effects.
    """
    live = open_live(run)
    tell = progress or (lambda done, total: None)
    if not quick:
        for done, total in live.measure_levers():
            tell(done, 2 * total)
    options = list(list_options(live, language, most))
    kept = Kept(live)
    for number, (option, document) in enumerate(options):
        kept.add(option["name"], document)
        tell(len(options) + number, 2 * len(options))
    facts = describe_case(run.scenario, run.manifest["parameters"])
    made = {
        "run": run.result.folder.name,
        "made": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M"),
        "what_ifs": len(options) - 1,
        "replicates": kept.replicates,
        "screens": ["now", "what-if", "compare"],
    }
    told = [option for option, _ in options]
    return {
        "words": _keep_words(language),
        "facts": {**facts, "editable": False, "run": made["run"], "kept": made},
        "options": sorted(told, key=lambda option: (KINDS.index(option["kind"]), -kept.find_most(option))),
        "links": live.describe_ways(),
        **keep_briefings(run, language),
        **kept.describe(),
    }


def _keep_words(language: str) -> dict[str, Any]:
    """Return all words of the page in its one language: screens say words of each other's."""
    words = list_page_words(language)
    return {**words, "languages": [one for one in words["languages"] if one["code"] == words["language"]]}


def list_options(live: Live, language: str, most: int = MOST) -> Iterator[tuple[dict[str, Any], Document]]:
    """Yield what is kept, with its edits: the case, its own variants, then both ends of the levers with most effect."""
    scenario = live.scenario
    yield {"name": CASE, "kind": "case", "variant": scenario.variant_name}, {}
    number = 0
    for variant in list_variants(Path(scenario.folder)) if not scenario.variant_name else ():
        if number < most:
            document = read_document(Path(scenario.folder), variant)
            yield (
                {
                    "name": VARIANT + variant,
                    "kind": "variant",
                    "variant": variant,
                    "title": str(document.get("title", "")),
                },
                document,
            )
            number += 1
    for lever in live.list_levers(language)["numbers"]:
        if number + len(ENDS) > most or not is_felt(lever):
            return
        for end, share in ENDS.items():
            value = read_end(lever, share)
            edits = {lever["verb"]: {lever["table"]: {lever["row"]: {lever["column"]: value}}}}
            told = {name: lever[name] for name in ("who", "what", "unit", "text")}
            yield {"name": f"lever:{lever['id']}:{end}", "kind": "lever", "end": end, "value": value, **told}, edits
            number += 1


def is_felt(lever: Mapping[str, Any]) -> bool:
    """Tell whether the range of a number moves an answer beyond the error with which that was measured."""
    return bool(lever["is_range"] and lever["effect"] and abs(lever["effect"]) > 2 * (lever["error"] or 0.0))


def read_end(lever: Mapping[str, Any], share: float) -> str:
    """Return the value below which so large a share of a lever's range lies, as a cell is written."""
    value = float(parse_quantity(lever["text"]).take(share))
    if lever["type"] == "integer":
        return str(round(value))
    return write_number(float(f"{value:.4g}"))


class Kept:
    """What-ifs beside the case, at moments that are not too many."""

    def __init__(self, live: Live) -> None:
        self.live, self.base = live, live.case.base
        records = self.base.model.clock.records
        step = -(-records // MOST_MOMENTS)
        self.moments = [*range(0, records - 1, step), records - 1]
        parameters = self.base.model.parameter_set
        tables = [live.scenario.rows(table, parameters) for table in ("places", "areas")]
        self.inside = [place for place, side in find_sides(*tables).items() if side != OUTSIDE]
        self.answers: dict[str, Any] = {}
        self.series: dict[str, Any] = {}
        self.times: list[str] = []
        self.replicates = 0

    def add(self, name: str, document: Document) -> None:
        """Simulate a what-if with all replicates and keep what is shown of it."""
        for pair in self.live.case.answer(document, (200,), lambda: False):
            told = describe_pair(pair)
            self.times = [told["times"][i] for i in self.moments]
            self.replicates = pair.replicates
            sides = [
                take_watched(watched, pair.replicates, scenario, self.base.ensemble, self.inside, name)
                for watched, scenario in ((pair.base, pair.base_scenario), (pair.edited, pair.scenario))
            ]
            first, side = (sides[0], sides[0]) if name == CASE else sides
            self.series[name] = describe_series(first, side, self.moments, MOST_PLACES)
            self.answers[name] = thin(told, len(told["times"]), self.moments)

    def find_most(self, option: Mapping[str, Any]) -> int:
        """Return how many people more or fewer are out at the hour at which a variant makes most of a difference."""
        return (
            max(map(abs, self.answers[option["name"]]["paired"]["arrivals"]["q50"]))
            if option["kind"] == "variant"
            else 0
        )

    def describe(self) -> dict[str, Any]:
        """Return what is kept, ready for JSON."""
        parameters, exits = self.base.model.parameter_set, self.base.model.network.exits
        names = {name: name_exit_of(self.live.scenario, parameters, name)[0] for name in exits}
        return {"times": self.times, "answers": self.answers, "series": self.series, "names": names}


def thin(document: Any, length: int, moments: Sequence[int]) -> Any:
    """Return a document in which every list of such a length holds its values at some moments only."""
    if isinstance(document, dict):
        return {name: thin(value, length, moments) for name, value in document.items()}
    if isinstance(document, list):
        if len(document) == length and not isinstance(document[0], dict | list):
            return [document[i] for i in moments]
        return [thin(one, length, moments) for one in document]
    return document


def keep_briefings(run: Run, language: str) -> dict[str, Any]:
    """Return page one today and at some moments of the period, and what each number of them rests on.

    What is said of many numbers stands once, in `pool`, and is named by its place there.
    """
    briefing, pool = LiveBriefing(run), Pool()
    today = briefing.findings.moment
    times = run.times
    days = max(1, -(-(times[-1] - times[0]).days // (MOST_BRIEFINGS - 1)))
    chosen = [times[0] + timedelta(days=days * n) for n in range(MOST_BRIEFINGS)]
    chosen = sorted({today, *(time for time in chosen if times[0] < time <= times[-1])})
    briefings, numbers = [], {}
    for moment in chosen:
        told = briefing.describe(moment.isoformat(timespec="minutes"), language)
        for name in ("times", "arrivals", "inside", "events"):
            told["chart"][name] = pool.put(told["chart"][name])
        briefings.append(told)
        findings = briefing.move(told["moment"])
        for quantity, scope in sorted(set(_find_numbers(told))):
            about = explain_number(run.result, findings, quantity, scope, language)
            about["counts"] = [pool.put(count) for count in about["counts"]]
            about["inputs"] = [pool.put(one) for one in about["inputs"]]
            numbers[f"{told['moment']} {quantity} {scope}"] = pool.put(about)
    return {"briefings": briefings, "numbers": numbers, "pool": pool.kept}


def take_run(run: Run | Path | str) -> Run:
    """Return a run, or the one in a folder. Raises UsageError when it holds none that is finished with replicates."""
    opened = open_run(run) if isinstance(run, Path | str) else run
    if not opened.result.kept:
        raise UsageError(opened.result.say_summary_only("a page"))
    return opened


def choose_page(run: Run, out: Path | str | None, replace: bool) -> Path:
    """Return the file of the page. Raises UsageError when it may not be written over, or is not named and must be."""
    if out is None:
        if not run.result.stored:
            message = "a run in memory has no folder: name the file of the page"
            raise UsageError(message)
        return run.result.folder / "static.html"
    path = Path(out)
    if path.is_dir():
        message = f"{path} is a folder; name a file, such as {path / 'static.html'}"
        raise UsageError(message)
    require_free(path, replace)
    return path


def write_page(path: Path, text: str) -> None:
    """Write the page whole or not at all. Raises UsageError when it cannot be written."""
    write_file(path, text)


def drop_last(kept: dict[str, Any]) -> bool:
    """Leave out both ends of the lever with least effect; tell whether there was one."""
    options = kept["options"]
    if options[-1]["kind"] != "lever":
        return False
    for option in options[-len(ENDS) :]:
        del kept["answers"][option["name"]], kept["series"][option["name"]]
    del options[-len(ENDS) :]
    kept["facts"]["kept"]["what_ifs"] = len(options) - 1
    return True


class Pool:
    """Documents that are the same many times, kept once."""

    def __init__(self) -> None:
        self.kept: list[Any] = []
        self._places: dict[str, int] = {}

    def put(self, document: Any) -> int:
        """Return the place of a document in the pool."""
        text = json.dumps(document, sort_keys=True)
        if text not in self._places:
            self._places[text] = len(self.kept)
            self.kept.append(document)
        return self._places[text]


def _find_numbers(document: Any) -> Iterator[tuple[str, str]]:
    """Yield (quantity, scope) of every number that can be opened in a document."""
    if isinstance(document, dict):
        if "quantity" in document:
            yield document["quantity"], document.get("scope") or ""
        for value in document.values():
            yield from _find_numbers(value)
    elif isinstance(document, list):
        for value in document:
            yield from _find_numbers(value)
