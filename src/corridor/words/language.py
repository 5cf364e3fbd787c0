"""The languages that page and briefing can be had in, and how each writes numbers and times."""

from __future__ import annotations

from dataclasses import dataclass

from corridor.scenario.draft import suggest
from corridor.scenario.faults import UsageError


@dataclass(frozen=True)
class Language:
    """A language by its code (BCP 47): its own name, English name, direction, and how moments and days are written.

    The patterns are those of Unicode's locale data (CLDR, as babel reads them); English writes its own without babel.
    `whole` says that every sentence is promised, else those of page one and of the screen Now (`PROMISED`).
    """

    code: str
    name: str
    english: str
    direction: str = "ltr"
    moment: str = "d MMMM HH:mm"
    dated: str = "d MMMM yyyy HH:mm"
    day: str = "d MMM"
    whole: bool = False

    @property
    def is_english(self) -> bool:
        """Tell whether this is the language that the sentences are written in."""
        return self.code == "en"

    @property
    def runs_left(self) -> bool:
        """Tell whether it is written from right to left."""
        return self.direction == "rtl"


ENGLISH = Language("en", "English", "English", whole=True)
LANGUAGES = {
    language.code: language
    for language in (
        ENGLISH,
        Language("fr", "français", "French", moment="d MMMM 'à' HH:mm", dated="d MMMM yyyy 'à' HH:mm", whole=True),
        Language("ar", "العربية", "Arabic", "rtl", "d MMMM، HH:mm", "d MMMM yyyy، HH:mm", "d MMMM"),
        Language("uk", "українська", "Ukrainian", moment="d MMMM, HH:mm", dated="d MMMM yyyy, HH:mm"),
    )
}
# Beginnings of the ids that are promised in every language: page one of the briefing, and the screen Now of the page.
PROMISED = (
    *(
        "ahead.",
        "cause.",
        "cell.",
        "chance.",
        "changed.",
        "column.",
        "count.",
        "counted.",
        "cover.",
        "event.",
        "expected.",
    ),
    *("happens.", "help.", "known.", "lever.", "limits.", "newest.", "number.", "one.", "part.", "plain.", "rests."),
    *("recorded.", "row.", "run.", "runs.", "series.", "span.", "title.relief_now", "told.label", "unit.", "where."),
    *("page.now.", "page.map.", "page.chart.", "page.number.", "page.sensitivity."),
)


def is_promised(language: Language, name: str) -> bool:
    """Tell whether a language has to have a sentence, by its id."""
    of_shell = name.startswith("page.") and name.count(".") == 1
    return language.whole or of_shell or name.startswith(PROMISED)


def choose_language(text: str) -> Language:
    """Return a language by its code ("fr", "fr-CH", "FR"), or by its name in itself or in English.

    Raises UsageError for any other, with what there is.
    """
    asked = text.strip().casefold()
    names = {name.casefold(): language for language in LANGUAGES.values() for name in (language.name, language.english)}
    found = LANGUAGES.get(asked.replace("_", "-").partition("-")[0]) or names.get(asked)
    if found is None:
        there = ", ".join(f"{language.code} ({language.english})" for language in LANGUAGES.values())
        near = suggest(asked, [*LANGUAGES, *names])
        message = f'no language "{text}"; there are: {there}{near}'
        raise UsageError(message)
    return found
