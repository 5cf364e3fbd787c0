"""The page: whole, self-contained, honest about its run, every number linked to what it rests on."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from corridor.front.briefing import write_report
from corridor.report.annex import list_conflicts, list_numbers
from corridor.report.figures import describe_figures
from corridor.report.rests import _say_score
from corridor.report.scores import describe_scores, list_scores
from corridor.results.findings import Findings
from corridor.results.result import Result
from corridor.scenario.faults import UsageError
from corridor.words.said import Stated
from corridor.words.writing import write

VOID = {"meta", "link", "br", "img", "hr", "input"}


class Reader(HTMLParser):
    """Reads a page strictly: tags must balance; notes ids, links and everything that could be fetched."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.fetched: list[str] = []
        self.tags: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.append(tag)
        if tag not in VOID:
            self.open.append(tag)
        if found.get("id"):
            self.ids.append(str(found["id"]))
        if found.get("href"):
            assert tag in ("a", "use"), tag
            self.links.append(str(found["href"]))
        self.fetched += [f"{tag} {name}" for name in ("src", "srcset", "data", "action", "poster") if name in found]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def read_page(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    reader.close()
    return reader


@pytest.fixture(params=["case_page", "small_page"])
def page(request: pytest.FixtureRequest) -> str:
    return str(request.getfixturevalue(request.param))


@pytest.mark.slow
def test_the_page_is_well_formed(page: str) -> None:
    """Tags balance, ids are unique, every link within the page leads somewhere, every picture is XML."""
    reader = read_page(page)
    assert not reader.open
    assert len(reader.ids) == len(set(reader.ids))
    for link in reader.links:
        assert link.startswith(("https://", "http://")) or link.removeprefix("#") in reader.ids, link
    pictures = re.findall(r"<svg xmlns.*?</svg>", page, flags=re.DOTALL)
    assert len(pictures) == page.count("<figcaption>") >= 9
    for picture in pictures:
        ET.fromstring(picture)


@pytest.mark.slow
def test_nothing_is_fetched(page: str) -> None:
    """No script, no source, no import; links leave no trace of where they were followed from."""
    reader = read_page(page)
    assert not reader.fetched
    assert not {"script", "link", "iframe", "object", "embed", "base", "form", "image"} & set(reader.tags)
    assert "@import" not in page
    assert not re.search(r"url\((?!#)", page)
    assert "default-src 'none'" in page
    assert not re.search(r"\son[a-z]+=", page)
    for outside in re.findall(r"<a [^>]*https?://[^>]*>", page):
        assert 'rel="noreferrer"' in outside


@pytest.mark.slow
def test_the_page_names_its_run(case_page: str, case_result: Result) -> None:
    """Hash, parameter set with title, seed, replicates, date of data, version, sensitivity, disclaimer, use."""
    text = " ".join(" ".join(read_page(case_page).text).split())
    manifest = case_result.manifest
    for words in (
        manifest["scenario_hash"][:8],
        "as-of-22-september",
        manifest["parameters_title"],
        f"seed {manifest['seed']}",
        "40 replicates",
        manifest["data_date"],
        f"Corridor {manifest['corridor']}",
        "Public: may be passed on",
        "Intended use.",
        "Not for",
        " ".join(manifest["disclaimer"].split()),
    ):
        assert words in text, words
    captions = re.findall(r"<figcaption>.*?</figcaption>", case_page, flags=re.DOTALL)
    assert len(captions) == 12  # with the three of supplies
    for caption in captions:
        assert "parameter set as-of-22-september" in caption
        assert "Confidence:" in caption


def test_there_are_six_answers_each_at_two_times(page: str) -> None:
    """Six questions; each sentence names its moment, and ranges are given as chances."""
    answers = re.search(r'<ol class="answers">.*?</ol>', page, flags=re.DOTALL)
    assert answers is not None
    assert answers[0].count("<h3>") == 6
    assert answers[0].count('class="when"') == 12
    assert answers[0].count("9 in 10 chance between") >= 5


@pytest.mark.slow
def test_every_count_is_on_the_page(case_page: str, case_result: Result) -> None:
    """Each observed arrival and registration stands in the table with its claim, and as a point in the chart."""
    table = re.search(r'id="counts".*?</table>', case_page, flags=re.DOTALL)
    assert table is not None
    rows = [
        row
        for row in case_result.scenario.tables["observations"]
        if row["series"] in ("arrivals", "registered") and not row["place"]
    ]
    for row in rows:
        assert f">{write(Stated(row['value']))}<" in table[0]
        assert all(f"#claim-{claim}" in table[0] for claim in row["claims"])
    picture = re.search(r'<svg[^>]*aria-labelledby="arrivals-title.*?</svg>', case_page, flags=re.DOTALL)
    assert picture is not None
    arrivals = sum(row["series"] == "arrivals" for row in rows)
    assert len(re.findall(r"<use ", picture[0])) >= arrivals


@pytest.mark.slow
def test_every_number_is_either_backed_or_listed(case_result: Result, case_findings: Findings, case_page: str) -> None:
    """Numbers with claims link to claims that stand on the page; the others stand in the list of assumptions."""
    influence = describe_figures(case_result, case_findings)["influence"]
    numbers = list_numbers(case_result, influence)
    assert sum(len(rows) for rows in numbers["with"].values()) > 100
    for rows in numbers["with"].values():
        for row in rows:
            assert row["claims"]
            assert all(f'id="claim-{claim}"' in case_page for claim in row["claims"])
    listed = case_page[case_page.index('id="without"') : case_page.index('id="conflicts"')]
    for table, rows in numbers["without"].items():
        assert f'id="without-{table}"' in listed
        for row in rows:
            assert row["value"].replace("±", "±") in listed
    assert "announcement_hours" in listed or "effect_gone" in listed


@pytest.mark.slow
def test_conflicting_claims_stand_side_by_side(case_result: Result, case_page: str) -> None:
    """How many people were there is disputed: both ends are shown, none is averaged."""
    population = next(c for c in list_conflicts(case_result) if c["quantity"] == "people present")
    values = [write(claim["value"]) for claim in population["claims"]]
    assert any("120,000" in value for value in values)
    assert any("25,000" in value for value in values)
    for conflict in list_conflicts(case_result):
        assert len(conflict["claims"]) > 1
    assert "Where claims disagree" in case_page


def say_scores(manifest: dict[str, Any], score: dict[str, Any]) -> str:
    return " ".join(map(write, describe_scores(manifest, score)))


def test_words_on_scores_say_when_the_naive_rule_wins() -> None:
    """Better, worse, and counts set aside that nothing was learnt from."""
    manifest = {"parameters": "p", "fitted_until": "2023-09-26T20:00", "fitted_series": "arrivals", "fitted_draws": ""}
    part = {"n": 20, "coverage_50": 0.5, "coverage_90": 0.6, "crps": 300.0, "median_absolute_error": 1.0}
    part |= {"baseline": "a rule", "baseline_crps": 100.0, "skill": -2.0}
    words = say_scores(manifest, {"series": {"arrivals": {"held_out": part}}})
    assert "names nothing that was learnt" in words
    assert "the run is worse: its error over the whole range (CRPS) is 3.0 times as large" in words
    assert "12 of 20 lie within the 9 in 10 band" in words
    assert "promise more than is known" in words
    better = part | {"crps": 40.0, "skill": 0.6}
    fitted = {"fitted_draws": "x", "fitted_stale": True}
    words = say_scores(manifest | fitted, {"series": {"arrivals": {"held_out": better}}})
    assert "60% smaller" in words
    assert "harder to beat" not in words
    best = better | {"best_naive": "day", "best_naive_crps": 50.0, "best_skill": 0.2}
    harder = say_scores(manifest | fitted, {"series": {"arrivals": {"held_out": best}}})
    assert "the best of three (last 24 h) misses them by 50, which leaves the run a skill of 0.20" in harder
    assert "It was not learnt for the tables as they were simulated" in words
    assert "learnt from counts of arrivals published by 26 September 2023 20:00" in words
    every = say_scores(manifest | fitted | {"fitted_series": ""}, {"series": {}})
    assert "learnt from counts published by 26 September 2023 20:00; every later count" in every, (
        "no series: all of them"
    )
    assert "every later count is held out" in words


def test_scores_of_two_exits_stand_apart() -> None:
    """What was counted by exit or over spans has rows of its own; where nothing was learnt nothing is called so."""
    part = {"n": 8, "coverage_50": 0.5, "coverage_90": 0.75, "crps": 30.0, "median_absolute_error": 1.0}
    part |= {"baseline": "a rule", "baseline_crps": 60.0, "skill": 0.9}
    part |= {"best_naive": "day", "best_naive_crps": 60.0, "best_skill": 0.5}
    row = part | {"series": "arrivals", "by": "exit", "counted": "over a span", "stated": "number", "used": "held_out"}
    more = {"series": "arrivals", "by": "", "counted": "since the start", "stated": "ends", "used": "held_out", "n": 2}
    worse = row | {"label": "south", "best_skill": -1.0}
    table = [row | {"label": "north"}, worse, more | {"label": "", "hits": 1, "skill": 0.9}]
    score = {"series": {"arrivals": {"held_out": part}}, "table": table, "fitted": False}
    assert [write(entry["series"]) for entry in list_scores(score)] == [
        "arrivals",
        "arrivals exit north, over spans",
        "arrivals exit south, over spans",
    ]
    manifest = {"parameters": "p", "fitted_until": "2023-09-26T20:00", "fitted_series": "", "fitted_draws": ""}
    assert "may have set numbers by hand" in say_scores(manifest, score)
    known = manifest | {"fitted_until": "", "known_until": "2023-09-22T23:59"}
    assert "those up to 22 September 2023 23:59 may have set" in say_scores(known, score)
    assert "every count is held out" in say_scores(known | {"known_until": ""}, score)
    said = " ".join(write(sentence) for sentence in _say_score(score))
    assert "13 of 18 agree" in said
    assert "1 of 2 groups" in said


def test_a_moment_outside_the_period_is_refused(small_result: Result) -> None:
    """With the period and an example in the message."""
    with pytest.raises(UsageError, match="outside the run's period"):
        write_report(small_result, quick=True, moment="2031-01-01")
    with pytest.raises(UsageError, match="is no time"):
        write_report(small_result, quick=True, moment="tomorrow")


def test_a_page_needs_a_file_to_stand_in(small_result: Result, tmp_path: Path) -> None:
    """A folder is refused before anything is measured."""
    with pytest.raises(UsageError, match="is a folder; name a file"):
        write_report(small_result, tmp_path)


@pytest.mark.slow
def test_the_same_run_gives_the_same_page(small_result: Result, small_page: str, tmp_path: Path) -> None:
    """No clock and no luck in the page."""
    write_report(small_result, tmp_path / "again.html", quick=True)
    assert (tmp_path / "again.html").read_text(encoding="utf-8") == small_page
