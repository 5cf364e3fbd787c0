"""The pages that tell how to do something: every block is carried out, in order, in an empty folder."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pages import follow_page, read_blocks

from flee.folders import make_folder

ROOT = Path(__file__).parents[2]
HOW_TO = [
    ROOT / "README.md",
    *(ROOT / "docs" / f"{name}.md" for name in ("how-to", "coming-from-flee", "page", "tables-in-and-out", "sweep")),
]
PAGES = sorted(
    [*(ROOT / "docs").glob("*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md"], key=lambda page: page.name
)
FEWER = {"run": ("--replicates", "10"), "forecast": ("--particles", "100"), "report": ("--quick",)}


def shorten(words: list[str]) -> list[str]:
    """Ask a command of a page for less, to save time: a page means what it says, its test only that it works."""
    more = FEWER.get(words[0], ())
    return words if any(word in words for word in more[:1]) else [*words, *more]


# A forecast, and a comparison with Flee's own runs, take more than a few seconds, however small.
PARAMETERS = [pytest.param(p, marks=pytest.mark.slow) if p.stem != "README" else p for p in HOW_TO]


@pytest.mark.slow
@pytest.mark.parametrize("page", PARAMETERS, ids=lambda page: page.stem)
def test_every_block_of_the_page_works(page: Path, tmp_path: Path) -> None:
    """Commands end as the page says, files are read, Python runs."""
    (tmp_path / "scenarios").symlink_to(ROOT / "scenarios")
    make_folder(tmp_path / "flee-folder", days=10)
    follow_page(page, tmp_path, shorten)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_commands_stand_in_blocks_that_can_be_run(page: Path) -> None:
    """No command hides in an indented block or in one that is called text; what is not run says why."""
    text = page.read_text(encoding="utf-8")
    assert not re.search(r"^    corridor ", text, flags=re.MULTILINE)
    for block in read_blocks(page):
        assert block.language, f"{page.name}: a block without a language\n{block.text}"
        assert block.language != "text" or not re.search(r"^corridor \w", block.text, flags=re.MULTILINE), block.text


def test_few_blocks_are_left_out() -> None:
    """The pages are carried out nearly whole."""
    blocks = [block for page in HOW_TO for block in read_blocks(page)]
    assert sum(bool(block.why) for block in blocks) <= len(blocks) // 4
