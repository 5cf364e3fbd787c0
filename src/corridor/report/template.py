"""The templates of the page: every text is escaped, and what would steer the text beside it is made visible."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from corridor.report.annex import write_stated
from corridor.report.sentences import write_spread
from corridor.report.words import write_about, write_zone
from corridor.scenario.visible import make_visible


def fill_template(name: str, content: Mapping[str, Any], write_moment: Callable[[str], str]) -> str:
    """Return a template of the page filled in; `write_moment` puts a time into words."""
    import jinja2  # heavy: a page alone needs it

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("corridor.report", "page"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
        finalize=lambda value: make_visible(value) if type(value) is str else value,
    )
    environment.filters |= {
        "stated": write_stated,
        "moment": write_moment,
        "about": write_about,
        "spread": write_spread,
        "zone": write_zone,
    }
    return environment.get_template(f"{name}.html.j2").render(**content)
