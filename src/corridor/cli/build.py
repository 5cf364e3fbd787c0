"""`corridor build`: a case from an extract of OpenStreetMap, an area, and tables of others."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

import corridor as co
from corridor.cli.answer import answer, say

Roads = Annotated[Path | None, typer.Option(metavar="FILE", help="Extract of OpenStreetMap (.osm.pbf, .osm).")]
Inside = Annotated[
    Path | None, typer.Option(metavar="FILE", help="What is cut off: polygon in GeoJSON, GeoPackage or shapefile.")
]
Code = Annotated[str | None, typer.Option(help="Place code or name of the area in that file.")]
People = Annotated[list[Path] | None, typer.Option(metavar="FILE", help="Table of people by place code or name.")]
Events = Annotated[list[Path] | None, typer.Option(metavar="FILE", help="Events of ACLED or UCDP.")]
Counts = Annotated[list[Path] | None, typer.Option(metavar="FILE", help="Counts of UNHCR, DTM, HAPI or a sheet.")]
Names = Annotated[Path | None, typer.Option(metavar="FILE", help="Dump of GeoNames: names in all languages.")]
Mapping = Annotated[Path | None, typer.Option("--map", metavar="FILE", help="How columns are called.")]
Start = Annotated[str | None, typer.Option(metavar="TIME", help="First moment, local: 2026-03-01.")]
End = Annotated[str | None, typer.Option(metavar="TIME", help="Last moment.")]
Smallest = Annotated[str | None, typer.Option(help="Smallest class of road read: unclassified if not given.")]
Kinds = Annotated[str | None, typer.Option(help="Kinds of place kept inside: city,town,village if not given.")]
Beyond = Annotated[float | None, typer.Option(help="Km by road from the area within which places outside are kept.")]
Language = Annotated[str | None, typer.Option(help="Language of the names shown: en if not given.")]


def build(
    case: Annotated[Path, typer.Argument(metavar="CASE", help="New folder, or a case that was built before.")],
    roads: Roads = None,
    inside: Inside = None,
    code: Code = None,
    people: People = None,
    events: Events = None,
    counts: Counts = None,
    names: Names = None,
    mapping: Mapping = None,
    start: Start = None,
    end: End = None,
    title: Annotated[str | None, typer.Option(help="Title of the case.")] = None,
    time_zone: Annotated[str | None, typer.Option(help="Time zone as in Asia/Yerevan; UTC if not given.")] = None,
    smallest: Smallest = None,
    kinds: Kinds = None,
    beyond: Beyond = None,
    language: Language = None,
    show: Annotated[
        bool, typer.Option("--show", help="Show what building again would change and write nothing.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Build a case that runs from files, or build one again: what a person has changed since stays.

    It ends with a map, with what to ask first and with the next command, never with a result.
    """
    wishes: dict[str, Any] = {"roads": roads, "inside": inside, "code": code, "people": people, "events": events}
    wishes |= {"counts": counts, "names": names, "map": mapping, "start": start, "end": end, "title": title}
    wishes |= {"time_zone": time_zone, "smallest": smallest, "beyond_km": beyond, "language": language}
    wishes["kinds"] = tuple(kind.strip() for kind in kinds.split(",")) if kinds else None
    made = co.build(case, show_only=show, **wishes)
    following = f"corridor check {case}"
    answer({**made.describe(), "next": following}, f"{made}\n", as_json)
    say("nothing was written (--show)" if show else f"next: edit {case}, then {following}")
