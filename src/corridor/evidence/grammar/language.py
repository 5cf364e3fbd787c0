"""A language that the grammar reads: its words, the forms built from them, its units and verbs of speech.

A language is a folder of data: `language.toml` (its name, how its numbers and noun phrases are built, its commonest
words), `words.toml` (lists of words), `numbers.toml`, `patterns.toml` (forms, as regular expressions in which `@name@`
stands for a part or for any word of a list), `units.csv` and `speech.csv`. What a folder lacks is not read in its
language, and nothing else changes: a form that is not there stands nowhere. The order in which things are looked
for, and what is done with what was found, is the same for all languages.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from corridor.evidence.grammar.folder import load_rows, load_toml, split_forms, split_list
from corridor.evidence.grammar.forms import NEVER, SPACE, any_of, compile_form, fill, join_sections
from corridor.scenario.draft import show
from corridor.scenario.faults import UsageError

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

LANGUAGES = ("en", "fr")
_PARTICIPLE = "+"  # before a form of a verb of speech


class UnitWord(NamedTuple):
    """The unit that a word stands for, and its kind (person, group, thing, measure, time)."""

    unit: str
    kind: str


class Verb(NamedTuple):
    """A verb of speech in one of its senses: its stance, whether what is said may change it, and the form of
    patterns.toml that must stand behind it unless "that" or a quotation does ("" for none).

    `content` is `fixed` if nothing changes the stance, `decides` if what is said may, `claim` if it tells a denial from
    a refusal, `naming` if a name given to something may deny it ("called it a lie"), `feeling` if what is felt may be
    fear, `carries` if the noun behind it decides ("issued a denial"), `coming` if it promises only what is to come.
    `is_participle` tells of a form that speaks behind a form of to be, or behind a comma for who spoke before: so does
    "warning".
    """

    stance: str
    content: str
    needs: str
    is_participle: bool = False


class _Lists(dict[str, Any]):
    """Lists or forms by their names; one that a language lacks is empty."""

    def __init__(self, lists: Mapping[str, Any], empty: Any) -> None:
        super().__init__(lists)
        self._empty = empty

    def __missing__(self, name: str) -> Any:
        return self._empty


@dataclass(frozen=True, eq=False)
class Language:
    """Words and forms of one language; `language["mark"]` is a form, `language.words["roles"]` a set of words.

    `name` is its English name. `decimal` is the mark before decimals; `noun_first` tells that a noun stands before what
    describes it ("les autorités locales"), `day_first` that 3/9/2023 is a day of September. `singular_to` is the
    largest number that counts one ("1,5 litre"). `stop_words` are those by
    which a text of the language is known. `pronouns` tell which kinds of speaker each may stand for.

    `listed` holds the words of `words` in their order, `plurals` and `singulars` the words for units, `verbs` the forms
    of verbs of speech with their senses and `nouns` those that mean the same as one of these verbs, all in small
    letters. `values` are words of numbers, `scales` those that multiply, `fractions` words of parts, `portions` words
    for a whole share; `money` are signs of currencies with their units, `money_scales` what may stand behind such a
    number; `single_units` what is written otherwise in a rate; `days` and `shifts` tell how far "yesterday" and "next"
    are from the report.
    """

    code: str
    listed: Mapping[str, tuple[str, ...]]
    words: Mapping[str, frozenset[str]]
    patterns: Mapping[str, re.Pattern[str]]
    plurals: Mapping[str, UnitWord]
    singulars: Mapping[str, UnitWord]
    verbs: Mapping[str, tuple[Verb, ...]]
    nouns: Mapping[str, str]
    name: str
    decimal: str = "."
    noun_first: bool = False
    day_first: bool = False
    singular_to: float = 1.0
    stop_words: frozenset[str] = frozenset()
    pronouns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    values: Mapping[str, float] = field(default_factory=dict)
    scales: Mapping[str, float] = field(default_factory=dict)
    fractions: Mapping[str, float] = field(default_factory=dict)
    portions: Mapping[str, float] = field(default_factory=dict)
    money: Mapping[str, str] = field(default_factory=dict)
    money_scales: Mapping[str, float] = field(default_factory=dict)
    single_units: Mapping[str, str] = field(default_factory=dict)
    days: Mapping[str, int] = field(default_factory=dict)
    shifts: Mapping[str, int] = field(default_factory=dict)

    def __getitem__(self, name: str) -> re.Pattern[str]:
        """Return a form by its name; one that the language lacks stands nowhere."""
        return self.patterns[name]


@cache
def load_language(code: str) -> Language:
    """Return a language of LANGUAGES by its code."""
    return _read_folder(code, resources.files("corridor.evidence.grammar").joinpath("languages", code))


def find_language(named: str) -> Language:
    """Return a language by its code, or from a folder of data of one's own.

    Raises UsageError if there is neither, or for a folder that cannot be read.
    """
    if named in LANGUAGES:
        return load_language(named)
    folder = Path(named)
    if not os.path.isfile(folder / "language.toml"):  # noqa: PTH113, is_file raises for names too long
        known = ", ".join(LANGUAGES)
        message = f"no language {show(named)}; known are {known}, or name a folder with a language.toml"
        raise UsageError(message)
    try:
        return _read_folder(folder.name, folder)
    except Exception as error:  # whatever data of another kind makes the reader stumble over
        message = f"the language in {named} cannot be read: {show(str(error) or type(error).__name__)}"
        raise UsageError(message) from error


def _read_folder(code: str, folder: Traversable) -> Language:
    about = load_toml(folder, "language.toml")
    listed = {name: split_list(words) for name, words in load_toml(folder, "words.toml").items()}
    sections = load_toml(folder, "patterns.toml")
    numbers = load_toml(folder, "numbers.toml")
    verbs = _load_verbs(folder)
    nouns = {form: row["verb"] for row in load_rows(folder, "nouns.csv") for form in split_forms(row["noun"])}
    participles = tuple(form for form, senses in verbs.items() if senses[0].is_participle)
    lists = listed | {name: tuple(table) for name, table in numbers.items()}
    lists |= {"verbs": tuple(verbs), "nouns": tuple(nouns), "participles": participles}
    parts = {"space": SPACE} | {name: any_of(words) for name, words in lists.items()} | sections.pop("parts", {})
    forms = {name: fill(form, parts) for name, form in join_sections(sections).items()}
    models = {} if code == "en" else load_language("en").patterns  # a form has the groups of its English model
    plurals, singulars = _load_units(folder)
    return Language(
        code=code,
        listed=_Lists(listed, ()),
        words=_Lists({name: frozenset(words) for name, words in listed.items()}, frozenset()),
        patterns=_Lists({name: compile_form(form, models.get(name, NEVER)) for name, form in forms.items()}, NEVER),
        plurals=plurals,
        singulars=singulars,
        verbs=verbs,
        nouns=nouns,
        stop_words=frozenset(about.pop("stop_words", "").split()),
        pronouns={name: tuple(kinds) for name, kinds in about.pop("pronouns", {}).items()},
        **about,
        **numbers,
    )


def _load_verbs(folder: Traversable) -> dict[str, tuple[Verb, ...]]:
    verbs: dict[str, tuple[Verb, ...]] = {}
    for row in load_rows(folder, "speech.csv"):
        for form in split_forms(row["word"]):
            sense = Verb(row["stance"], row["content"], row["needs"], form.startswith(_PARTICIPLE))
            word = form.removeprefix(_PARTICIPLE)
            verbs[word] = (*verbs.get(word, ()), sense)
    return verbs


def _load_units(folder: Traversable) -> tuple[dict[str, UnitWord], dict[str, UnitWord]]:
    plurals: dict[str, UnitWord] = {}
    singulars: dict[str, UnitWord] = {}
    for row in load_rows(folder, "units.csv"):
        word = UnitWord(row["unit"], row["kind"])
        plurals[row["plural"].lower()] = word
        if row["singular"]:
            singulars[row["singular"].lower()] = word
    return plurals, singulars
