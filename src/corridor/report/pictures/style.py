"""How pictures look: one drawing for every screen and for paper, coloured by the page, and clean SVG."""

from __future__ import annotations

import io
import re
import warnings
import xml.etree.ElementTree as ET
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from corridor.words.language import ENGLISH, Language
from corridor.words.numbers import write_day, write_digits

if TYPE_CHECKING:
    from collections.abc import Iterator

# Okabe and Ito's colours, told apart with any colour vision; lightness, line style and hatching tell the same.
BLUE, VERMILION, ORANGE, SKY = "#0072b2", "#d55e00", "#e69f00", "#56b4e9"
INK, GREY, PALE, FAINT, PAPER = "#1a1a1a", "#6b6b6b", "#bbbbbb", "#dddddd", "#ffffff"
# The page's style sheet sets these for light, dark and print; alone, a picture keeps the colours it was drawn in.
COLOURS = {
    **{BLUE: "blue", VERMILION: "vermilion", ORANGE: "orange", SKY: "sky"},
    **{INK: "ink", GREY: "grey", PALE: "pale", FAINT: "faint", PAPER: "paper"},
}
INCHES = 4.5  # across: letters of 9 points are 10 pixels high on a telephone and 15 beside text on a desk
FONTS = ["DejaVu Sans", "Verdana", "Arial", "Helvetica", "sans-serif"]
SVG = "http://www.w3.org/2000/svg"
LINK = "{http://www.w3.org/1999/xlink}href"


_SETTINGS: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "corridor",
    "font.family": "sans-serif",
    "font.sans-serif": FONTS,
    "font.size": 9,
    "axes.titlesize": 9,
    "axes.labelsize": 9,
    "xtick.labelsize": 8.5,
    "ytick.labelsize": 8.5,
    "legend.fontsize": 8,
    "legend.frameon": False,
    "text.parse_math": False,  # names and labels are the user's, dollar signs included
    "text.color": INK,
    "axes.labelcolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.edgecolor": GREY,
    "grid.color": FAINT,
    "grid.linewidth": 0.6,
    "axes.axisbelow": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "hatch.linewidth": 0.5,
    "axes.unicode_minus": True,
}


@contextmanager
def drawing() -> Iterator[None]:
    """Set the style for the time of one drawing; a script without letters in the font is left to the browser."""
    import matplotlib as mpl

    with mpl.rc_context(_SETTINGS), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        warnings.filterwarnings("ignore", message="findfont")
        yield


def new_figure(height: float) -> Any:
    """Return an empty figure that lays itself out."""
    from matplotlib.figure import Figure

    return Figure(figsize=(INCHES, height), layout="constrained")


def write_svg(figure: Any, name: str, title: str, description: str) -> str:
    """Return a figure as SVG to stand inside a page: ids of its own, no date, no outside name, words for a reader."""
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    buffer = io.StringIO()
    FigureCanvasSVG(figure)
    blank = dict.fromkeys(("Date", "Creator", "Format", "Type"))
    figure.savefig(buffer, format="svg", metadata=blank, transparent=True)
    return clean_svg(buffer.getvalue(), name, title, description)


def clean_svg(text: str, name: str, title: str, description: str) -> str:
    """Return SVG with prefixed ids, without metadata, style sheet and fixed size, with title and description."""
    ET.register_namespace("", SVG)
    root = ET.fromstring(text)
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag in (f"{{{SVG}}}metadata", f"{{{SVG}}}style"):
                parent.remove(child)
    for element in root.iter():
        if "id" in element.attrib:
            element.set("id", f"{name}-{element.get('id')}")
        if LINK in element.attrib:
            element.set("href", f"#{name}-{element.attrib.pop(LINK).lstrip('#')}")
        for key, value in list(element.attrib.items()):
            if "url(#" in value:
                element.set(key, value.replace("url(#", f"url(#{name}-"))
        if "style" in element.attrib:
            element.set("style", re.sub("#[0-9a-f]{6}", _name_colour, element.attrib["style"]))
        if "d" in element.attrib:  # a hundredth of a point is finer than any printer
            element.set("d", re.sub(r"\d+\.\d{3,}", lambda m: f"{float(m[0]):.2f}", element.attrib["d"]))
    for key in ("width", "height", "version"):
        root.attrib.pop(key, None)
    root.set("role", "img")
    root.set("aria-labelledby", f"{name}-title {name}-description")
    for tag, words in (("desc", description), ("title", title)):
        element = ET.Element(f"{{{SVG}}}{tag}", {"id": f"{name}-{'title' if tag == 'title' else 'description'}"})
        element.text = words
        root.insert(0, element)
    return ET.tostring(root, encoding="unicode")


def _name_colour(found: re.Match[str]) -> str:
    return f"var(--{COLOURS[found[0]]}, {found[0]})" if found[0] in COLOURS else found[0]


def read_time(text: str) -> datetime:
    """Return a moment from a figure's data."""
    return datetime.fromisoformat(text)


class TimeAxis:
    """Days since the first moment shown, and the axis that says so."""

    def __init__(self, first: str, last: str) -> None:
        self.first, self.last = read_time(first), read_time(last)

    def place(self, time: str | datetime) -> float:
        """Return the position of a moment in days."""
        moment = read_time(time) if isinstance(time, str) else time
        return (moment - self.first) / timedelta(days=1)

    @property
    def days(self) -> float:
        """Return the length of the axis in days."""
        return self.place(self.last)

    def draw(self, axes: Any, language: Language = ENGLISH, most: int = 7) -> None:
        """Put a tick at each midnight and as many dates as there is room for."""
        step = max(1, -(-int(self.days) // most))
        midnight = self.first.replace(hour=0, minute=0)
        count = int(self.days) + 2
        days = [midnight + timedelta(days=d) for d in range(count)]
        days = [day for day in days if 0 <= self.place(day) <= self.days + 1e-9]
        axes.set_xticks([self.place(day) for day in days], minor=True)
        axes.set_xticks([self.place(day) for day in days[::step]], [write_day(day, language) for day in days[::step]])
        axes.set_xlim(0, self.days)


def count_along(axes: Any, axis: str, language: Language = ENGLISH, most: int = 5) -> None:
    """Write one axis ("x" or "y") from nought in whole numbers as the language does, and draw its grid."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    line = axes.xaxis if axis == "x" else axes.yaxis
    line.set_major_locator(MaxNLocator(nbins=most, integer=True))
    line.set_major_formatter(FuncFormatter(lambda value, _: write_digits(f"{value:,.0f}", language)))
    axes.set(**{f"{axis}lim": (0, None)})
    axes.grid(axis=axis)
