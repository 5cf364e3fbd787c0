"""Pictures: the user's words stand in them as written, and the page decides their colours."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from importlib import resources
from typing import Any

import pytest

from corridor.report.briefing import PICTURES
from corridor.report.envelope import Figure
from corridor.report.pictures.style import COLOURS, SVG

NAMES = ("name", "label", "who", "what", "item")


def _rename(content: Any, words: str) -> Any:
    """Return a figure's data with every name and label that may be the user's replaced; its own name stays."""
    if isinstance(content, list):
        return [_rename(part, words) for part in content]
    if isinstance(content, dict):
        return {key: words if key in NAMES else _rename(part, words) for key, part in content.items()}
    return content


@pytest.mark.slow
@pytest.mark.parametrize("words", [r"Camp $\frac{ $ x", "$1 & <b> $2", "50 % \\alpha_0^2"])
def test_words_of_users_are_no_mathematics(small_figures: dict[str, Figure], words: str) -> None:
    """Dollar signs, backslashes and tags are letters like others (a place may be called so)."""
    shown = 0
    for name, figure in small_figures.items():
        if name in ("map", "settling", "influence", "relief_gap", "relief_cover", "relief_now"):
            picture = PICTURES[name]({**_rename(figure, words), "name": name})
            texts = ["".join(text.itertext()) for text in ET.fromstring(picture).iter(f"{{{SVG}}}text")]
            shown += sum(words.split()[-1] in text for text in texts)
    assert shown > 3


@pytest.mark.slow
def test_the_page_sets_every_colour(small_page: str) -> None:
    """No picture has a colour of its own, and each of theirs is set for light and for dark screens."""
    pictures = re.findall(r"<svg xmlns.*?</svg>", small_page, flags=re.DOTALL)
    drawn = set(re.findall(r"(?:fill|stroke): (#\w+|var\(--\w+)", " ".join(pictures)))
    assert {"var(--ink", "var(--blue"} <= drawn <= {f"var(--{name}" for name in COLOURS.values()}
    style = resources.files("corridor.report").joinpath("page/report.css").read_text(encoding="utf-8")
    for name in COLOURS.values():
        assert style.count(f"--{name}: ") == 2
