"""The templates of the page: every text is escaped, and what would steer the text beside it is made visible."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from corridor.report.sentences import range_of
from corridor.report.words import write_zone
from corridor.scenario.visible import make_visible
from corridor.words.language import ENGLISH, Language
from corridor.words.said import About, Moment, Said, Stated, say
from corridor.words.writing import is_field, mark, mark_apart, write


def fill_template(
    name: str, content: Mapping[str, Any], say_moment: Callable[[str], Moment], language: Language = ENGLISH
) -> str:
    """Return a template of the page filled in, in a language; `say_moment` reads a time.

    Sentences of the catalogue, and numbers and moments that know what they are, are written where they stand.
    """
    import jinja2  # heavy: a page alone needs it
    from markupsafe import Markup

    def show(value: Any) -> Any:
        if is_field(value):
            return Markup(mark(value, language))
        return make_visible(value) if type(value) is str else value

    def strong(value: Any) -> Markup:
        return Markup("<strong>{}</strong>").format(show(value))

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("corridor.report", "page"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
        finalize=show,
    )
    environment.globals |= {"say": say, "language": language, "strong": strong}
    environment.filters |= {
        "stated": Stated,
        "moment": say_moment,
        "about": About,
        "spread": range_of,
        "zone": write_zone,
        "apart": lambda number: Markup(mark_apart(number, language)),
        "text": lambda said: write(said, language),
        "shortly": lambda said: write(Said(f"{said.name}.short", said.fields), language),
    }
    return environment.get_template(f"{name}.html.j2").render(**content)
