"""Every sentence that a reader meets: in English (sentences/ and page/*.csv), and translated (languages/*.po)."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from string import Formatter

from corridor.scenario.cells import NUMBERS
from corridor.scenario.schema import load_event_kinds, load_fields
from corridor.words.language import Language

HOME = "corridor.words"
FOLDERS = ("sentences", "page")  # of the briefing, of the local page: one table for each part of them
TRIED = 200  # numbers for which a form of the plural is looked up, to learn which form stands for which category


@dataclass(frozen=True)
class Sentence:
    """An English sentence with {fields}; `one` is said instead where the field `count` is 1."""

    text: str
    count: str = ""
    one: str = ""

    @property
    def key(self) -> str | tuple[str, str]:
        """Return what stands for it in a file of translations: its text, or singular and plural."""
        return (self.one, self.text) if self.count else self.text


@dataclass(frozen=True)
class Translations:
    """Translated sentences by id, each in one form or in all forms of the plural, and which form a number takes."""

    forms: Mapping[str, tuple[str, ...]]
    choose: Callable[[int], int]


@cache
def load_sentences() -> dict[str, Sentence]:
    """Return the English sentences by id.

    Names of uncertain numbers (plain_names.csv) are plain.TABLE.COLUMN, what numbers of the tables mean (fields.csv of
    the scenario) field.TABLE.COLUMN, and what events do (kinds.csv) does.KIND.
    """
    home, found = resources.files(HOME), {}
    files = [file for folder in FOLDERS for file in home.joinpath(folder).iterdir() if file.name.endswith(".csv")]
    for file in sorted(files, key=lambda file: file.name):
        for row in _read(file):
            found[row["id"]] = Sentence(row["text"], row.get("count") or "", row.get("one") or "")
    for table, fields in load_fields().items():
        found |= {
            f"field.{table}.{name}": Sentence(spec.meaning) for name, spec in fields.items() if spec.type in NUMBERS
        }
    found |= {f"does.{kind.kind}": Sentence(kind.meaning) for kind in load_event_kinds().values()}
    for row in _read(home.joinpath("plain_names.csv")):
        found[f"plain.{row['table']}.{row['column']}"] = Sentence(row["words"])
    return found


def _read(file: Traversable) -> Iterator[dict[str, str]]:
    return csv.DictReader(file.read_text(encoding="utf-8").splitlines())


@cache
def load_translations(code: str) -> Translations:
    """Return the sentences of a language that are translated and not stale: their English text is still the same."""
    from babel.messages.pofile import read_po  # a language beside English alone needs it

    english, forms = load_sentences(), {}
    with resources.files(HOME).joinpath("languages", f"{code}.po").open("rb") as file:
        catalogue = read_po(file, locale=code)
    for message in catalogue:
        name = message.context
        text = (message.string,) if isinstance(message.string, str) else tuple(message.string or ("",))
        if name in english and message.id == english[name].key and not message.fuzzy and all(text):
            forms[name] = text
    return Translations(forms, _read_plural(catalogue.plural_expr))


def _read_plural(rule: str) -> Callable[[int], int]:
    from gettext import c2py  # the rule of a file of translations as a function

    chosen: Callable[[int], int] = c2py(rule)
    return chosen


def find_template(name: str, language: Language, number: int | None = None) -> str:
    """Return the template of a sentence, in English where it is not translated; `number` chooses the plural.

    Raises KeyError for an id that the catalogue does not hold.
    """
    sentence = load_sentences()[name]
    if not language.is_english:
        translated = load_translations(language.code)
        forms = translated.forms.get(name)
        if forms is not None:
            return forms[translated.choose(number or 0)] if len(forms) > 1 else forms[0]
    return sentence.one if number == 1 and sentence.one else sentence.text


@cache
def split_template(template: str) -> tuple[tuple[str, str | None], ...]:
    """Return a template as pairs of plain text and the field after it (None: none)."""
    return tuple((text, field) for text, field, _, _ in Formatter().parse(template))


def list_words(language: Language, prefix: str) -> dict[str, str]:
    """Return the templates of all sentences whose ids begin so, for a script that fills in their {fields}.

    Of a counted sentence each form of the plural stands as well, as "ID|CATEGORY" with the categories of Unicode
    ("one", "few", "many", "other"), which a browser's Intl.PluralRules tells of a number.
    """
    words = {}
    for name, sentence in load_sentences().items():
        if name.startswith(prefix):
            words[name] = find_template(name, language)
            if sentence.count:
                tried = range(1, TRIED)
                words |= {f"{name}|{_category(language, n)}": find_template(name, language, n) for n in tried}
    return words


def _category(language: Language, number: int) -> str:
    if language.is_english:
        return "one" if number == 1 else "other"
    from babel import Locale

    return str(Locale.parse(language.code).plural_form(number))
