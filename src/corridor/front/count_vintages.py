"""Which counts of a file a case has already: by what is counted, the number, the office and when it was published."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from corridor.front.count_claims import NOT_STATED, Row, end_of, find_zone, take_back
from corridor.scenario.counts import Count, Thing, read_counts
from corridor.scenario.folder import SETTINGS
from corridor.scenario.settings_sheet import change_settings, read_settings
from corridor.scenario.sheet import MARK
from corridor.scenario.values import parse_publication

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridor.build.counts import CountFigure, Counts
    from corridor.scenario.scenario import Scenario

_HAVE = "a count that the case has already: the same number of the same publication"


@dataclass(frozen=True)
class _Known:
    """A count of the case, the offices that published it, and the hashes of the files it was taken from."""

    count: Count
    offices: frozenset[str]
    hashes: frozenset[str]


def leave_out_known(
    case: Scenario, found: Counts, rows: Sequence[tuple[Row, CountFigure]], source: Row
) -> tuple[list[tuple[Row, CountFigure]], int, int]:
    """Return the rows that the case does not have, how many revise a count and how many repeat its number.

    A number is of the same publication if it was taken from the same file, or if office and time of publication agree
    as far as they are stated; what is left out is taken back from the reading.
    """
    have = _list_known(case)
    kept, revised, repeated = [], 0, 0
    for row, figure in rows:
        since = row.get("since")
        place, area, way = (row.get(column, "") for column in ("place", "area", "exit"))
        begun = datetime.fromisoformat(since) if since else None
        old = have.get(Thing(row["series"], place, area, way, begun, end_of(figure)), [])
        numbers = (figure.people, figure.low, figure.high)
        same = [one for one in old if (one.count.value, one.count.low, one.count.high) == numbers]
        moment = _find_moment(case, row, figure, source)
        if any(_is_one(one, source, moment) for one in same):
            take_back(found.reading, figure, _HAVE)
            continue
        revised += bool(old) and not same
        repeated += bool(same)
        kept.append((row, figure))
    return kept, revised, repeated


def _list_known(case: Scenario) -> dict[Thing, list[_Known]]:
    sources = {str(row["id"]): row for row in case.tables.get("sources", ())}
    of_claim = {str(row["id"]): tuple(row["source"] or ()) for row in case.tables.get("claims", ())}
    have: dict[Thing, list[_Known]] = {}
    for name in (*case.sets, "") if case.sets else ("",):
        for count in read_counts(case, name):
            rows = [sources[one] for claim in count.claims for one in of_claim.get(claim, ()) if one in sources]
            offices = frozenset(_plain(str(row["publisher"] or "")) for row in rows) - {"", NOT_STATED}
            hashes = frozenset(str(row["hash"]) for row in rows if row["hash"])
            have.setdefault(count.thing, []).append(_Known(count, offices, hashes))
    return have


def _find_moment(case: Scenario, row: Row, figure: CountFigure, source: Row) -> datetime | None:
    """Return when a row is stated to have been published; None where that was assumed."""
    stated = source["published"] or figure.published
    return parse_publication(row["published"], find_zone(case)) if stated and row["published"] == stated else None


def _is_one(known: _Known, source: Row, moment: datetime | None) -> bool:
    if source["hash"] in known.hashes:
        return True
    office = _plain(source["publisher"])
    if office != NOT_STATED and known.offices and office not in known.offices:
        return False
    return moment is None or known.count.published is None or known.count.published == moment


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def raise_data_date(case: Scenario, newest: date) -> str | None:
    """Return the text of scenario.toml with a later day of the newest fact, or None where the day there is as late."""
    if newest <= case.settings["data_date"].date():
        return None
    text = (case.folder / SETTINGS).read_bytes().decode("utf-8")
    mark, text = (MARK, text.removeprefix(MARK)) if text.startswith(MARK) else ("", text)
    written = next(setting.text for setting in read_settings(text) if setting.key == "data_date")
    hour = "T00:00:00" if "T" in written else ""
    return mark + change_settings(text, {"data_date": f"{newest.isoformat()}{hour}"})
