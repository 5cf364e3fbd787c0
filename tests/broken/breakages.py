"""Small edits of a good folder, each with the faults it must give and no others.

A fault is (code, file, row, column). Rows count as an editor shows them.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from corridor.scenario.draws import Draws, write_draws

Edit = Callable[[Path], None]
Found = tuple[str, str, int, str]


@dataclass(frozen=True)
class Breakage:
    name: str
    edits: tuple[Edit, ...]
    faults: frozenset[Found]


def swap(file: str, old: str, new: str, count: int = 1) -> Edit:
    """Replace text in a file; a text that is not there is a mistake in the test."""

    def edit(folder: Path) -> None:
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {file}"
        (folder / file).write_text(text.replace(old, new, count), encoding="utf-8")

    return edit


def add(file: str, line: str) -> Edit:
    def edit(folder: Path) -> None:
        with (folder / file).open("a", encoding="utf-8") as stream:
            stream.write(line + "\n")

    return edit


def put(file: str, data: bytes) -> Edit:
    return lambda folder: (folder / file).write_bytes(data) and None


def remove(file: str) -> Edit:
    return lambda folder: (folder / file).unlink()


def move(file: str, to: str) -> Edit:
    return lambda folder: (folder / file).rename(folder / to) and None


def make_folder_of(file: str) -> Edit:
    def edit(folder: Path) -> None:
        (folder / file).unlink()
        (folder / file).mkdir()

    return edit


def link_outside(file: str) -> Edit:
    def edit(folder: Path) -> None:
        (folder / file).rename(folder.parent / "elsewhere")
        (folder / file).symlink_to(folder.parent / "elsewhere")

    return edit


def grow(file: str, size: int) -> Edit:
    return lambda folder: os.truncate(folder / file, size)


def case(name: str, *parts: Edit | Found) -> Breakage:
    edits = tuple(part for part in parts if callable(part))
    faults = frozenset(part for part in parts if not callable(part))
    return Breakage(name, edits, faults)


PLACES, ROADS, EVENTS, TOML = "places.csv", "roads.csv", "events.csv", "scenario.toml"
VARIANT = "variants/two_more_lanes.toml"
CLAIMS, SOURCES, COUNTS = "evidence/claims.csv", "evidence/sources.csv", "observations/arrivals.csv"
TWO_SETS = '\n[sets.a]\ntitle = "A"\nknown_until = 2025-03-01\n[sets.b]\ntitle = "B"\nknown_until = 2025-03-01\n'


def declare_sets(folder: Path) -> None:
    swap(TOML, "seed = 1", 'seed = 1\ndefault_set = "a"')(folder)
    add(TOML, TWO_SETS)(folder)


def state_needs(folder: Path) -> None:
    """Add a clean set of tables of relief: two items, a depot, a fleet for goods and a convoy of it."""
    put("items.csv", b"id,name,unit,depends_on\nfood,Food,kg,\nwater,Water,l,\n")(folder)
    put("needs.csv", b"item,per_day\nfood,0.5\nwater,3\n")(folder)
    put("depots.csv", b"id,place,item\nstore,capital,food\n")(folder)
    swap("fleets.csv", "return_hours", "return_hours,tonnes")(folder)
    add("fleets.csv", "trucks,Trucks,capital,goods,,20,,,10")(folder)
    put("convoys.csv", b"id,fleet,loads,from,to,departs\none,trucks,food=5 water=2.5,capital,town,2025-03-03\n")(folder)


def state_works(folder: Path) -> None:
    """Add a line and a generator, a pump that takes what they make, and a hospital."""
    state_needs(folder)
    rows = "diesel,Diesel,l,,yes,no\npower,Power,kWh,,no,no\n"
    header = "id,name,unit,depends_on,kept,for_leaving\n"
    put("items.csv", (header + "food,Food,kg,,yes,no\nwater,Water,l,,,\n" + rows).encode())(folder)
    put("stocks.csv", b"place,item,quantity\ntown,diesel,1000\n")(folder)
    put("plants.csv", PLANTS)(folder)
    put("facilities.csv", b"id,name,place,item,per_day,people\nward,Ward,town,power,400,50\n")(folder)


PLANTS = b"""id,name,place,makes,most_per_day,uses,serves
generator,Generator,town,power,2000,diesel=0.3,town village
pump,Pump,town,water,90000,power=0.001,
"""


def fleet_of(transport: str, purpose: str = "people") -> Edit:
    def edit(folder: Path) -> None:
        swap("fleets.csv", "return_hours", "return_hours,transport")(folder)
        swap("fleets.csv", "4..8", f"4..8,{transport}")(folder)
        if purpose != "people":
            swap("fleets.csv", ",people,", f",{purpose},")(folder)

    return edit


def run_ferry(transport: str, start: str, end: str) -> Edit:
    text = f"id,transport,from,to,seats,departures_per_day,hours\nferry,{transport},{start},{end},50,4,2\n"
    return put("services.csv", text.encode())


COUNTED = b"time,since,series,place,area,exit,value,low,high,error,published\n"
EVERY_KIND = COUNTED + (
    b"2025-03-04T08:00,,arrivals,,,,1200,,,5%,2025-03-04T09:00\n"  # exact, with its error
    b"2025-03-05T00:00,2025-03-04T00:00,arrivals,,,,1100,,,,2025-03-04\n"  # in a day, told at its end
    b"2025-03-05T08:00,,arrivals,,,bridge-border,,3000,,,2025-03-05\n"  # more than
    b"2025-03-05T08:00,,arrivals,,outside,,,,9000,,2025-03-05\n"  # up to
    b"2025-03-05T08:00,,arrivals,capital,,,3500,3000,4000,200,2025-03-05\n"  # a range
    b"2025-03-04T08:00,,arrivals,,,,1250,,,5%,2025-03-06T10:00Z\n"  # revised
)


def count(old: str, new: str) -> Edit:
    return swap(COUNTS, old, new)


DRAWS = write_draws(Draws(1, (5.0, 8.0), ((0, 0, 2), (1, 1, 1)), "", "0123456789abcdef"), ["a note"]).encode()
OLD_DRAWS = b"# rows: 1\nseed,luck_until_hour_5,groups/with_vehicle/leave_rate\n1,2,0.5\n"


def declare_draws(text: bytes) -> Edit:
    def edit(folder: Path) -> None:
        declare_sets(folder)
        swap(TOML, 'title = "B"', 'title = "B"\ndraws = "fitted/b.csv"')(folder)
        (folder / "fitted").mkdir()
        put("fitted/b.csv", text)(folder)

    return edit


BREAKAGES = (
    case("needs stated well", state_needs),
    # files
    case("required table missing", remove(PLACES), ("missing_file", PLACES, 0, "")),
    case("settings missing", remove(TOML), ("missing_file", TOML, 0, "")),
    case(
        "evidence of sources missing, told once for all claims",
        remove(SOURCES),
        add(CLAIMS, "c2,s1,,,,,,,,,,,another,"),
        ("missing_file", SOURCES, 0, ""),
    ),
    case("claims missing", remove(CLAIMS), ("missing_file", CLAIMS, 0, "")),
    case(
        "events act on a table that is not there",
        remove("checkpoints.csv"),
        ("missing_file", "checkpoints.csv", 0, ""),
    ),
    case(
        "file of draws missing",
        declare_sets,
        swap(TOML, 'title = "B"', 'title = "B"\ndraws = "b.npz"'),
        ("missing_file", TOML, 21, "sets.b.draws"),
    ),
    case("file of draws made by hand", declare_draws(b"seed,nothing\n1,2\n"), ("bad_draws", "fitted/b.csv", 0, "")),
    case(
        "file of draws cut off",
        declare_draws(DRAWS.removesuffix(b",1 1 1\n")),
        ("bad_draws", "fitted/b.csv", 0, ""),
    ),
    case(
        "file of draws without a stamp",
        declare_draws(DRAWS[DRAWS.index(b"seed,") :]),
        ("bad_draws", "fitted/b.csv", 0, ""),
    ),
    case("file of draws of an older version", declare_draws(OLD_DRAWS), ("bad_draws", "fitted/b.csv", 0, "")),
    case(
        "file of draws that lost a row",
        declare_draws(DRAWS.removesuffix(b"1,8,1 1 1\n")),
        ("bad_draws", "fitted/b.csv", 0, ""),
    ),
    case(
        "file of draws made for another state of the tables",
        declare_draws(DRAWS),
        ("stale_draws", "fitted/b.csv", 0, ""),
    ),
    case("misnamed required table", move(PLACES, "place.csv"), ("unknown_file", "place.csv", 0, "")),
    case(
        "misnamed optional table",
        move("checkpoints.csv", "checkpoint.csv"),
        ("unknown_file", "checkpoint.csv", 0, ""),
    ),
    case("a table of another kind", put("weather.csv", b"id\n1\n"), ("unknown_file", "weather.csv", 0, "")),
    case("a folder where a file should be", make_folder_of(ROADS), ("unreadable_file", ROADS, 0, "")),
    case("a table kept elsewhere", link_outside(ROADS), ("link_outside", ROADS, 0, "")),
    case("a variant kept elsewhere", link_outside(VARIANT), ("link_outside", VARIANT, 0, "")),
    case("huge file", grow(EVENTS, 60_000_000), ("too_large", EVENTS, 0, "")),
    case(
        "bytes of another encoding",
        swap(PLACES, "Town", "Town"),
        put(PLACES, "id,name\nx,Öst\n".encode("latin-1")),
        ("bad_encoding", PLACES, 2, ""),
    ),
    case("UTF-16", put(PLACES, "id,name\n".encode("utf-16")), ("bad_encoding", PLACES, 1, "")),
    case("null bytes", swap(PLACES, "Village", "Vill\0age"), ("bad_encoding", PLACES, 4, "")),
    case("TOML damaged", swap(TOML, 'id = "', "id = "), ("bad_toml", TOML, 3, "")),
    case(
        "TOML with a number too long",
        swap(TOML, "seed = 1", "seed = " + "9" * 5000),
        ("bad_toml", TOML, 0, ""),
    ),
    case("TOML too deep", swap(TOML, "seed = 1", "seed = " + "[" * 5000), ("bad_toml", TOML, 0, "")),
    case("quotation mark not closed", swap(PLACES, "Village", '"Village'), ("bad_csv", PLACES, 4, "")),
    case("cell over the limit of CSV", swap(PLACES, "Village", "x" * 200_000), ("bad_csv", PLACES, 4, "")),
    # columns and rows
    case(
        "required column missing",
        swap("desks.csv", "people_per_hour", "x_pace"),
        ("missing_column", "desks.csv", 1, "people_per_hour"),
    ),
    case("empty required table", put(PLACES, b""), ("missing_column", PLACES, 0, "")),
    case(
        "header cut off",
        swap("people.csv", "place,group,people,note\n", ""),
        ("missing_column", "people.csv", 1, ""),
    ),
    case(
        "tabs",
        put("people.csv", b"place\tgroup\tpeople\ntown\tx\t3\n"),
        ("missing_column", "people.csv", 1, ""),
    ),
    case("only a header", put("people.csv", b"place,group,people\n"), ("empty_table", "people.csv", 0, "")),
    case(
        "only a header of places",
        put(PLACES, b"id,name,area,latitude,longitude\n"),
        ("empty_table", PLACES, 0, ""),
    ),
    case(
        "only a header of groups",
        put("groups.csv", b"id,name,transport,leave_rate\n"),
        ("empty_table", "groups.csv", 0, ""),
    ),
    case(
        "misspelt required column",
        swap(PLACES, "latitude", "lattitude"),
        ("unknown_column", PLACES, 2, "lattitude"),
    ),
    case("misspelt key column", swap(PLACES, "id,", "ids,"), ("unknown_column", PLACES, 2, "ids")),
    case(
        "misspelt optional column that a later check needs",
        swap(PLACES, "attractiveness", "Attractivness"),
        ("unknown_column", PLACES, 2, "Attractivness"),
    ),
    case(
        "header with spaces",
        swap("desks.csv", "people_per_hour", "people per hour"),
        ("unknown_column", "desks.csv", 1, "people per hour"),
    ),
    case("column twice", swap(PLACES, ",note", ",name"), ("duplicate_column", PLACES, 2, "name")),
    case(
        "text with a comma",
        swap(PLACES, "the checkpoint stands here", "the checkpoint, there"),
        ("too_many_cells", PLACES, 5, ""),
    ),
    # settings
    case("unknown key", swap(TOML, "seed = 1", "seeds = 1"), ("unknown_setting", TOML, 10, "seeds")),
    case(
        "misspelt required key",
        swap(TOML, "sensitivity", "sensitivty"),
        ("unknown_setting", TOML, 12, "sensitivty"),
    ),
    case("required key missing", swap(TOML, "data_date", "x_date"), ("missing_setting", TOML, 0, "data_date")),
    case("key blank", swap(TOML, '"A town cut off behind one road"', '""'), ("missing_value", TOML, 4, "title")),
    case("time zone missing", swap(TOML, "time_zone", "x_zone"), ("missing_setting", TOML, 0, "time_zone")),
    case("time zone blank", swap(TOML, '"UTC"', '""'), ("missing_value", TOML, 7, "time_zone")),
    case("unknown time zone", swap(TOML, "UTC", "Asia/Jerewan"), ("unknown_time_zone", TOML, 7, "time_zone")),
    case(
        "time zone a folder of the database",
        swap(TOML, "UTC", "Asia"),
        ("unknown_time_zone", TOML, 7, "time_zone"),
    ),
    case("time zone a number", swap(TOML, '"UTC"', "4"), ("unknown_time_zone", TOML, 7, "time_zone")),
    case("written by a newer version", swap(TOML, "seed = 1", "format = 7"), ("newer_format", TOML, 10, "format")),
    case(
        "a newer version says it alone",
        swap(TOML, "seed = 1", "format = 7\nunheard_of = 1"),
        remove(PLACES),
        ("newer_format", TOML, 10, "format"),
    ),
    case("a format that is none", swap(TOML, "seed = 1", "format = 0"), ("not_positive", TOML, 10, "format")),
    case("setting a list", swap(TOML, "seed = 1", "seed = [1]"), ("wrong_type", TOML, 10, "seed")),
    case("setting not a number", swap(TOML, "seed = 1", "seed = nan"), ("wrong_type", TOML, 10, "seed")),
    case("sets no table", swap(TOML, "seed = 1", "seed = 1\nsets = 3"), ("wrong_type", TOML, 11, "sets")),
    case(
        "a set no table",
        swap(TOML, "seed = 1", 'seed = 1\ndefault_set = "a"'),
        add(TOML, "[sets]\na = 3"),
        ("wrong_type", TOML, 16, "sets.a"),
    ),
    # cells
    case("required cell empty", swap(ROADS, ",15,1,", ",,1,"), ("missing_value", ROADS, 3, "length_km")),
    case("required id empty", swap(PLACES, "town,Town", ",Town"), ("missing_value", PLACES, 3, "id")),
    case("a blank of a draft", swap(ROADS, ",32,", ",?,"), ("still_blank", ROADS, 4, "length_km")),
    case(
        "a blank text of a draft",
        swap(TOML, '"A town cut off behind one road"', '"?"'),
        ("still_blank", TOML, 4, "title"),
    ),
    case("a blank time zone of a draft", swap(TOML, '"UTC"', '"?"'), ("still_blank", TOML, 7, "time_zone")),
    case("a blank id of a draft", swap(PLACES, "town,Town", "?,Town"), ("still_blank", PLACES, 3, "id")),
    case("a word for a number", swap(ROADS, ",32,", ",far,"), ("wrong_type", ROADS, 4, "length_km")),
    case("1e400", swap(ROADS, ",32,", ",1e400,"), ("wrong_type", ROADS, 4, "length_km")),
    case("nan", swap(ROADS, ",32,", ",nan,"), ("wrong_type", ROADS, 4, "length_km")),
    case("inf", swap(ROADS, ",32,", ",inf,"), ("wrong_type", ROADS, 4, "length_km")),
    case(
        "separated thousands",
        swap("people.csv", "14000 ± 15%", '"14,000"'),
        ("wrong_type", "people.csv", 2, "people"),
    ),
    case(
        "thousands with a space",
        swap("people.csv", "14000 ± 15%", "14 000"),
        ("wrong_type", "people.csv", 2, "people"),
    ),
    case(
        "a dash for a range",
        swap("people.csv", "1500..2500", "1500-2500"),
        ("wrong_type", "people.csv", 4, "people"),
    ),
    case(
        "a range where one number is allowed",
        swap(ROADS, ",32,", ",30..34,"),
        ("wrong_type", ROADS, 4, "length_km"),
    ),
    case("a half lane", swap(ROADS, "32,1,45", "32,1.5,45"), ("wrong_type", ROADS, 4, "lanes")),
    case("unit in the cell", swap(ROADS, ",32,", ",32 km,"), ("wrong_unit", ROADS, 4, "length_km")),
    case(
        "unit after a range",
        swap("people.csv", "1500..2500", "1500..2500 people"),
        ("wrong_unit", "people.csv", 4, "people"),
    ),
    case(
        "a share in percent",
        swap("parameters.csv", "0.02..0.1", "2%"),
        ("wrong_unit", "parameters.csv", 4, "value"),
    ),
    case("too far north", swap(PLACES, "10.12", "100.12"), ("out_of_range", PLACES, 4, "latitude")),
    case(
        "lognormal that passes its limit",
        swap(PLACES, "0.3..0.6", "0.8 ± 40%"),
        ("out_of_range", PLACES, 6, "lodging_share"),
    ),
    case("capacity zero", swap(ROADS, ",900,", ",0,"), ("not_positive", ROADS, 4, "capacity_per_lane")),
    case("capacity negative", swap(ROADS, ",900,", ",-900,"), ("not_positive", ROADS, 4, "capacity_per_lane")),
    case(
        "population negative",
        swap("people.csv", "1500..2500", "-1500"),
        ("not_positive", "people.csv", 4, "people"),
    ),
    case(
        "more people than can be counted",
        swap("people.csv", "14000 ± 15%", "600000000"),
        swap("people.csv", "1500..2500", "600000000"),
        ("too_many_people", "people.csv", 0, "people"),
        ("many_for_kind", "people.csv", 4, "people"),
    ),
    case(
        "nobody at all",
        put("people.csv", b"place,group,people\ntown,families_with_car,0\n"),
        ("not_positive", "people.csv", 0, "people"),
    ),
    case(
        "range reversed",
        swap("people.csv", "1500..2500", "2500..1500"),
        ("range_reversed", "people.csv", 4, "people"),
    ),
    case("peak outside", swap(PLACES, "2 (1..4)", "5 (1..4)"), ("range_reversed", PLACES, 7, "attractiveness")),
    case(
        "times reversed",
        swap(EVENTS, "2025-03-02T18:00..2025-03-03T18:00", "2025-03-03T18:00..2025-03-02T18:00"),
        ("range_reversed", EVENTS, 6, "time"),
    ),
    case(
        "claimed range reversed",
        swap(CLAIMS, "value,unit", "low,high"),
        swap(CLAIMS, "1200,people", "1300,1200"),
        ("range_reversed", CLAIMS, 2, "low"),
    ),
    case("no such day", swap(EVENTS, "2025-03-02T12:00", "2025-02-30T12:00"), ("bad_date", EVENTS, 5, "time")),
    case("day before month", swap(EVENTS, "2025-03-02T12:00", "02.03.2025"), ("bad_date", EVENTS, 5, "time")),
    case(
        "hour that the clocks jump over",
        swap(TOML, "UTC", "Europe/Berlin"),
        swap(TOML, "2025-03-08T", "2025-04-08T"),
        swap(EVENTS, "2025-03-02T12:00", "2025-03-30T02:30"),
        ("bad_date", EVENTS, 5, "time"),
        ("clock_change", TOML, 7, "time_zone"),
    ),
    case("id with a space", swap(PLACES, "bridge,", "bri dge,"), ("bad_id", PLACES, 5, "id")),
    case(
        "id too long",
        swap(PLACES, "village,", "v" * 101 + ","),
        swap(ROADS, ",village", "," + "v" * 101),
        swap("people.csv", "village", "v" * 101, 2),
        ("bad_id", PLACES, 4, "id"),
    ),
    case("text too long", swap(PLACES, "Village", "x" * 10_001), ("too_long", PLACES, 4, "name")),
    case("a control character", swap(PLACES, "Village", "Vil\x1blage"), ("not_printable", PLACES, 4, "name")),
    case("no character", swap(PLACES, "Village", "Vil\ufffelage"), ("not_printable", PLACES, 4, "name")),
    case(
        "a control character in a setting",
        swap(TOML, '"A town', '"\\u0007A town'),
        ("not_printable", TOML, 4, "title"),
    ),
    case("word not allowed", swap(PLACES, ",town,inside", ",towns,inside"), ("not_a_choice", PLACES, 3, "kind")),
    case(
        "fitted series unknown",
        declare_sets,
        swap(TOML, 'title = "B"', 'title = "B"\nfitted_series = "arrival"'),
        ("not_a_choice", TOML, 21, "sets.b.fitted_series"),
    ),
    case("event kind unknown", swap(EVENTS, ",danger,", ",dangr,"), ("unknown_kind", EVENTS, 4, "kind")),
    case(
        "parameter unknown",
        swap("parameters.csv", "effect_gone", "effect_gon"),
        ("unknown_parameter", "parameters.csv", 3, "name"),
    ),
    case(
        "place code wrong",
        swap(PLACES, "note", "pcode"),
        swap(PLACES, "the checkpoint stands here", "XX1"),
        swap(PLACES, "registration and the first beds", "123"),
        ("bad_pcode", PLACES, 6, "pcode"),
    ),
    # references
    case("duplicate place", add(PLACES, "town,Again,,town,inside,10.01,20,,,,"), ("duplicate_id", PLACES, 8, "id")),
    case(
        "same people twice",
        add("people.csv", "town,families_with_car,3,"),
        ("duplicate_id", "people.csv", 6, "place"),
    ),
    case(
        "an id with and without a set",
        declare_sets,
        swap("parameters.csv", "note", "set"),
        swap("parameters.csv", "0.02..0.1,", "0.02..0.1,a"),
        swap("parameters.csv", "how strongly people follow those who have left", ""),
        add("parameters.csv", "share_staying,0.5,"),
        ("duplicate_id", "parameters.csv", 5, "name"),
    ),
    case(
        "two checkpoints at one place",
        add("checkpoints.csv", "second,Second,bridge,1,60,0.2,24"),
        ("two_at_one_place", "checkpoints.csv", 4, "place"),
    ),
    case(
        "people at no place",
        swap("people.csv", "village,families_with_car", "hamlet,families_with_car"),
        ("unknown_reference", "people.csv", 4, "place"),
    ),
    case(
        "event on nothing",
        swap(EVENTS, "bridge_checkpoint", "bridge_checkpont"),
        ("unknown_reference", EVENTS, 6, "target"),
    ),
    case(
        "fleet for nobody",
        swap("fleets.csv", "families_without_car", "families_without_cars"),
        ("unknown_reference", "fleets.csv", 2, "groups"),
    ),
    case(
        "what is named stands in another set only",
        declare_sets,
        swap("checkpoints.csv", "wander_hours", "set"),
        swap("checkpoints.csv", "0.2,24", "0.2,b"),
        ("unknown_reference", EVENTS, 6, "target"),
    ),
    case(
        "area that is nowhere",
        swap(PLACES, ",town,inside", ",town,neighbours"),
        ("unknown_reference", PLACES, 3, "area"),
    ),
    case("side misspelt", swap(PLACES, ",town,inside", ",town,insde"), ("unknown_reference", PLACES, 3, "area")),
    case(
        "side misspelt without named areas",
        remove("areas.csv"),
        swap(PLACES, ",neighbour,", ",outsid,", 2),
        ("unknown_reference", PLACES, 6, "area"),
        ("unknown_reference", PLACES, 7, "area"),
    ),
    case("named areas missing, told once for all places", remove("areas.csv"), ("missing_file", "areas.csv", 0, "")),
    case(
        "area of another set",
        declare_sets,
        swap("areas.csv", ",side", ",side,set"),
        swap("areas.csv", ",outside", ",outside,b"),
        ("unknown_reference", PLACES, 6, "area"),
        ("unknown_reference", PLACES, 7, "area"),
    ),
    case("area of a third side", swap("areas.csv", ",outside", ",beside"), ("not_a_choice", "areas.csv", 3, "side")),
    case(
        "area called as one that is there",
        add("areas.csv", "outside,Abroad,outside"),
        ("built_in_id", "areas.csv", 4, "id"),
    ),
    case("area without a place", add("areas.csv", "sea,The sea,outside"), ("empty_area", "areas.csv", 4, "id")),
    case(
        "people in an area outside",
        swap(PLACES, ",village,inside", ",village,neighbour"),
        ("people_outside", "people.csv", 4, "place"),
        ("people_outside", "people.csv", 5, "place"),
    ),
    case("claim without source", swap(CLAIMS, "c1,s1", "c1,s2"), ("claim_without_source", CLAIMS, 2, "source")),
    case("unknown claim", swap(COUNTS, ",c1", ",c2"), ("unknown_reference", COUNTS, 3, "claims")),
    case(
        "unknown set",
        swap("parameters.csv", "note", "set"),
        swap("parameters.csv", "how strongly people follow those who have left", "early"),
        ("unknown_set", "parameters.csv", 3, "set"),
    ),
    case(
        "default set unknown",
        swap(TOML, "seed = 1", 'seed = 1\ndefault_set = "early"'),
        ("unknown_set", TOML, 11, "default_set"),
    ),
    case("default set missing", add(TOML, TWO_SETS), ("unknown_set", TOML, 0, "default_set")),
    # transports
    case(
        "a word that is no transport",
        swap("groups.csv", "without a car,fleet,", "without a car,flet,"),
        ("unknown_transport", "groups.csv", 4, "transport"),
    ),
    case(
        "a word twice",
        swap("groups.csv", "with a car,own,", "with a car,own foot own,"),
        ("unknown_transport", "groups.csv", 3, "transport"),
    ),
    case("a fleet of nothing known", fleet_of("zeppelin"), ("unknown_transport", "fleets.csv", 2, "transport")),
    case("a fleet of trains", fleet_of("train"), ("unknown_transport", "fleets.csv", 2, "transport")),
    case(
        "a fleet of trains for both",
        fleet_of("train", "both"),
        ("unknown_transport", "fleets.csv", 2, "transport"),
        ("never_sets_out", "fleets.csv", 2, "purpose"),
    ),
    case("a fleet on foot", fleet_of("foot"), ("unknown_transport", "fleets.csv", 2, "transport")),
    case("a fleet of buses", fleet_of("bus")),
    case(
        "a way that no road is of",
        put("transport.csv", b"id,ways\nbicycle,road pth\n"),
        ("unknown_transport", "transport.csv", 2, "ways"),
    ),
    case(
        "feet that take room",
        put("transport.csv", b"id,room,ways\nfoot,1,road path\n"),
        ("unknown_transport", "transport.csv", 2, "room"),
    ),
    case(
        "a transport that could not be read is told once",
        put("transport.csv", b"id,room,ways\nbicycle,none,road\n"),
        swap("groups.csv", "with a car,own,", "with a car,own bicycle,"),
        ("wrong_type", "transport.csv", 2, "room"),
    ),
    case(
        "a transport of another set",
        declare_sets,
        put("transport.csv", b"id,set,room,ways\nbicycle,a,0,road\n"),
        swap("groups.csv", "with a car,own,", "with a car,own bicycle,"),
        ("unknown_transport", "groups.csv", 3, "transport"),
    ),
    case(
        "a service that runs",
        run_ferry("boat", "town", "capital"),
        swap("groups.csv", "with a car,own,", "with a car,own boat,"),
    ),
    case(
        "a service by bus", run_ferry("bus", "town", "capital"), ("unknown_transport", "services.csv", 2, "transport")
    ),
    case(
        "a service by nothing known",
        run_ferry("bot", "town", "capital"),
        ("unknown_transport", "services.csv", 2, "transport"),
    ),
    case(
        "a service to where it began", run_ferry("boat", "town", "town"), ("road_ends_nowhere", "services.csv", 2, "to")
    ),
    case(
        "a service from nowhere", run_ferry("boat", "twon", "capital"), ("unknown_reference", "services.csv", 2, "from")
    ),
    case(
        "a service that nothing runs",
        swap("groups.csv", "with a car,own,", "with a car,own train,"),
        ("no_service", "groups.csv", 3, "transport"),
    ),
    case(
        "event on a service that is not there",
        run_ferry("boat", "town", "capital"),
        swap(EVENTS, "lanes,bridge_checkpoint,,1..3", "departures,fery,,1..3"),
        ("unknown_reference", EVENTS, 6, "target"),
    ),
    case(
        "buses for a group that has only lorries",
        fleet_of("lorry"),
        swap("groups.csv", "without a car,fleet,", "without a car,bus foot,"),
        ("no_fleet", "groups.csv", 4, "transport"),
    ),
    case(
        "cars where only a path leads",
        swap(ROADS, "character", "kind"),
        swap(ROADS, "gravel", "path"),
        swap(ROADS, "two lanes through hills", "road"),
        swap(ROADS, "two lanes", "track"),
        swap(ROADS, "main road", "road"),
        ("no_way_to_leave", "people.csv", 4, "group"),
        ("no_way_to_leave", "people.csv", 5, "group"),
    ),
    case(
        "women and girls are not the whole of a group",
        swap("groups.csv", "leave_rate\n", "leave_rate,women,girls\n"),
        swap("groups.csv", "own,4.5 (3..6),8,0.01..0.05\n", "own,4.5 (3..6),8,0.01..0.05,0.4,0.2\n"),
        ("parts_of_a_group", "groups.csv", 3, "women"),
    ),
    case(
        "people go back but no road has a lane in",
        swap("groups.csv", "leave_rate\n", "leave_rate,return_rate\n"),
        swap("groups.csv", "0.01..0.05\n", "0.01..0.05,0.001\n"),
        swap(ROADS, "direction,character", "direction,lanes_back"),
        swap(ROADS, "two lanes through hills", "0"),
        swap(ROADS, "two lanes", "0"),
        swap(ROADS, "gravel", "1"),
        swap(ROADS, "main road", "1"),
        ("no_way_home", "groups.csv", 3, "return_rate"),
    ),
    case(
        "the only desk stands where people live",
        swap("desks.csv", ",border_town,", ",town,"),
        ("desk_at_home", "people.csv", 2, "place"),
        ("desk_at_home", "people.csv", 3, "place"),
    ),
    case(
        "only water leads to a village",
        swap(ROADS, "character", "kind"),
        swap(ROADS, "gravel", "water"),
        swap(ROADS, "two lanes through hills", "road"),
        swap(ROADS, "two lanes", "track"),
        swap(ROADS, "main road", "road"),
        ("unreachable_place", PLACES, 4, "id"),
    ),
    # network
    case(
        "road ends at nothing",
        swap(ROADS, "bridge,border_town", "bridge,border_twon"),
        ("road_ends_nowhere", ROADS, 5, "to"),
    ),
    case(
        "road ends where it began",
        swap(ROADS, "village,town", "town,town"),
        ("road_ends_nowhere", ROADS, 3, "to"),
    ),
    case(
        "place on no road",
        add(PLACES, "hut,Hut,,village,inside,10.1,20.1,,,,"),
        ("unreachable_place", PLACES, 8, "id"),
    ),
    case(
        "no way out of a village",
        swap(ROADS, "village-town,village,town", "village-x,village,hut"),
        add(PLACES, "hut,Hut,,village,inside,10.1,20.1,,,,"),
        ("unreachable_place", PLACES, 4, "id"),
        ("unreachable_place", PLACES, 8, "id"),
    ),
    case(
        "road with lanes inward only",
        swap(ROADS, "village-town,village,town", "village-town,town,village"),
        swap(ROADS, "lanes,speed_kmh", "lanes,lanes_back,speed_kmh"),
        swap(ROADS, "15,1,40", "15,1,0,40"),
        swap(ROADS, "32,1,", "32,1,,"),
        swap(ROADS, "17,1,", "17,1,,"),
        swap(ROADS, "65,1,", "65,1,,"),
        ("unreachable_place", PLACES, 4, "id"),
    ),
    case(
        "place outside that nobody can come to",
        add(PLACES, "abroad,Abroad,,city,outside,9.9,19.1,1,,,"),
        add(PLACES, "abroad2,Farther Abroad,,city,outside,9.9,19.2,1,,,"),
        add(ROADS, "a-b,abroad,abroad2,15,1,40,800,normal,"),
        ("unreachable_place", PLACES, 8, "id"),
        ("unreachable_place", PLACES, 9, "id"),
    ),
    case("nothing outside", swap("areas.csv", "outside", "inside", 2), ("no_way_out", PLACES, 0, "area")),
    case(
        "nowhere to settle",
        swap(PLACES, "19.65,1,", "19.65,,"),
        swap(PLACES, "2 (1..4)", ""),
        ("no_destination", PLACES, 0, "attractiveness"),
    ),
    case(
        "people outside",
        swap("people.csv", "village", "capital"),
        ("people_outside", "people.csv", 4, "place"),
    ),
    # geography
    case(
        "a road shorter than the way of a bird", swap(ROADS, ",32,", ",12,"), ("road_too_short", ROADS, 4, "length_km")
    ),
    case("a road too long", swap(ROADS, ",32,", ",320,"), ("road_too_long", ROADS, 4, "length_km")),
    case(
        "a place elsewhere",
        swap(PLACES, "9.80,19.65", "29.80,19.65"),
        ("road_too_short", ROADS, 5, "length_km"),
        ("road_too_short", ROADS, 6, "length_km"),
        ("place_far_away", PLACES, 6, "latitude"),
    ),
    case(
        "latitude and longitude exchanged",
        swap(PLACES, "10.12,20.05", "20.05,10.12"),
        ("road_too_short", ROADS, 3, "length_km"),
        ("swapped_coordinates", PLACES, 4, "latitude"),
    ),
    # relief
    case(
        "items in a circle",
        state_needs,
        swap("items.csv", "kg,", "kg,water"),
        swap("items.csv", "l,", "l,food"),
        ("circular_dependence", "items.csv", 2, "depends_on"),
    ),
    case(
        "loads misspelt",
        state_needs,
        swap("convoys.csv", "food=5", "fooood=5"),
        ("wrong_type", "convoys.csv", 2, "loads"),
    ),
    case("loads no number", state_needs, swap("convoys.csv", "=5", "=-5"), ("wrong_type", "convoys.csv", 2, "loads")),
    case(
        "goods with a fleet for people",
        state_needs,
        swap("convoys.csv", "trucks", "buses"),
        ("fleet_for_people", "convoys.csv", 2, "fleet"),
    ),
    case(
        "an event on a fleet for goods",
        state_needs,
        add(EVENTS, "more,2025-03-03,vehicles,trucks,,5,,,"),
        ("fleet_for_goods", EVENTS, 7, "target"),
    ),
    case(
        "a convoy without a way",
        state_needs,
        swap(ROADS, "village-town,village,town", "village-x,village,x"),
        add(PLACES, "x,Abroad,,city,outside,10.1,20.1,1,,,"),
        swap("convoys.csv", "town", "village"),
        ("unreachable_place", "convoys.csv", 2, "to"),
    ),
    case(
        "a convoy by a road that is elsewhere",
        state_needs,
        put(
            "convoys.csv",
            b"id,fleet,loads,from,to,roads,departs\none,trucks,food=5,capital,town,border-capital town-bridge,2025-03-03\n",
        ),
        ("broken_way", "convoys.csv", 2, "roads"),
    ),
    case(
        "a convoy whose roads end on the way",
        state_needs,
        put(
            "convoys.csv",
            b"id,fleet,loads,from,to,roads,departs\none,trucks,food=5,capital,town,border-capital bridge-border,2025-03-03\n",
        ),
        ("broken_way", "convoys.csv", 2, "roads"),
    ),
    case(
        "a convoy by a road of another kind",
        state_needs,
        swap(ROADS, "direction,character", "direction,character,kind"),
        swap(ROADS, "two lanes through hills", "two lanes through hills,path"),
        add(ROADS, "beside,town,bridge,40,1,45,900,normal,two lanes,road"),
        put(
            "convoys.csv",
            b"id,fleet,loads,from,to,roads,departs\n"
            b"one,trucks,food=5,capital,town,border-capital bridge-border town-bridge,2025-03-03\n",
        ),
        ("broken_way", "convoys.csv", 2, "roads"),
    ),
    case(
        "roads of what goes by a service",
        state_needs,
        put(
            "services.csv",
            b"id,transport,from,to,seats,departures_per_day,hours,tonnes,tonnes_back\nferry,boat,town,capital,9,2,3,1,4\n",
        ),
        put(
            "convoys.csv",
            b"id,fleet,service,loads,from,to,roads,departs\none,,ferry,food=5,capital,town,town-bridge,2025-03-03\n",
        ),
        ("broken_way", "convoys.csv", 2, "roads"),
    ),
    case(
        "a convoy by roads that it says",
        state_needs,
        put(
            "convoys.csv",
            b"id,fleet,loads,from,to,roads,departs\n"
            b"one,trucks,food=5,capital,town,border-capital bridge-border town-bridge,2025-03-03\n",
        ),
    ),
    case(
        "boats for goods where there is no water",
        state_needs,
        swap("fleets.csv", "return_hours,tonnes", "return_hours,tonnes,transport"),
        swap("fleets.csv", ",20,,,10", ",20,,,10,boat"),
        ("unreachable_place", "convoys.csv", 2, "to"),
    ),
    case(
        "goods by a service",
        state_needs,
        put(
            "services.csv",
            b"id,transport,from,to,seats,departures_per_day,hours,tonnes,tonnes_back\nferry,boat,town,capital,9,2,3,,4\n",
        ),
        put("convoys.csv", b"id,fleet,service,loads,from,to,departs\none,,ferry,food=5,capital,town,2025-03-03\n"),
    ),
    case(
        "a convoy by nothing",
        state_needs,
        put("convoys.csv", b"id,fleet,service,loads,from,to,departs\none,,,food=5,capital,town,2025-03-03\n"),
        ("convoy_by_what", "convoys.csv", 2, "fleet"),
    ),
    case(
        "a convoy by a fleet and a service",
        state_needs,
        put(
            "services.csv",
            b"id,transport,from,to,seats,departures_per_day,hours,tonnes,tonnes_back\nferry,boat,town,capital,9,2,3,1,4\n",
        ),
        put(
            "convoys.csv", b"id,fleet,service,loads,from,to,departs\none,trucks,ferry,food=5,capital,town,2025-03-03\n"
        ),
        ("convoy_by_what", "convoys.csv", 2, "service"),
    ),
    case(
        "goods to where a service does not run",
        state_needs,
        put(
            "services.csv",
            b"id,transport,from,to,seats,departures_per_day,hours,tonnes,tonnes_back\nferry,boat,town,capital,9,2,3,1,4\n",
        ),
        put("convoys.csv", b"id,fleet,service,loads,from,to,departs\none,,ferry,food=5,capital,village,2025-03-03\n"),
        ("convoy_by_what", "convoys.csv", 2, "service"),
    ),
    case(
        "goods on a service that takes none back",
        state_needs,
        put(
            "services.csv",
            b"id,transport,from,to,seats,departures_per_day,hours,tonnes,tonnes_back\nferry,boat,town,capital,9,2,3,1,\n",
        ),
        put("convoys.csv", b"id,fleet,service,loads,from,to,departs\none,,ferry,food=5,capital,town,2025-03-03\n"),
        ("convoy_by_what", "convoys.csv", 2, "service"),
    ),
    # flows, plants, facilities
    case("plants", state_works),
    case(
        "a flow in stock",
        state_works,
        add("stocks.csv", "town,power,5"),
        ("flow_in_store", "stocks.csv", 3, "quantity"),
    ),
    case(
        "a flow in a depot",
        state_works,
        add("depots.csv", "more,capital,power"),
        ("flow_in_store", "depots.csv", 3, "item"),
    ),
    case(
        "a flow on a truck",
        state_works,
        swap("convoys.csv", "food=5", "power=5"),
        ("flow_in_store", "convoys.csv", 2, "loads"),
    ),
    case(
        "a flow in a tank",
        state_works,
        swap("items.csv", "kWh,,no,no", "kWh,,no,yes"),
        remove("fuel.csv"),
        ("flow_in_store", "items.csv", 5, "for_leaving"),
    ),
    case(
        "two fuels of those who leave",
        state_works,
        remove("fuel.csv"),
        swap("items.csv", "l,,yes,no", "l,,yes,yes"),
        swap("items.csv", "food,Food,kg,,yes,no", "food,Food,kg,,yes,yes"),
        ("fuel_of_two", "items.csv", 4, "for_leaving"),
    ),
    case(
        "fuel of those who leave in two tables",
        state_works,
        swap("items.csv", "l,,yes,no", "l,,yes,yes"),
        ("fuel_of_two", "fuel.csv", 3, "place"),
    ),
    case(
        "a plant that uses what is no item",
        state_works,
        swap("plants.csv", "diesel=", "diesle="),
        ("wrong_type", "plants.csv", 2, "uses"),
    ),
    case(
        "a plant that uses less than nothing",
        state_works,
        swap("plants.csv", "diesel=0.3", "diesel=-1"),
        ("wrong_type", "plants.csv", 2, "uses"),
    ),
    case(
        "a plant that uses what it makes",
        state_works,
        swap("plants.csv", "power=0.001", "water=0.1"),
        ("makes_what_it_uses", "plants.csv", 3, "uses"),
    ),
    case(
        "plants in a circle",
        state_works,
        add("plants.csv", "still,Still,town,diesel,10,power=0.5,"),
        ("circular_making", "plants.csv", 2, "uses"),
    ),
    case(
        "a plant that needs what depends on it",
        state_works,
        swap("items.csv", "Diesel,l,", "Diesel,l,water"),
        ("circular_making", "plants.csv", 2, "uses"),
    ),
    case(
        "a plant that serves a place outside",
        state_works,
        swap("plants.csv", "town village", "town capital"),
        ("works_outside", "plants.csv", 2, "serves"),
    ),
    case(
        "a plant that serves nowhere known",
        state_works,
        swap("plants.csv", "town village", "town vilage"),
        ("unknown_reference", "plants.csv", 2, "serves"),
    ),
    case(
        "a facility outside",
        state_works,
        swap("facilities.csv", "Ward,town", "Ward,capital"),
        ("works_outside", "facilities.csv", 2, "place"),
    ),
    case(
        "a facility of nothing known",
        state_works,
        swap("facilities.csv", "power", "powder"),
        ("unknown_reference", "facilities.csv", 2, "item"),
    ),
    case(
        "an event on no plant",
        state_works,
        add(EVENTS, "cut,2025-03-03,plant,generater,,0,,,"),
        ("unknown_reference", EVENTS, 7, "target"),
    ),
    # plans
    case(
        "a need in the wrong unit",
        state_needs,
        swap("needs.csv", "food,0.5", "food,500"),
        ("absurd_need", "needs.csv", 2, "per_day"),
    ),
    case(
        "less of a food at most than at least",
        put("foods.csv", b"id,least_grams,most_grams\nsalt,9,3\n"),
        ("reversed_range", "foods.csv", 2, "least_grams"),
    ),
    case("items without needs", state_needs, remove("needs.csv"), ("relief_table_missing", "needs.csv", 0, "")),
    case(
        "needs of nothing",
        state_needs,
        put("needs.csv", b"item,per_day\nfood,0\nwater,0\n"),
        ("nobody_in_need", "needs.csv", 0, ""),
    ),
    case("nothing to send", state_needs, remove("depots.csv"), ("no_goods", "depots.csv", 0, "quantity")),
    case(
        "nobody to bring it",
        state_needs,
        remove("convoys.csv"),
        swap("fleets.csv", "capital,goods", "capital,people"),
        ("no_fleets", "fleets.csv", 0, "purpose"),
    ),
    case(
        "a fleet with neither trucks nor payload",
        state_needs,
        swap("fleets.csv", ",20,,,10", ",0..1,,,"),
        ("no_trucks", "fleets.csv", 3, "vehicles"),
        ("no_payload", "fleets.csv", 3, "tonnes"),
    ),
    case(
        "a clearance for buses",
        state_needs,
        put("clearances.csv", b"id,fleet,road,from,until\nc,buses,town-bridge,2025-03-02,2025-03-04\n"),
        ("bad_clearance", "clearances.csv", 2, "fleet"),
    ),
    case("too many sets", add(TOML, "".join(f"[sets.s{n}]\n" for n in range(21))), ("too_many_sets", TOML, 14, "sets")),
    case(
        "a set named as a way out of the folder",
        declare_sets,
        add(TOML, '[sets."../a"]\ntitle = "C"\nknown_until = 2025-03-01\n'),
        ("bad_id", TOML, 23, "sets.../a"),
    ),
    # what a careful colleague would ask about
    case("seats of a ship", swap("fleets.csv", "10..25,40", "10..25,800"), ("many_seats", "fleets.csv", 2, "seats")),
    case(
        "kilograms for tonnes",
        state_needs,
        swap("fleets.csv", ",,10", ",,60"),
        ("heavy_load", "fleets.csv", 3, "tonnes"),
    ),
    case(
        "buses for both where nothing is needed",
        swap("fleets.csv", ",people,", ",both,"),
        ("never_sets_out", "fleets.csv", 2, "purpose"),
    ),
    case("buses without a bus", swap("fleets.csv", "10..25", "0"), ("no_vehicles", "fleets.csv", 2, "vehicles")),
    case(
        "a glance of a second",
        swap("checkpoints.csv", "34..70", "1..2"),
        ("too_quick", "checkpoints.csv", 3, "seconds_per_vehicle"),
    ),
    case(
        "a checkpoint that changes to nobody knows how many lanes",
        swap("checkpoints.csv", "wander_hours", "wander_hours,change_rate,shut_share,opening_rate"),
        swap("checkpoints.csv", "0.2,24", "0.2,24,0..2,1,0"),
        ("change_without_lanes", "checkpoints.csv", 3, "change_lanes"),
    ),
    case(
        "a checkpoint that opens with nobody knows how many lanes",
        swap("checkpoints.csv", "wander_hours", "wander_hours,change_lanes,opening_rate"),
        swap("checkpoints.csv", "0.2,24", "0.2,24,,0.5"),
        ("change_without_lanes", "checkpoints.csv", 3, "change_lanes"),
    ),
    case(
        "more than all changes shut it, and none leaves it a lane",
        swap("checkpoints.csv", "wander_hours", "wander_hours,change_rate,change_lanes,shut_share"),
        swap("checkpoints.csv", "0.2,24", "0.2,24,1,0,0.5..1.5"),
        ("not_positive", "checkpoints.csv", 3, "change_lanes"),
        ("out_of_range", "checkpoints.csv", 3, "shut_share"),
    ),
    case(
        "a checkpoint that never shuts and may open",
        swap("checkpoints.csv", "wander_hours", "wander_hours,change_rate,change_lanes,shut_share,opening_rate"),
        swap("checkpoints.csv", "0.2,24", "0.2,24,0.5,1..3,0,2"),
    ),
    case(
        "a clearance backwards",
        state_needs,
        put("clearances.csv", b"id,fleet,road,from,until\nc,trucks,town-bridge,2025-03-04,2025-03-02\n"),
        ("never_holds", "clearances.csv", 2, "until"),
    ),
    case(
        "slots of a night",
        put("slots.csv", b"id,road,convoys_per_day,first_hour,last_hour\ns,town-bridge,2,20,6\n"),
        ("never_holds", "slots.csv", 2, "last_hour"),
    ),
    case(
        "a convoy that leaves when all is over",
        state_needs,
        swap("convoys.csv", "2025-03-03", "2025-03-07T23:30"),
        ("after_the_end", "convoys.csv", 2, "departs"),
    ),
    case(
        "a convoy of the year before",
        state_needs,
        swap("convoys.csv", "2025-03-03", "2024-03-03"),
        ("before_the_start", "convoys.csv", 2, "departs"),
    ),
    case("more counted than there are", swap(COUNTS, ",1200,", ",120000,"), ("count_above_people", COUNTS, 3, "value")),
    case(
        "told before it was counted",
        swap(SOURCES, "2025-03-04", "2025-03-02"),
        ("counted_later", COUNTS, 3, "time"),
    ),
    case(
        "news from the future", swap(CLAIMS, "2025-03-04", "2026-03-04", 1), ("after_data_date", CLAIMS, 2, "said_on")
    ),
    case(
        "grams for kilograms",
        state_needs,
        put("stocks.csv", b"place,item,quantity\ntown,food,20000000\n"),
        ("lasts_for_years", "stocks.csv", 2, "quantity"),
    ),
    # period
    case(
        "stored once only",
        swap(TOML, "record_minutes = 60", "record_minutes = 1440"),
        swap(TOML, "2025-03-08T00:00", "2025-03-01T12:00"),
        remove(EVENTS),
        remove(COUNTS),
        ("period_too_short", TOML, 9, "record_minutes"),
    ),
    case("period reversed", swap(TOML, "2025-03-08T", "2025-02-08T"), ("period_reversed", TOML, 6, "end")),
    case(
        "period shorter than a step",
        swap(TOML, "2025-03-08T00:00", "2025-03-01T00:10"),
        remove(EVENTS),
        remove(COUNTS),
        ("period_too_short", TOML, 8, "step_minutes"),
    ),
    case(
        "recording between steps",
        swap(TOML, "record_minutes = 60", "record_minutes = 50"),
        ("not_whole_steps", TOML, 9, "record_minutes"),
    ),
    case(
        "a period before all calendars",
        swap(TOML, "2025-03-08T", "0001-01-08T"),
        swap(TOML, "2025-03-01T", "0001-01-01T"),
        remove(EVENTS),
        remove(COUNTS),
        ("period_out_of_reach", TOML, 5, "start"),
    ),
    case(
        "a century by the minute",
        swap(TOML, "2025-03-08T", "2125-03-08T"),
        swap(TOML, "step_minutes = 15", "step_minutes = 1"),
        ("too_many_steps", TOML, 8, "step_minutes"),
    ),
    case(
        "event before the start",
        swap(EVENTS, "2025-03-01T06:00", "2025-02-01T06:00"),
        ("event_outside_period", EVENTS, 4, "time"),
    ),
    case(
        "event before the start by its offset",
        swap(EVENTS, "2025-03-01T06:00", "2025-03-01T06:00+09:00"),
        ("event_outside_period", EVENTS, 4, "time"),
    ),
    case(
        "count after the end",
        swap(
            COUNTS, "2025-03-04T08:00,arrivals,,1200,stated,c1,2025-03-04", "2025-04-04T08:00,arrivals,,1200,stated,c1,"
        ),
        ("observation_outside_period", COUNTS, 3, "time"),
    ),
    # events
    case("event without its value", swap(EVENTS, ",0.8,", ",,"), ("missing_value", EVENTS, 4, "value")),
    case(
        "event without its target",
        swap(EVENTS, "danger,*", "danger,"),
        ("missing_value", EVENTS, 4, "target"),
    ),
    case(
        "event without its rule",
        swap(EVENTS, "danger,*,,0.8", "direction,town-bridge,,"),
        ("missing_value", EVENTS, 4, "mode"),
    ),
    case("event out of its range", swap(EVENTS, ",0.8,", ",8,"), ("out_of_range", EVENTS, 4, "value")),
    # warnings
    case(
        "nobody carries a group",
        swap("fleets.csv", "families_without_car", ""),
        ("no_fleet", "groups.csv", 4, "transport"),
    ),
    case(
        "a bus for a family",
        swap("groups.csv", "own,4.5 (3..6)", "own,50"),
        ("unlikely", "groups.csv", 3, "people_per_vehicle"),
    ),
    case(
        "a share for a number", swap("parameters.csv", "0.02..0.1", "3"), ("out_of_range", "parameters.csv", 4, "value")
    ),
    case(
        "a parameter below zero",
        swap("parameters.csv", "0.02..0.1", "-1"),
        ("not_positive", "parameters.csv", 4, "value"),
    ),
    case(
        "the same road twice",
        add("roads.csv", "again,town,village,15,1,40,800,normal,gravel"),
        ("said_twice", "roads.csv", 7, "id"),
    ),
    case(
        "two changes at one moment",
        add("events.csv", "other,2025-03-02T12:00,danger,*,,0.9,,Shelling,"),
        ("said_twice", "events.csv", 7, "time"),
    ),
    case(
        "a city in a village", swap("people.csv", "1500..2500", "900000"), ("many_for_kind", "people.csv", 4, "people")
    ),
    case(
        "anything from one on", swap("people.csv", "1500..2500", "1..2500"), ("wide_range", "people.csv", 4, "people")
    ),
    case(
        "a village called like its town",
        swap(PLACES, "village,Village", "village,Town"),
        ("same_name", PLACES, 4, "name"),
    ),
    case(
        "a checkpoint that nobody opens",
        swap("events.csv", "lanes,bridge_checkpoint,,1..3", "note,,,"),
        ("never_opens", "checkpoints.csv", 3, "lanes"),
    ),
    case("a clock of Japan", swap(TOML, '"UTC"', '"Asia/Tokyo"'), ("time_zone_far", TOML, 7, "time_zone")),
    case("two places at one point", swap(PLACES, "10.12,20.05", "10,20"), ("same_point", PLACES, 4, "latitude")),
    case(
        "clocks changed",
        swap(TOML, "UTC", "Europe/Berlin"),
        swap(TOML, "2025-03-08T", "2025-04-08T"),
        ("clock_change", TOML, 7, "time_zone"),
    ),
    case(
        "a cumulative count that falls",
        add(COUNTS, "2025-03-04T10:00,arrivals,,900,stated,"),
        ("count_falls", COUNTS, 4, "value"),
    ),
    # counts as they are published
    case("a count that states no number", count("1200", ""), ("missing_value", COUNTS, 3, "value")),
    case("counts of every kind", put(COUNTS, EVERY_KIND)),
    case(
        "low above the value",
        put(COUNTS, COUNTED + b"2025-03-04T08:00,,arrivals,,,,1200,1300,1400,,\n"),
        ("range_reversed", COUNTS, 2, "low"),
    ),
    case(
        "value above high",
        put(COUNTS, COUNTED + b"2025-03-04T08:00,,arrivals,,,,1200,,1100,,\n"),
        ("range_reversed", COUNTS, 2, "high"),
    ),
    case(
        "an error that is none",
        put(COUNTS, COUNTED + b"2025-03-04T08:00,,arrivals,,,,1200,,,120%,\n"),
        ("wrong_type", COUNTS, 2, "error"),
    ),
    case(
        "a day that ends before it begins",
        put(COUNTS, COUNTED + b"2025-03-04T08:00,2025-03-05T08:00,arrivals,,,,1200,,,,\n"),
        ("span_reversed", COUNTS, 2, "since"),
    ),
    case(
        "published before the hour counted",
        put(COUNTS, COUNTED + b"2025-03-04T08:00,,arrivals,,,,1200,,,,2025-03-04T07:30\n"),
        ("published_before_counted", COUNTS, 2, "published"),
    ),
    case(
        "by place and by area",
        put(COUNTS, COUNTED + b"2025-03-04T08:00,,arrivals,capital,outside,,1200,,,,\n"),
        ("counted_twice_over", COUNTS, 2, "area"),
    ),
    case(
        "an exit that is none",
        put(COUNTS, COUNTED + b"2025-03-04T08:00,,arrivals,,,town-bridge,1200,,,,\n"),
        ("unknown_exit", COUNTS, 2, "exit"),
    ),
    case(
        "an area that is none",
        put(COUNTS, COUNTED + b"2025-03-04T08:00,,arrivals,,outsde,,1200,,,,\n"),
        ("unknown_area", COUNTS, 2, "area"),
    ),
    case(
        "vehicles where nothing counts them",
        put(COUNTS, COUNTED + b"2025-03-04T08:00,,vehicles,capital,,,300,,,,\n"),
        ("count_not_recorded", COUNTS, 2, "place"),
    ),
    case(
        "arrivals at a place inside",
        put(COUNTS, COUNTED + b"2025-03-04T08:00,,arrivals,village,,,300,,,,\n"),
        ("count_not_recorded", COUNTS, 2, "place"),
    ),
    case(
        "arrivals in the area that is left",
        put(COUNTS, COUNTED + b"2025-03-04T08:00,,arrivals,,inside,,300,,,,\n"),
        ("count_not_recorded", COUNTS, 2, "area"),
    ),
    case(
        "displaced people where nobody may stop",
        put(COUNTS, COUNTED + b"2025-03-04T08:00,,displaced,village,,,300,,,,\n"),
        ("count_not_recorded", COUNTS, 2, "place"),
    ),
    case(
        "vehicles by the only way out",
        put(COUNTS, COUNTED + b"2025-03-04T08:00,,vehicles,,,bridge-border,300,,,,\n"),
    ),
    case(
        "registered by exit",
        put(COUNTS, COUNTED + b"2025-03-04T08:00,,registered,,,bridge-border,300,,,,\n"),
        ("count_not_recorded", COUNTS, 2, "exit"),
    ),
    case(
        "more in a day than in all",
        put(
            COUNTS,
            COUNTED
            + b"2025-03-05T00:00,2025-03-04T00:00,arrivals,,,,2000,,,,\n2025-03-05T08:00,,arrivals,,,,1500,,,,2025-03-06\n",
        ),
        ("span_above_total", COUNTS, 2, "value"),
    ),
    case(
        "a revised count falls no longer, an area falls by itself",
        put(
            COUNTS,
            COUNTED
            + b"2025-03-04T08:00,,arrivals,,,,1200,,,,2025-03-04\n2025-03-04T08:00,,arrivals,,,,800,,,,2025-03-05\n"
            + b"2025-03-05T08:00,,arrivals,,,,,700,,,2025-03-05\n2025-03-05T09:00,,arrivals,,,,900,,,,2025-03-05\n"
            + b"2025-03-04T08:00,,arrivals,,outside,,500,,,,2025-03-05\n2025-03-05T08:00,,arrivals,,outside,,300,,,,2025-03-05\n",
        ),
        ("count_falls", COUNTS, 7, "value"),
    ),
    case(
        "a fit that knows what the set does not",
        declare_sets,
        add(TOML, 'fitted_until = 2025-03-05T00:00:00\nfitted_series = "arrivals"\n'),
        ("fitted_later", COUNTS, 3, "time"),
    ),
    case(
        "counts that do not say when they were published",
        declare_sets,
        swap(TOML, "known_until = 2025-03-01\n[sets.b]", "known_until = 2025-03-04\n[sets.b]"),
        count(",2025-03-04\n", ",\n"),
        ("never_published", COUNTS, 3, "published"),
    ),
    case(
        "a number of a built case that rests on what is younger than the start",
        put("build.toml", b""),
        swap("people.csv", "people,note\n", "people,note,claims\n"),
        swap("people.csv", "town hall", "town hall,c1"),
        ("dated_data", CLAIMS, 2, "happened"),
    ),
    # what a set may know
    case(
        "a number that rests on what was told later",
        declare_sets,
        swap("people.csv", "people,note\n", "people,note,claims\n"),
        swap("people.csv", "town hall", "town hall,c1"),
        ("known_later", "people.csv", 2, "claims"),
    ),
    # who may pass, when, and who wishes to go where
    case(
        "the new tables stated well",
        put(
            "windows.csv",
            b"id,road,checkpoint,first_hour,last_hour,from,until,chance,transports,groups,agreement\n"
            b"day,town-bridge,,8,18,2025-03-02,2025-03-05,0.5..0.9,car bus,,the agreement\n"
            b"gate,,bridge_checkpoint,0,24,,,,,families_with_car,\n",
        ),
        put(
            "passage.csv",
            b"id,checkpoint,group,share,from,until,papers_hours\n"
            b"m,bridge_checkpoint,families_with_car,0.6 (0.5..0.7),2025-03-02,2025-03-05,24..72\n",
        ),
        put("wishes.csv", b"group,place,weight\nfamilies_with_car,border_town,0.5..2\n"),
        swap(PLACES, "inside,10.12,20.05,,", "inside,10.12,20.05,0.2..0.4,"),
        add(ROADS, "village-bridge,village,bridge,60,1,40,800,normal,dirt"),
        swap(
            "parameters.csv", "name,value,note\n", "name,value,note\ninformed_share,0.1..0.3,\ninformed_minutes,30,\n"
        ),
    ),
    case(
        "a window of nothing, and one of two things",
        put("windows.csv", b"id,road,checkpoint\na,,\nb,town-bridge,bridge_checkpoint\n"),
        ("bad_window", "windows.csv", 2, "road"),
        ("bad_window", "windows.csv", 3, "road"),
    ),
    case(
        "windows that close before they open",
        put(
            "windows.csv",
            b"id,road,first_hour,last_hour,from,until\na,town-bridge,22,6,,\n"
            b"b,town-bridge,,,2025-03-05,2025-03-04\nc,town-bridge,8,8,,\n",
        ),
        ("bad_window", "windows.csv", 2, "last_hour"),
        ("bad_window", "windows.csv", 3, "until"),
        ("bad_window", "windows.csv", 4, "last_hour"),
    ),
    case(
        "a window for a transport and a group that do not exist",
        put("windows.csv", b"id,road,transports,groups\na,town-bridge,cars,families_with_car families\n"),
        ("unknown_transport", "windows.csv", 2, "transports"),
        ("unknown_reference", "windows.csv", 2, "groups"),
    ),
    case(
        "a window of a road and a checkpoint that do not exist",
        put("windows.csv", b"id,road,checkpoint\na,town-brige,\nb,,gate\n"),
        ("unknown_reference", "windows.csv", 2, "road"),
        ("unknown_reference", "windows.csv", 3, "checkpoint"),
    ),
    case(
        "a chance above 1",
        put("windows.csv", b"id,road,chance\na,town-bridge,0.5..1.5\n"),
        ("out_of_range", "windows.csv", 2, "chance"),
    ),
    case(
        "a window of ten minutes",
        put("windows.csv", b"id,road,first_hour,last_hour\na,town-bridge,8,8.1\n"),
        ("coarse_step", "windows.csv", 2, "last_hour"),
    ),
    case(
        "a window and a rule that begin when all is over",
        put("windows.csv", b"id,road,from\na,town-bridge,2025-04-01\n"),
        put("passage.csv", b"id,checkpoint,group,from\nm,bridge_checkpoint,families_with_car,2025-04-01\n"),
        ("after_the_end", "windows.csv", 2, "from"),
        ("after_the_end", "passage.csv", 2, "from"),
    ),
    case(
        "rules of one group that differ",
        add("checkpoints.csv", "border_checkpoint,Border,border_town,1,30,0.2,24"),
        put(
            "passage.csv",
            b"id,checkpoint,group,share,papers_hours\nm,bridge_checkpoint,families_with_car,0.5,\n"
            b"n,border_checkpoint,families_with_car,0.6,\no,border_checkpoint,families_without_car,0.6,20\n"
            b"p,bridge_checkpoint,families_without_car,0.6,\n",
        ),
        ("bad_passage", "passage.csv", 3, "share"),
        ("bad_passage", "passage.csv", 5, "papers_hours"),
    ),
    case(
        "a rule of passage that ends before it begins",
        put(
            "passage.csv",
            b"id,checkpoint,group,from,until\nm,bridge_checkpoint,families_with_car,2025-03-05,2025-03-03\n",
        ),
        ("never_holds", "passage.csv", 2, "until"),
    ),
    case(
        "a rule of passage for nobody anywhere",
        put("passage.csv", b"id,checkpoint,group,share,papers_hours\nm,gate,men,2,0\n"),
        ("unknown_reference", "passage.csv", 2, "checkpoint"),
        ("unknown_reference", "passage.csv", 2, "group"),
        ("out_of_range", "passage.csv", 2, "share"),
        ("not_positive", "passage.csv", 2, "papers_hours"),
    ),
    case(
        "wishes for places that are no destination",
        put(
            "wishes.csv",
            b"group,place,weight\nfamilies_with_car,capital,2\nfamilies_with_car,village,2\n"
            b"families_with_car,moon,2\nfamilies_with_car,border_town,-1\n",
        ),
        ("idle_wish", "wishes.csv", 2, "place"),
        ("idle_wish", "wishes.csv", 3, "place"),
        ("unknown_reference", "wishes.csv", 4, "place"),
        ("not_positive", "wishes.csv", 5, "weight"),
    ),
    case(
        "one wish twice",
        put("wishes.csv", b"group,place,weight\nfamilies_with_car,border_town,2\nfamilies_with_car,border_town,3\n"),
        ("duplicate_id", "wishes.csv", 3, "group"),
    ),
    case(
        "a refuge that nobody can come to",
        swap(PLACES, "inside,10.12,20.05,,", "inside,10.12,20.05,1,"),
        swap(ROADS, "direction,character", "direction,lanes_back"),
        swap(ROADS, "normal,gravel", "normal,0"),
        swap(ROADS, "normal,two lanes through hills", "normal,1"),
        swap(ROADS, "normal,two lanes", "normal,1"),
        swap(ROADS, "normal,main road", "normal,1"),
        ("idle_refuge", PLACES, 4, "attractiveness"),
    ),
    case(
        "people look more often than a step is long",
        swap(
            "parameters.csv", "name,value,note\n", "name,value,note\ninformed_share,0.1..0.3,\ninformed_minutes,10,\n"
        ),
        ("coarse_step", "parameters.csv", 4, "value"),
    ),
    case(
        "people look more often than an hourly step",
        swap("scenario.toml", "step_minutes = 15", "step_minutes = 60"),
        swap("parameters.csv", "name,value,note\n", "name,value,note\ninformed_share,0.1,\n"),
        ("coarse_step", "parameters.csv", 3, "value"),
    ),
    case(
        "danger beyond 1, and on no road",
        add(EVENTS, "fear,2025-03-02,road_danger,town-bridge,,2,,,"),
        add(EVENTS, "more,2025-03-02,road_danger,town,,0.5,,,"),
        ("out_of_range", EVENTS, 7, "value"),
        ("unknown_reference", EVENTS, 8, "target"),
    ),
    case(
        "a train that nothing runs",
        swap("groups.csv", "with a car,own,", "with a car,own train,"),
        ("no_service", "groups.csv", 3, "transport"),
    ),
    # several at once
    case(
        "five mistakes in five files",
        swap(PLACES, "latitude", "lattitude"),
        swap(ROADS, ",32,", ",32 km,"),
        swap("people.csv", "1500..2500", "2500..1500"),
        swap(EVENTS, ",danger,", ",dangr,"),
        swap(CLAIMS, "c1,s1", "c1,s2"),
        ("unknown_column", PLACES, 2, "lattitude"),
        ("wrong_unit", ROADS, 4, "length_km"),
        ("range_reversed", "people.csv", 4, "people"),
        ("unknown_kind", EVENTS, 4, "kind"),
        ("claim_without_source", CLAIMS, 2, "source"),
    ),
)
