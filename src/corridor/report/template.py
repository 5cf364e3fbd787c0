"""The templates of the page: every text is escaped, and what would steer the text beside it is made visible."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from corridor.report.names import name_kind, recognise
from corridor.report.sentences import range_of
from corridor.report.zone import write_zone
from corridor.scenario.visible import make_visible
from corridor.words.language import ENGLISH, Language
from corridor.words.said import About, Digits, Moment, Number, Said, Several, Stated, join, say
from corridor.words.writing import is_field, mark, mark_apart, write

if TYPE_CHECKING:
    from markupsafe import Markup


def fill_template(
    name: str, content: Mapping[str, Any], say_moment: Callable[[str], Moment], language: Language = ENGLISH
) -> str:
    """Return a template of the page filled in, in a language; `say_moment` reads a time.

    Sentences of the catalogue, and numbers and moments that know what they are, are written where they stand.
    """
    import jinja2  # heavy: a page alone needs it

    marks = _Marks(language)
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("corridor.report", "page"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
        finalize=marks.show,
    )
    environment.globals |= {"say": say, "language": language, "name_kind": name_kind, "recognise": recognise}
    environment.globals |= {name: getattr(marks, name) for name in ("strong", "emphasis", "hashed", "link", "in_row")}
    environment.filters |= {
        "stated": Stated,
        "moment": say_moment,
        "about": About,
        "digits": Digits,
        "spread": range_of,
        "zone": write_zone,
        "apart": marks.apart,
        "own": marks.own,
        "text": lambda said: write(said, language),
        "shortly": lambda said: write(Said(f"{said.name}.short", said.fields), language),
    }
    return environment.get_template(f"{name}.html.j2").render(**content)


class _Marks:
    """What writes fields in a template, and puts tags around them."""

    def __init__(self, language: Language) -> None:
        from markupsafe import Markup

        self.language, self.html = language, Markup

    def show(self, value: Any) -> Any:
        if is_field(value):
            return self.html(mark(value, self.language))
        return make_visible(value) if type(value) is str else value

    def own(self, text: str) -> Markup:
        return self.html(mark(text, self.language))

    def apart(self, number: Number) -> Markup:
        return self.html(mark_apart(number, self.language))

    def strong(self, value: Any) -> Markup:
        return self.html("<strong>{}</strong>").format(self.show(value))

    def emphasis(self, value: Any) -> Markup:
        return self.html("<em>{}</em>").format(self.show(value))

    def hashed(self, value: str) -> Markup:
        return self.html('<span class="hash">{}</span>').format(value)

    def link(self, anchor: str, value: Any) -> Markup:
        return self.html('<a href="#{}">{}</a>').format(anchor, self.show(value))

    def in_row(self, texts: Iterable[str]) -> Several:
        return join(*map(recognise, texts), between="; ")
