"""The page's modules as one script: every form that they use, no other, and in an order in which each finds what it needs."""

from __future__ import annotations

import re

import pytest

from corridor.web.bundle import bundle
from corridor.web.files import list_files
from corridor.web.static import REPLACED, SCREENS


def take_scripts() -> dict[str, str]:
    return {name: text.decode("utf-8") for name, text in list_files().items() if name.endswith(".js")}


def test_the_page_itself() -> None:
    """Nothing is left to be loaded, no module twice, each after those that it takes from, and no end of a script within."""
    script = bundle(take_scripts(), "main.js", SCREENS, REPLACED)
    assert not re.search(r"^\s*(import|export)\b", script, re.MULTILINE)
    assert "</script" not in script.lower()
    assert "<!--" not in script
    assert "fetch(" not in script
    made = [found[1] for found in re.finditer(r'^modules\["(.*?)"\] = ', script, re.MULTILINE)]
    assert len(made) == len(set(made))
    for number, part in enumerate(re.split(r'^modules\[".*?"\] = ', script, flags=re.MULTILINE)[1:]):
        needed = set(re.findall(r'^const \{.*?\} = modules\["(.*?)"\];', part, re.MULTILINE))
        assert needed <= set(made[:number]) | ({*made} if number == len(made) - 1 else set())
    assert "./source.js" not in made
    assert "./kept.js" in made


def test_every_form() -> None:
    files = {
        "main.js": 'import { a as b, c } from "./one.js";\nimport "./two.js";\nconst { open } = await import(SCREENS[x]);\nb(c);\n',
        "one.js": 'import {\n  d,\n  e as f,\n} from "./two.js";\nexport const a = d;\nexport async function c() {}\nfunction own() {}\nexport { own };\n',
        "two.js": "export class d {}\nexport function e() {}\n",
        "later.js": 'import { d } from "./two.js";\nexport const open = d;\n',
    }
    script = bundle(files, "main.js", {"asked.js": "later.js"}, {})
    assert 'const { d, e: f } = modules["./two.js"];' in script
    assert "return { a, c, own };" in script
    assert 'const later = { "./asked.js": modules["./later.js"] };' in script
    assert "const { open } = later[SCREENS[x]];" in script


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('import x from "./one.js";\n', "not known"), ('import * as x from "./one.js";\n', "not known"),
        ("export default 1;\n", "not known"), ('export * from "./one.js";\n', "not known"), ('x = import("./one.js");\n', "not known"),
        ("x = import.meta.url;\n", "not known"), ('import { x } from "./main.js";\n', "need each other"),
        ('import { x } from "./absent.js";\n', "no module"), ("const a = 1;\nexport { a as b };\n", "keeps its name"),
    ],
)  # fmt: skip
def test_what_it_cannot_do_is_said(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        bundle({"main.js": 'import { x } from "./one.js";\n', "one.js": text}, "main.js", {}, {})
