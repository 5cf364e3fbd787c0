"""No word of a language stands in the code of the grammar; what a language lacks is not read and harms nothing."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest

from corridor.evidence.draft import draft_from_report
from corridor.evidence.grammar import language as of_language
from corridor.evidence.grammar.language import LANGUAGES, load_language
from corridor.evidence.grammar.text import decode_text
from corridor.evidence.rows import SOURCES_FILE
from corridor.evidence.suggest import suggest
from corridor.evidence.tables import read_rows
from corridor.front.page.reports import open_report
from corridor.scenario.faults import UsageError

FOLDER = Path(of_language.__file__).parent
# What the program itself calls kinds of speakers, units, hedges, dates and stances, whatever the language.
OWN_NAMES = re.compile(
    r"person|people|organisation|name|pronoun|actor|group|thing|measure|time|share|percent|metres|animals|days?|span|month|"
    r"weekday|relative|claim|fixed|decides|feeling|naming|carries|coming|(?:not_)?agreed|ahead|behind|past|now|asked|about|at|least|up|to|en"
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
    asked = names_used() | {"says_registered", "says_lodged", "says_arrivals"}
    asked |= {"noun_by", "noun_owned", "noun_counted"}
    assert asked - set(load_language("en").patterns) == set()
    for code in LANGUAGES:
        language = load_language(code)
        needs = {sense.needs for senses in language.verbs.values() for sense in senses} - {""}
        assert needs - set(language.patterns) == set(), code
        assert set(language.patterns) - asked - needs == set(), code


SPANISH = {
    "language.toml": 'name = "Spanish"\ndecimal = ","\nnoun_first = true\nday_first = true\n',
    "words.toml": 'months = "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"\n',
    "numbers.toml": "[values]\ndos = 2\ntres = 3\n[scales]\nmil = 1e3\nmillones = 1e6\n[days]\nayer = -1\n",
    "units.csv": "singular,plural,unit,kind\npersona,personas,people,person\ncamión,camiones,vehicles,thing\n",
    "patterns.toml": r"""
[parts]
number = '''(?:\d{1,3}(?:\.\d{3}){2,}|\d+(?:,\d+)?|@values@)(?:[ ](?:@scales@)\b)?'''
[numbers]
number = '''(?i)@number@'''
numbers = '''(?i)(?<![\w.,])(?P<one>@number@)(?:(?P<link>[ ]a[ ])(?P<two>@number@))?'''
number_word = '''(?i)\d[\d.,]*|\b(?:@values@)\b|(?:@scales@)\b'''
scale_at_end = '''(?i)(?:@scales@)$'''
[counted]
word = '''(?P<gap>[ ](?:de[ ])?)(?P<word>[^\W\d_]+)'''
[dates]
day_first = '''\b(?P<day>\d{1,2})[ ]de[ ](?P<month>@months@)(?:[ ]de[ ](?P<year>\d{4}))?'''
day_word = '''\bayer\b'''
""",
}
REPORT = "Ayer pasaron tres camiones. El 3 de mayo de 2024 huyeron 1,5 millones de personas, ayer 2 a 3 mil personas."


@pytest.fixture
def spanish(tmp_path: Path) -> Path:
    for name, text in SPANISH.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_a_third_language_is_a_folder_of_data(spanish: Path) -> None:
    found = suggest(decode_text("r", REPORT.encode()), [], date(2024, 5, 6), str(spanish))
    quantities = [(p["value"], p["low"], p["high"], p["unit"]) for p in found.proposals if p["kind"] == "quantity"]
    assert quantities == [(3, None, None, "vehicles"), (1.5e6, None, None, "people"), (None, 2000, 3000, "people")]
    assert [p["from"] for p in found.proposals if p["kind"] == "date"] == ["2024-05-03", "2024-05-05"]
    assert (found.language, found.is_detected) == (spanish.name, False)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("patterns.toml", "[numbers]\nnumbers = '@nothing@'\n", "nothing"),
        ("patterns.toml", "[parts]\na = '@a@'\n[numbers]\nnumbers = '@a@'\n", "within itself"),
        ("patterns.toml", "[a]\nx = 'x'\n[b]\nx = 'x'\n", "another section"),
        ("language.toml", "decimal = 5\nunheard_of = 1\n", "unheard_of"),
        ("units.csv", "word\nx\n", "unit"),
    ],
)
def test_a_folder_that_is_none_is_refused_with_its_fault(spanish: Path, name: str, text: str, said: str) -> None:
    (spanish / name).write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=said):
        suggest(decode_text("r", b"3"), [], None, str(spanish))


def test_a_language_that_there_is_not_is_told() -> None:
    with pytest.raises(UsageError, match="known are en, fr"):
        suggest(decode_text("r", b"3"), [], None, "xx")


TOLD = {
    "en": "The governor said on Monday that the road to the north was open and that trucks had passed in the night.",
    "fr": "Le gouverneur a déclaré lundi que la route du nord était ouverte et que des camions sont passés dans la nuit.",
    "Spanish": "El gobernador dijo el lunes que la carretera del norte estaba abierta y que los camiones pasaron por la noche.",
    "German": "Der Gouverneur sagte am Montag, dass die Straße in den Norden offen ist und die Lastwagen in der Nacht fuhren.",
}


TOLD |= {
    "Portuguese": "As autoridades informaram na terça-feira que mais de 300 pessoas foram retiradas da cidade sitiada.",
    "Italian": "Le autorità hanno riferito martedì che più di 300 persone sono state evacuate dalla città assediata.",
    "Dutch": "De autoriteiten meldden dinsdag dat meer dan 300 mensen uit de stad zijn geëvacueerd door het leger.",
}


@pytest.mark.parametrize("code", TOLD)
def test_the_language_is_told_by_the_commonest_words(code: str) -> None:
    found = suggest(decode_text("r", TOLD[code].encode()), [], date(2024, 5, 6))
    if code in LANGUAGES:
        assert (found.language, found.is_detected) == (code, True)
    else:
        assert (found.language, found.proposals) == ("", ())
        assert f"the text is in {code}" in found.warnings[0]


def test_a_language_that_nobody_knows_is_told_too() -> None:
    found = suggest(decode_text("r", ("zub kret volo manti " * 30).encode()), [], None)
    assert found.language == ""
    assert "not known" in found.warnings[0]


def test_the_page_names_no_folder_of_the_machine(spanish: Path) -> None:
    with pytest.raises(UsageError, match="known are en, fr"):
        open_report(SimpleNamespace(), "3 camiones", "", str(spanish))  # type: ignore[arg-type]


def test_the_source_of_a_claim_keeps_the_language_of_its_text(tmp_path: Path) -> None:
    text = decode_text("r", TOLD["fr"].encode())
    found = suggest(text, [], date(2024, 5, 6))
    name = next(str(p["id"]) for p in found.proposals if p["kind"] == "statement")
    draft_from_report(
        tmp_path / "case", text, found, [name], {"id": "s", "publisher": "A"}, {"wording": "The road is open"}
    )
    assert read_rows(tmp_path / "case", SOURCES_FILE)[0]["language"] == "fr"
