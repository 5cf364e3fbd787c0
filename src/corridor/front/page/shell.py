"""What the local page shows before the model is loaded: its words, and what does not change in the case."""

from __future__ import annotations

import json
import math
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corridor.scenario.areas import find_sides
from corridor.scenario.faults import UsageError
from corridor.scenario.scenario import Scenario, read_scenario
from corridor.scenario.transport import list_transports
from corridor.scenario.values import Quantity, TimeRange
from corridor.scenario.version import __version__
from corridor.words.catalogue import list_words
from corridor.words.language import LANGUAGES, choose_language

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridor.scenario.faults import Fault

WAY = ("id", "name", "kind", "from", "to", "length_km", "lanes", "lanes_back", "jam_per_km")


def list_page_words(language: str) -> dict[str, Any]:
    """Return the words of the page in a language, with those it can be shown in.

    Raises UsageError for a language that there is not.
    """
    chosen = choose_language(language)
    there = [{"code": one.code, "name": one.name, "direction": one.direction} for one in LANGUAGES.values()]
    words = list_words(chosen, "page.")
    return {"language": chosen.code, "direction": chosen.direction, "languages": there, "words": words}


def read_shown(folder: Path) -> tuple[Scenario, str]:
    """Return the case of a stored run as it was then, and its parameter set, without what reads the run's numbers.

    Raises UsageError when the folder holds no run that can be read, FaultsError for a case that is damaged.
    """
    from corridor.results.store import TABLES, read_manifest

    manifest = read_manifest(folder)
    return read_scenario(folder / TABLES, manifest["variant"] or None), str(manifest["parameters"])


def describe_case(case: Scenario, parameters: str | None = None, outline: Path | None = None) -> dict[str, Any]:
    """Return what does not change while a page is open: names, period, places, ways, checkpoints, events, sets.

    Positions are degrees, lengths km, times local. `outline` is a GeoJSON file of lines to draw below the map.
    Raises UsageError when it cannot be read.
    """
    chosen = case.choose_set(parameters)
    settings = case.settings
    names = ("id", "title", "sensitivity", "disclaimer", "time_zone")
    return {
        **{name: str(settings[name]) for name in names},
        "version": __version__,
        "data_date": str(settings["data_date"])[:10],
        "start": "" if case.talks_alone else case.start.isoformat(timespec="minutes"),
        "end": "" if case.talks_alone else case.end.isoformat(timespec="minutes"),
        "talks_alone": case.talks_alone,
        "parameters": chosen,
        "sets": [{"name": name, "title": str(about.get("title") or name)} for name, about in case.sets.items()],
        "variant": case.variant_name,
        "variants": list(case.variants),
        "places": _list_places(case, chosen),
        "ways": _pick(case, chosen, "roads", *WAY),
        "services": _list_services(case, chosen),
        "checkpoints": _pick(case, chosen, "checkpoints", "id", "name", "place"),
        "desks": _pick(case, chosen, "desks", "id", "name", "place"),
        "areas": _pick(case, chosen, "areas", "id", "name", "inside"),
        "events": _pick(case, chosen, "events", "id", "label", "kind", "time"),
        "outline": read_outline(outline or case.folder / "x_layers" / "outline.geojson", asked=outline is not None),
    }


def describe_unusable(folder: Path, faults: Sequence[Fault]) -> dict[str, Any]:
    """Return what is known of a case that has errors: enough for the screen on which its tables can be mended."""
    blank = dict.fromkeys(("id", "sensitivity", "disclaimer", "time_zone", "data_date", "start", "end"), "")
    tables = ("sets", "variants", "places", "ways", "services", "checkpoints", "desks", "areas", "events", "outline")
    lists: dict[str, list[Any]] = {name: [] for name in tables}
    return {**blank, **lists, "title": folder.resolve().name, "version": __version__, "faults": len(faults)}


def _pick(case: Scenario, parameters: str, table: str, *columns: str) -> list[dict[str, Any]]:
    """Return some columns of a table's rows as plain data; a column that the table lacks is left out."""
    rows = case.rows(table, parameters) if table in case.tables else ()
    return [{column: _plain(row.values[column]) for column in columns if column in row.values} for row in rows]


def _list_places(case: Scenario, parameters: str) -> list[dict[str, Any]]:
    """Return the places, with the side (inside, outside) on which each lies."""
    sides = find_sides(case.rows("places", parameters), case.rows("areas", parameters))
    places = _pick(case, parameters, "places", "id", "name", "other_names", "kind", "latitude", "longitude", "area")
    return [{**place, "side": sides[place["id"]]} for place in places]


def _list_services(case: Scenario, parameters: str) -> list[dict[str, Any]]:
    """Return the services, with the kind of way (rail, water, air, road) that each goes by."""
    transports = list_transports(case.rows("transport", parameters))
    services = _pick(case, parameters, "services", "id", "name", "from", "to", "transport")
    return [{**service, "kind": next(iter(transports[service["transport"]].ways), "")} for service in services]


def _plain(value: Any) -> Any:
    if isinstance(value, Quantity):
        return value.median
    if isinstance(value, TimeRange):
        return [value.start.isoformat(timespec="minutes"), value.end.isoformat(timespec="minutes")]
    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes")
    if isinstance(value, (tuple, list)):
        return [str(one) for one in value]
    return value if isinstance(value, (int, float, str, bool, type(None))) else str(value)


def read_outline(path: Path, asked: bool = True) -> list[list[list[float]]]:
    """Return the lines of a GeoJSON file [line][point][longitude, latitude]; none where it is absent and unasked.

    Raises UsageError for a file that cannot be read or holds no lines.
    """
    if not path.is_file() and not asked:
        return []
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        features = document["features"] if document["type"] == "FeatureCollection" else [document]
        geometries = [feature.get("geometry", feature) for feature in features]
        found = [[[float(x), float(y)] for x, y, *_ in line] for g in geometries for line in _lines(g)]
        if not all(math.isfinite(number) for line in found for point in line for number in point):
            message = "a point is no number"
            raise ValueError(message)
        return found
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError, OverflowError) as error:
        message = f"{path} cannot be read as GeoJSON with lines or areas: {error}"
        raise UsageError(message) from error


def _lines(geometry: dict[str, Any]) -> list[Any]:
    kind, points = geometry["type"], geometry.get("coordinates", [])
    if kind == "LineString":
        return [points]
    if kind in ("MultiLineString", "Polygon"):
        return list(points)
    return [ring for area in points for ring in area] if kind == "MultiPolygon" else []
