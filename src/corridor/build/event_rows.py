"""Events of others as danger at places: how high is assumed from their number, when and where is as reported."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from corridor.build.event_places import PlaceDay, count_by_place
from corridor.build.events import Events
from corridor.build.known_places import KnownPlace, KnownPlaces
from corridor.build.people_tables import describe_file
from corridor.build.row import Row
from corridor.build.sources import Evidence

LOW, HIGH = 0.15, 0.5  # danger for each event of a day, both ends: assumption
THIN = 0.05  # events at a place and day below which nothing is set
MOST_IDS = 20  # of events named in one claim
BOX = 0.5  # degrees around the places within which events are read


def find_box(places: Sequence[KnownPlace]) -> tuple[float, float, float, float] | None:
    """Return west, south, east and north of the places inside and a margin; None where they span the 180th meridian."""
    spots = [
        (p.latitude, p.longitude) for p in places if p.inside and p.latitude is not None and p.longitude is not None
    ]
    if not spots:
        return None
    south, north = min(s[0] for s in spots) - BOX, max(s[0] for s in spots) + BOX
    west, east = min(s[1] for s in spots) - BOX, max(s[1] for s in spots) + BOX
    return (west, south, east, north) if east - west < 180 else None


def make_events(
    evidence: Evidence, found: Events, places: Sequence[KnownPlace], period: tuple[datetime, datetime], number: int
) -> tuple[list[Row], str]:
    """Return events.csv for danger at the places inside, and the account of the file."""
    start, end = period
    inside = KnownPlaces(tuple(place for place in places if place.inside))
    days, where = count_by_place(found.events, inside, start.date(), end.date())
    for reason, dropped in where.dropped.items():
        for line in (where.lines[reason] * dropped)[:dropped]:
            found.reading.take_back(line, reason)
    told = [one for one in days if one.events >= THIN]
    if len(told) < len(days):
        thin = (
            f"{len(days) - len(told):,} days at places with less than {THIN:g} of an event (spread thin) set no danger"
        )
        found.reading.note(thin)
    source = f"events_file_{number}"
    if told:
        evidence.sources.append(describe_file(source, found.source))
    names = {place.id: place.names[0] for place in places}
    by_place: dict[str, dict[date, PlaceDay]] = defaultdict(dict)
    for one in told:
        by_place[one.place][one.day] = one
    rows = []
    for place, of_day in by_place.items():
        for day, one in sorted(of_day.items()):
            claim = f"{source}_{place}_{day:%Y%m%d}"
            evidence.newest = max(evidence.newest, day.isoformat())
            evidence.claims.append(_make_claim(claim, source, one, names[place]))
            rows.append(
                _make_row(place, max(datetime.combine(day, time()), start), _set_danger(one.events), claim, number)
            )
            after = datetime.combine(day + timedelta(days=1), time())
            if after.date() not in of_day and after < end:
                rows.append(_make_row(place, after, "0", claim, number))
    return rows, str(found.reading)


def _set_danger(events: float) -> str:
    low, high = min(LOW * events, 1.0), min(HIGH * events, 1.0)
    return f"{low:.2f}..{high:.2f}" if low < high else f"{high:.2f}"


def _make_row(place: str, moment: datetime, value: str, claim: str, number: int) -> Row:
    note = "the day as reported; over the day after, and how high: assumption"
    if value == "0":
        note = "assumption: the danger is over on the day after"
    row: Row = {"id": f"danger_{number}_{place}_{moment:%Y%m%d}", "time": moment.isoformat(timespec="minutes")}
    return {**row, "kind": "danger", "target": place, "value": value, "claims": claim, "note": note}


def _make_claim(claim: str, source: str, one: PlaceDay, name: str) -> Row:
    ids = ", ".join(one.ids[:MOST_IDS]) + (f" and {len(one.ids) - MOST_IDS} more" if len(one.ids) > MOST_IDS else "")
    words = f"{float(f'{one.events:.3g}'):,.10g} events at or near {name} on {one.day} ({ids})"
    words += "; place or day known only roughly, so spread" if one.spread else ""
    row: Row = {
        "id": claim,
        "source": source,
        "happened": one.day.isoformat(),
        "place": one.place,
        "quantity": "events",
    }
    row |= {"value": f"{one.events:.3g}", "stance": "reports", "credibility": "3", "wording": words, "use": "sets"}
    return row
