"""A case from files, as texts: nothing is written here.

The order: read the extract and the area, make the small network, gather who is there and what happened, name what
every figure rests on, write the tables and the page that says what is not known.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from corridor.build.accounts import account_for_roads
from corridor.build.area_file import read_area
from corridor.build.counts import read_counts
from corridor.build.event_rows import find_box, make_events
from corridor.build.events import read_events
from corridor.build.extract import read_extract
from corridor.build.ferries import make_services
from corridor.build.geonames import read_names
from corridor.build.known_places import KnownPlaces
from corridor.build.naming import Spot, name_spots
from corridor.build.people import read_people
from corridor.build.people_rows import Known, estimate_people, make_fleets, make_groups, make_people
from corridor.build.people_tables import know_people, share_out
from corridor.build.picture import describe_picture
from corridor.build.questions import Question, ask_questions
from corridor.build.readme import write_readme
from corridor.build.row import Row
from corridor.build.rows import make_checkpoints, make_desks, make_places, make_roads
from corridor.build.small import Small, make_small
from corridor.build.sources import ATTRIBUTION, Evidence, add_roads, know_people_of_map, settle_people
from corridor.build.tables_written import find_file, write_settings, write_table
from corridor.build.units import find_mapping, list_places
from corridor.build.used import require_used
from corridor.build.wishes import FILE, Wishes, find_path, hash_file, write_wishes
from corridor.scenario.faults import Fault, fault

SETTINGS, README = "scenario.toml", "README.md"


@dataclass
class Assembled:
    """A case as it would be built: texts by file, the tables that a person may edit, and what to say of it."""

    files: dict[str, str]
    small: Small
    spots: dict[int, Spot]
    accounts: list[str]
    warnings: list[Fault]
    questions: list[Question]
    counts: dict[str, int]
    picture: dict[str, Any]
    people: dict[int, float]
    events: list[Row]
    attribution: str = ATTRIBUTION
    hashes: dict[str, str] = field(default_factory=dict)


def assemble(wishes: Wishes, name: str, base: Path) -> Assembled:
    """Return the case that the wishes ask for; `name` is its folder's, `base` what paths are relative to.

    Raises UsageError and FaultsError with every file that cannot be used as it should.
    """
    hashes = {
        path: hash_file(find_path(base, path)) for _, path in wishes.list_inputs() if find_path(base, path).is_file()
    }
    extract = read_extract(find_path(base, wishes.roads), wishes.smallest, wishes.language)
    area = read_area(find_path(base, wishes.inside), wishes.code)
    small = make_small(extract, area, wishes.kinds, wishes.beyond_km, (wishes.roads, wishes.inside))
    spots = name_spots(small)
    evidence = Evidence(f"{wishes.period[0]:%Y-%m-%d}")
    add_roads(evidence, small, wishes.roads, hashes.get(wishes.roads, ""))
    accounts = account_for_roads(small, Path(wishes.roads).name, wishes.smallest)
    known = know_people_of_map(evidence, small, spots)
    extra: dict[int, list[str]] = {}
    if wishes.names:
        names = read_names(find_path(base, wishes.names), small.settled)
        extra = names.names
        accounts.append(f"{Path(wishes.names).name}: {names}")
    events = _gather_tables(wishes, base, small, spots, (evidence, known, accounts))
    settle_people(evidence, small, spots, known, wishes.roads)
    tables = {**_make_tables(small, spots, known, extra), "events": events}
    return _finish(wishes, name, small, spots, known, tables, evidence, (accounts, hashes))


def _gather_tables(
    wishes: Wishes, base: Path, small: Small, spots: dict[int, Spot], kept: tuple[Evidence, dict[int, Known], list[str]]
) -> list[Row]:
    """Enter what tables say of people into what is known, and return the rows of events; both tell their account."""
    evidence, known, accounts = kept
    if not (wishes.people or wishes.events or wishes.counts):
        return []
    places = list_places(small, spots, find_path(base, wishes.inside))
    common = find_path(base, wishes.map) if wishes.map else None
    points = {spot.id: spot.point for spot in spots.values()}
    mapped = estimate_people(small, known)
    weights = {name: max(mapped.get(point, 1.0), 1.0) for name, point in points.items()}
    for number, path in enumerate((find_path(base, path) for path in wishes.people), 1):
        people = read_people(path, wishes.period[0].year, find_mapping(path, common, "people"))
        shares = share_out(people, places, weights)
        known |= know_people(evidence, people, shares, points, number)
        accounts.append(str(people.reading))
    rows: list[Row] = []
    first, last = (moment.date() for moment in wishes.period)
    for number, path in enumerate((find_path(base, path) for path in wishes.events), 1):
        found = read_events(path, first, last, find_box(places), find_mapping(path, common, "events"))
        more, account = make_events(evidence, found, places, wishes.period, number)
        rows += more
        accounts.append(account)
    for path in (find_path(base, path) for path in wishes.counts):  # they are added to the case once it stands
        counted = read_counts(path, KnownPlaces(places), find_mapping(path, common, "counts"))
        require_used(counted.reading)
        days = (figure.day for figure in counted.figures if first <= figure.day <= last)
        evidence.newest = max([evidence.newest, *(day.isoformat() for day in days)])
    return rows


def _make_tables(
    small: Small, spots: dict[int, Spot], known: dict[int, Known], extra: dict[int, list[str]]
) -> dict[str, list[Row]]:
    people = estimate_people(small, known)
    services = make_services(small, spots)
    return {
        "places": make_places(small, spots, people, extra),
        "roads": make_roads(small, spots),
        "checkpoints": make_checkpoints(small, spots),
        "desks": make_desks(small, spots),
        "groups": make_groups(bool(services)),
        "people": make_people(small, spots, known),
        "fleets": make_fleets(small, spots, people),
        "services": services,
    }


def _finish(
    wishes: Wishes, name: str, small: Small, spots: dict[int, Spot], known: dict[int, Known],
    tables: dict[str, list[Row]], evidence: Evidence, told: tuple[list[str], dict[str, str]],
) -> Assembled:  # fmt: skip
    accounts, hashes = told
    inside = [spot.point for spot in spots.values() if spot.inside and spot.role == "place"]
    counts = {"places": len(inside), "outside": sum(not s.inside and s.role != "junction" for s in spots.values())}
    counts |= {"crossings": len(small.gates), "roads": len(tables["roads"]), "not_connected": len(small.unconnected)}
    counts["without_a_figure"] = sum(point not in known for point in inside)
    mapped, ferries = sum(post is not None for post in small.gates.values()), sum(chain.ferry for chain in small.chains)
    questions = ask_questions(len(small.gates), mapped, len(inside), counts["without_a_figure"], ferries)
    lost = [
        fault("not_connected", (wishes.roads, 0, ""), name=one.place.name, why=one.why) for one in small.unconnected
    ]
    files = {find_file(table): write_table(table, rows) for table, rows in tables.items() if rows}
    files[find_file("sources")] = write_table("sources", evidence.sources)
    files[find_file("claims")] = write_table("claims", evidence.claims)
    files[SETTINGS] = write_settings(wishes, name, evidence.newest)
    made = Assembled(
        files,
        small,
        spots,
        accounts,
        [*evidence.young, *lost],
        questions,
        counts,
        {},
        estimate_people(small, known),
        tables["events"],
        hashes=hashes,
    )
    made.picture = describe_picture(small, spots, made.attribution)
    files[README] = write_readme(made, wishes)
    files[FILE] = write_wishes(wishes, hashes)
    return made
