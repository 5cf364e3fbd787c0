"""No word of a language stands in the code of the grammar; what a language lacks is not read and harms nothing."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from corridor.evidence.grammar import language as of_language
from corridor.evidence.grammar.language import LANGUAGES, load_language

FOLDER = Path(of_language.__file__).parent
# What the program itself calls kinds of speakers, units, hedges, dates and stances, whatever the language.
OWN_NAMES = re.compile(
    r"person|people|organisation|name|pronoun|actor|group|thing|measure|time|share|percent|metres|animals|days?|span|month|"
    r"weekday|relative|claim|fixed|decides|feeling|naming|(?:not_)?agreed|ahead|behind|past|now|asked|about|at|least|up|to|en"
)
TELLS = {"compile", "match", "fullmatch", "search", "sub", "split", "finditer", "findall"}


def literals(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield the literals that a text is held against: forms, ends and beginnings of words, words compared."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            is_form = node.func.attr in TELLS and isinstance(node.func.value, ast.Name) and node.func.value.id == "re"
            if is_form or node.func.attr in ("endswith", "startswith", "index", "count"):
                yield from strings(node.args[0] if node.args else node)
        elif isinstance(node, ast.Compare):
            for side in (node.left, *node.comparators):
                if not isinstance(side, ast.Subscript | ast.Call | ast.BinOp):
                    yield from strings(side)


def strings(node: ast.AST) -> Iterator[tuple[int, str]]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.lineno, node.value
    elif not isinstance(node, ast.Subscript):  # match["count"] is a group
        for inner in ast.iter_child_nodes(node):
            yield from strings(inner)


def words_of(form: str) -> list[str]:
    """Return the words of a literal without names of groups, classes, escapes and flags."""
    bare = re.sub(r"\(\?P<\w+>|\(\?[a-z]\)|\\u[0-9a-f]{4}|\\x[0-9a-f]{2}|\\.|\[[^\]]*\]|\(\?P=\w+\)", " ", form)
    return [word for word in re.findall(r"[^\W\d_]{2,}", bare) if not OWN_NAMES.fullmatch(word)]


def test_no_word_of_a_language_stands_in_the_code() -> None:
    found = []
    for path in sorted(FOLDER.glob("*.py")):
        if path.stem in ("documents", "text", "units"):
            continue  # formats of files, encodings, and the names of our own units
        for line, form in literals(ast.parse(path.read_text(encoding="utf-8"))):
            if words := words_of(form):
                found.append((path.name, line, words))
    assert found == []


def names_used() -> set[str]:
    """Return the names of forms that the code asks a language for."""
    asked = set()
    for path in [*FOLDER.glob("*.py"), *FOLDER.parent.glob("*.py")]:
        asked |= set(re.findall(r'(?:language|read|english|load_language\("en"\))\["(\w+)"\]', path.read_text("utf-8")))
        asked |= set(re.findall(r'(?:ends|follows)\(\s*"(\w+)"', path.read_text("utf-8")))
    return asked


def test_every_form_that_the_code_asks_for_is_there_in_english_and_no_other_in_any_language() -> None:
    needs = {verb.needs for code in LANGUAGES for verb in load_language(code).verbs.values()} - {""}
    told = {"says_registered", "says_lodged", "says_arrivals"}
    told |= {f"noun_of_{verb}" for code in LANGUAGES for verb in load_language(code).listed["noun_verbs"]}
    asked = names_used() | needs | told
    assert asked - set(load_language("en").patterns) == set()
    for code in LANGUAGES:
        assert set(load_language(code).patterns) - asked == set(), code
