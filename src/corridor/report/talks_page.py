"""A negotiation on two sheets of paper: what can be decided on the first, a picture of each issue on the second."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import datetime
from importlib import resources
from typing import TYPE_CHECKING, Any

from corridor.report.template import fill_template
from corridor.words.language import ENGLISH, Language
from corridor.words.said import Moment

if TYPE_CHECKING:
    from collections.abc import Iterable

TALL, WIDE = 264.0, 182.0  # mm of a sheet of A4 within its margins, with some to spare
LINE, LETTER = 4.1, 1.75  # mm at full size: from line to line, and of a letter on average
SMALLEST = 0.55  # of full size; below it nothing could be read
MOST = {"robust": 14, "needs": 8, "cannot_be_said": 8, "proposals": 6, "parties": 14}  # told; the rest is counted
LARGEST = 1.12  # of full size, where there is room
MOST_LETTERS = 420  # of a sentence; a longer one is cut where it says so
ROW, TWO_LINES, LEAST_ROW = 6.2, 4.8, 2.7  # mm of a party in a picture; from where its name may have two lines
PICTURES_TALL = 227.0  # mm of all pictures
ABOUT, ABOUT_FEW, FEW = 19.5, 24.0, 8  # mm of a picture's title, ends and words; the same where issues are few
COLUMNS = ((4, 1), (8, 2), (18, 3))  # issues that so many columns hold at most


def write_talks_page(
    deal: Mapping[str, Any],
    pictures: Sequence[Mapping[str, Any]],
    about: Mapping[str, Any],
    language: Language = ENGLISH,
) -> str:
    """Return a negotiation as one page of HTML that prints on two sheets of A4 and needs nothing beside it.

    `deal` is the answer, `pictures` those of its issues (`corridor.deal.pictured`), `about` title, sensitivity,
    data_date, disclaimer and `parties` (name, other names, whether consent is needed). What has no room is counted.
    """
    told = _choose(deal, about)
    columns = next((columns for most, columns in COLUMNS if len(pictures) <= most), COLUMNS[-1][1])
    shown = list(pictures[: COLUMNS[-1][0]])
    most_rows, row = _fit_rows(shown, columns)
    content = {
        **told,
        "deal": deal,
        "about": about,
        "pictures": [_shorten(picture, most_rows) for picture in shown],
        "undrawn": len(pictures) - len(shown),
        "columns": columns,
        "row": row,
        "two_lines": row >= TWO_LINES,
        "says": len(shown) <= FEW,
        "size": _find_size(told, about),
        "style": resources.files("corridor.report").joinpath("page/talks.css").read_text(encoding="utf-8"),
    }
    return fill_template("talks", content, _say_moment, language)


def _say_moment(text: str) -> Moment:
    return Moment(datetime.fromisoformat(text), year=True, bare=len(text) == 10)


def _choose(deal: Mapping[str, Any], about: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the first sheet tells, each list with how many more there are."""
    decided = deal["decided"]
    lists = {
        "robust": [part["text"] for part in decided["robust"]],
        "needs": decided["needs"],
        "cannot_be_said": decided["cannot_be_said"],
        "proposals": [_write_proposal(proposal) for proposal in deal["proposals"]],
        "parties": list(about["parties"]),
    }
    newest_first = {**lists, "proposals": lists["proposals"][::-1]}
    return {
        "lists": {name: [_cut(one) for one in told[: MOST[name]]] for name, told in newest_first.items()},
        "more": {name: max(0, len(told) - MOST[name]) for name, told in lists.items()},
    }


def _cut(one: Any) -> Any:
    return f"{one[:MOST_LETTERS]}…" if isinstance(one, str) and len(one) > MOST_LETTERS else one


def _write_proposal(proposal: Mapping[str, Any]) -> str:
    words = [f" ({point['text']})" if point["text"] else "" for point in proposal["points"]]
    points = zip(proposal["points"], words, strict=True)
    told = [f"{p['title']}, {p['value']:.0f}{text}. {' '.join(p['heard'])}" for p, text in points]
    return f"{proposal['says'][0]}: {' '.join(told)}"


def _find_size(told: Mapping[str, Any], about: Mapping[str, Any]) -> float:
    """Return the size of letters, as a share of full size, at which the first sheet holds what it tells."""
    texts = [text for name, lines in told["lists"].items() if name != "parties" for text in lines]
    parties = [f"{party['name']} {party['other_names']}" for party in told["lists"]["parties"]]
    size = LARGEST
    while size > SMALLEST and _measure(texts, parties, about, size) > TALL:
        size -= 0.02
    return size


def _measure(texts: Iterable[str], parties: Iterable[str], about: Mapping[str, Any], size: float) -> float:
    """Return how tall the first sheet is at a size of letters, in mm."""
    across = WIDE / (LETTER * size)
    lines = sum(math.ceil(len(text) / across) + 0.15 for text in texts)
    rows = sum(math.ceil(len(text) / (0.6 * across)) + 0.35 for text in parties)
    foot = math.ceil(len(str(about["disclaimer"])) / across) + 12
    return (lines + rows + foot + 5 * 2.2 + 4) * LINE * size


def _fit_rows(pictures: Sequence[Mapping[str, Any]], columns: int) -> tuple[int, float]:
    """Return how many parties a picture shows at most, and how tall a row of one is in mm."""
    high = max(1, math.ceil(len(pictures) / columns))
    room = PICTURES_TALL / high - (ABOUT_FEW if len(pictures) <= FEW else ABOUT)
    rows = max((len(picture["parties"]) for picture in pictures), default=1)
    fits = max(1, int(room / LEAST_ROW) - 1)
    return min(rows, fits), max(LEAST_ROW, min(ROW, room / (min(rows, fits) + 1)))


def _shorten(picture: Mapping[str, Any], most: int) -> dict[str, Any]:
    """Return a picture with as many parties as fit: those whose consent is needed first, then by weight."""
    ranked = sorted(picture["parties"], key=lambda party: (not party["veto"], -party["share"]))
    kept = {id(party) for party in ranked[:most]}
    parties = [party for party in picture["parties"] if id(party) in kept]
    return {**picture, "parties": parties, "more": len(picture["parties"]) - len(parties)}
