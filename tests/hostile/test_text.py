"""Hostile text in every cell that takes text: the briefing is written, shows it, runs nothing, asks for nothing, stays in its width."""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from command import call
from corridor.scenario.create import create_scenario
from corridor.scenario.schema import load_fields, table_files

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
HOSTILE = (
    "<script>window.taken=1</script>",
    '"><img src=x onerror=window.taken=1>',
    "'><svg onload=window.taken=1>",
    "</style><script>window.taken=1</script>",
    "</title></textarea><iframe src=//example.org>",
    "{{ 7*7 }}{% raw %}",
    "javascript:window.taken=1",
    "data:text/html,<script>window.taken=1</script>",
    "$\\frac{ $ \\foo ^ _ & % # ~",
    ']]><!-- --!> <!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]> &e; &lt;',
    "expression(window.taken=1); url(//example.org) @import '//example.org'",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "a\u200fb \u05d0\u05d1 1,234 \u0645\u0631\u062d\u0628\u0627",
    "word" * 2400,
    "\U0001f468\u200d\U0001f469 \u0e01\u0e33\u0e49 \u0a95\u0acd\u0ab7",
)
BOUND = {("sources", "hash"), ("sources", "file"), ("places", "pcode"), ("fleets", "groups"), ("events", "target"),
         ("events", "to"), ("groups", "transport"), ("fleets", "transport"), ("convoys", "loads"), ("claims", "quote"), ("claims", "prefix"), ("claims", "suffix")}  # fmt: skip


def spoil(folder: Path) -> int:
    """Put hostile text into every cell of free text, and into columns of the user's own; return how many cells."""
    number = 0
    files = {**table_files(), "observations": "observations/arrivals.csv"}
    for table, file in files.items():
        path = folder / file
        if not path.exists():
            continue
        lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
        rows = list(csv.DictReader(lines))
        if not rows:  # the template shows its columns alone
            continue
        free = [
            n for n, f in load_fields()[table].items() if f.type == "text" and n != "set" and (table, n) not in BOUND
        ]
        for row in rows:
            for column in [*free, 'x_"><script>']:
                row[column] = HOSTILE[number % len(HOSTILE)]
                number += 1
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    toml = (folder / "scenario.toml").read_text(encoding="utf-8")
    for key, text in (("title", HOSTILE[1]), ("disclaimer", HOSTILE[3])):
        line = f"{key} = {json.dumps(text)}"
        toml = re.sub(rf"^{key} = .*$", lambda _, line=line: line, toml, flags=re.MULTILINE)
    toml = toml.replace("2025-03-08T00:00", "2025-03-04T12:00").replace("step_minutes = 15", "step_minutes = 60")
    (folder / "scenario.toml").write_text(toml, encoding="utf-8")
    return number


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the briefing of a folder of hostile texts: every text stands in each column that shows one, in turn."""
    folder = tmp_path_factory.mktemp("text")
    create_scenario(folder / "case")
    for name in ("items.csv", "needs.csv", "depots.csv", "actors.csv", "issues.csv", "positions.csv"):
        (folder / "case" / name).write_text(TABLES[name], encoding="utf-8")
    rows = "".join(f"n{n},2025-03-0{1 + n % 3}T0{n % 9}:00,note,,,,,label\n" for n in range(60))
    with (folder / "case" / "events.csv").open("a") as stream:
        stream.write(rows)
    claims = "".join(f"k{n},k{n},Speaker,2025-03-02,wording\n" for n in range(60))
    (folder / "case" / "evidence" / "claims.csv").write_text(f"id,source,speaker,said_on,wording\n{claims}")
    sources = "".join(f"k{n},Publisher,,javascript:alert(1)\n" for n in range(60))
    (folder / "case" / "evidence" / "sources.csv").write_text(f"id,publisher,published,address\n{sources}")
    people = (folder / "case" / "people.csv").read_text().splitlines()
    linked = [people[0] + ",claims", *(f"{row},{' '.join(f'k{n}' for n in range(60))}" for row in people[1:])]
    (folder / "case" / "people.csv").write_text("\n".join(linked) + "\n")
    observed = folder / "case" / "observations" / "arrivals.csv"
    observed.write_text(observed.read_text().replace(",c1", ",k1"))
    assert spoil(folder / "case") > 500
    for words in (
        ("check", folder / "case"),
        ("run", folder / "case", "--out", folder / "run", "--replicates", "3"),
        ("score", folder / "run"),
        ("report", folder / "run", "--quick"),
        ("deal", folder / "case"),
        ("evidence", "check", folder / "case"),
    ):
        done = call(*words)
        assert done.code in ((0, 4) if words[0] == "evidence" else (0,)), done.stdout[-2000:] + done.stderr[-2000:]
    return (folder / "run" / "report.html").read_text(encoding="utf-8")


TABLES = {
    "items.csv": "id,name,unit\nfood,Food,kg\n",
    "needs.csv": "item,per_day\nfood,0.5\n",
    "depots.csv": "id,place,item\nstore,capital,food\n",
    "actors.csv": "id,name,capability,veto,voice_only\nnorth,North,10,no,no\nsouth,South,20,no,no\n",
    "issues.csv": "id,title,low_end,high_end\nroad,The road,shut,open\n",
    "positions.csv": "issue,actor,position,salience,no_deal\nroad,north,10,80,5\nroad,south,60,40,9\n",
}
pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:constrained_layout not applied"),
    pytest.mark.filterwarnings("ignore:Glyph"),
    pytest.mark.filterwarnings("ignore:Matplotlib currently does not support"),
]


def test_the_page_holds_no_tag_of_the_users(page: str) -> None:
    """Nothing of the texts stands in the page as markup: not where a text, an attribute or a picture would hold it."""
    assert page.count("&lt;script&gt;window.taken") > 20, "the texts are there, as texts"
    assert page.count("word" * 2400) > 5
    assert "<script" not in page.lower()
    assert not re.search(r"<[^>]*\son\w+\s*=", page.replace("&lt;", ""))
    assert not re.search(r"<(img|iframe|object|embed|link)\b", page)
    assert not re.search(r"""(href|src)\s*=\s*["']?\s*(javascript|data:text|vbscript)""", page, re.IGNORECASE)
    assert "49" not in re.findall(r"<h1[^>]*>(.*?)</h1>", page, re.DOTALL)[0]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        args = ["--host-resolver-rules=MAP * ~NOTFOUND", "--no-sandbox"]
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=args)
        yield chromium
        chromium.close()


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine (apt-get install chromium)")
@pytest.mark.parametrize("policy", [True, False], ids=["with the policy", "without"])
@pytest.mark.parametrize("width", [360, 1280])
def test_in_a_browser(browser: Any, page: str, tmp_path: Path, policy: bool, width: int) -> None:
    path = tmp_path / "report.html"
    bare = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page)
    assert bare != page
    path.write_text(page if policy else bare, encoding="utf-8")
    tab = browser.new_page(viewport={"width": width, "height": 900})
    asked: list[str] = []
    said: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    tab.on("console", lambda message: said.append(message.text))
    tab.on("dialog", lambda dialog: said.append(dialog.message))
    tab.goto(path.as_uri())
    for summary in tab.locator("summary").all():
        summary.click()
    assert asked == [path.as_uri()]
    assert said == []
    assert tab.evaluate("window.taken") is None
    assert tab.locator("script, iframe, img, object, embed").count() == 0
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    tab.close()
