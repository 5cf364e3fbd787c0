"""A negotiation on paper: two sheets of A4 whatever it holds, one picture an issue, the names of all sides, no request."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import corridor as co

SHEET = (688, 1013)  # px of a sheet within its margins of 14 and 13 mm
LONG = "with many words in its name"
SETTINGS = 'id = "b"\ntitle = "Talks {0}"\ndata_date = "2025-05-20"\nsensitivity = "restricted"\ndisclaimer = "{0}"\n'


def make_talks(folder: Path, issues: int, actors: int, words: str = LONG) -> co.Scenario:
    """Return talks of so many issues and parties in two rounds, every text long."""
    tables = {
        "actors": ["id,name,other_names,capability,veto"],
        "issues": ["id,title,low_end,high_end"],
        "positions": ["issue,actor,date,position,salience,no_deal"],
        "proposals": ["proposal,issue,date,from,value,text,accepted_by,refused_by"],
    }
    for a in range(actors):
        tables["actors"].append(f"a{a},Party {a} {words},Other name {a}; name {a} {words},{10 + a},{'ny'[a % 3 == 0]}")
    for i in range(issues):
        tables["issues"].append(f"i{i},Question {i} {words},nothing that is asked {words},all that is asked {words}")
        for a in range(actors):
            held = f"{30 + (7 * a + i) % 60},{(20 + 9 * a) % 70}"
            tables["positions"] += [
                f"i{i},a{a},{day},{(37 * a + 11 * i + len(day)) % 100},{held}" for day in ("", "2025-03-01")
            ]
        tables["proposals"] += [
            f"p{n},i{i},2025-04-{n + 1:02d},a1,{(40 + 7 * i) % 100},{words},a1,a0" for n in range(9)
        ]
    folder.mkdir()
    (folder / "scenario.toml").write_text(SETTINGS.format(words))
    for name, lines in tables.items():
        text = "\n".join(lines).replace(",y\n", ",yes\n").replace(",n\n", ",no\n") + "\n"
        (folder / f"{name}.csv").write_text(re.sub(r",y\n", ",yes\n", re.sub(r",n\n", ",no\n", text)))
    return co.read(folder)


def test_the_paper_has_a_picture_an_issue_and_every_name(tmp_path: Path) -> None:
    co.create(tmp_path / "case", like="talks")
    answer = co.deal(co.read(tmp_path / "case"))
    page = answer.paper(tmp_path / "talks.html").read_text(encoding="utf-8")
    assert page.count('<figure class="picture"') == len(answer.issues)
    for name in ("Upper bank", "Upstream side; Highland side", "Lower bank", "Downstream side; Lowland side"):
        assert name in page
    assert page.count('class="stood"') == 1 + 3  # that of the legend, and three who moved
    assert "http" not in page.replace("http-equiv", "")
    assert "<script" not in page
    with pytest.raises(co.UsageError):
        answer.paper(tmp_path / "talks.html")
    alone = co.deal(co.read(tmp_path / "case"), ["flow"]).paper(tmp_path / "flow.html").read_text(encoding="utf-8")
    assert alone.count('<figure class="picture"') == 1


@pytest.mark.slow
def test_the_paper_of_the_worked_case_names_all_sides(tmp_path: Path, worked_case: Path) -> None:
    case = co.read(worked_case)
    page = co.deal(case, language="fr").paper(tmp_path / "talks.html").read_text(encoding="utf-8")
    assert 'lang="fr"' in page
    assert all(row["name"] in page for row in case.actors)
    assert "Where the parties" not in page


@pytest.mark.slow
def test_it_prints_on_two_sheets_and_nothing_is_cut_off(browser: Any, tmp_path: Path, worked_case: Path) -> None:
    co.create(tmp_path / "template", like="talks")
    shapes = ((1, 2), (8, 7), (19, 6))
    answers = {f"{i}-{a}": co.deal(make_talks(tmp_path / f"{i}-{a}", i, a)) for i, a in shapes}
    answers |= {"template": co.deal(co.read(tmp_path / "template"))}
    answers |= {"worked": co.deal(co.read(worked_case), language="fr")}
    tab = browser.new_page(viewport={"width": SHEET[0], "height": SHEET[1]})
    asked: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    for name, answer in answers.items():
        path = answer.paper(tmp_path / f"{name}.html")
        tab.emulate_media(media="print")
        tab.goto(path.as_uri())
        told = "[...document.querySelectorAll('.sheet')].map(s => [s.scrollHeight - s.clientHeight, s.scrollWidth - s.clientWidth])"
        assert tab.evaluate(told) == [[0, 0], [0, 0]], name
        printed = tab.pdf(prefer_css_page_size=True)
        assert printed.count(b"/Type /Page\n") + printed.count(b"/Type /Page ") == 2, name
        tab.emulate_media(media="screen")
        tab.set_viewport_size({"width": 390, "height": 900})
        assert tab.evaluate("document.documentElement.scrollWidth") <= 390, name
        tab.set_viewport_size({"width": SHEET[0], "height": SHEET[1]})
    assert all(url.startswith("file:") for url in asked)
    tab.close()
