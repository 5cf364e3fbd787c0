"""Names of places from a dump of GeoNames: tab-separated, one place a line, its names in all languages in one cell.

Source of the columns: https://download.geonames.org/export/dump/readme.txt (licence: CC BY 4.0). Its numbers of people
carry no day and are left alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from corridor.build.network import measure_km
from corridor.build.settle import Settled
from corridor.build.texts import fold_name
from corridor.scenario.faults import FaultsError, fault

NAME, PLAIN, OTHERS, LATITUDE, LONGITUDE, CLASS, COLUMNS = 1, 2, 3, 4, 5, 6, 19
NEAR_KM = 10.0  # within which two places of one name are one


@dataclass
class NamesRead:
    """Names by point of the network, and what became of the lines."""

    names: dict[int, list[str]] = field(default_factory=dict)
    read: int = 0
    used: int = 0
    unreadable: int = 0

    def __str__(self) -> str:
        """Return the account in words."""
        other = self.read - self.used - self.unreadable
        return (
            f"read {self.read:,} lines, used {self.used:,}, dropped {self.read - self.used:,}: {other:,} name no "
            f"place of the case within {NEAR_KM:g} km, {self.unreadable:,} are no lines of such a dump"
        )


def read_names(path: Path, settled: dict[int, Settled]) -> NamesRead:
    """Return further names of places: of the dump's entry with one of the same names nearby.

    Raises FaultsError (`build_file`) when the file is not there or is no text.
    """
    if not path.is_file():
        raise FaultsError([fault("build_file", (str(path), 0, ""))])
    by_name: dict[str, list[int]] = {}
    for point, one in settled.items():
        for name in {fold_name(name) for name in (one.place.name, *one.place.names)} - {""}:
            by_name.setdefault(name, []).append(point)
    found = NamesRead()
    try:
        with path.open(encoding="utf-8-sig", newline="\n") as lines:
            for line in lines:
                if line.strip():
                    _take(line.rstrip("\r\n").split("\t"), by_name, settled, found)
    except (UnicodeDecodeError, OSError) as error:
        raise FaultsError([fault("build_file.unreadable", (str(path), 0, ""), reason=error)]) from error
    return found


def _take(cells: list[str], by_name: dict[str, list[int]], settled: dict[int, Settled], found: NamesRead) -> None:
    found.read += 1
    try:
        latitude, longitude = float(cells[LATITUDE]), float(cells[LONGITUDE])
    except (IndexError, ValueError):
        found.unreadable += 1
        return
    if len(cells) < COLUMNS or cells[CLASS] != "P":
        return
    names = [cells[NAME], cells[PLAIN], *cells[OTHERS].split(",")]
    for point in dict.fromkeys(point for name in names for point in by_name.get(fold_name(name), [])):
        place = settled[point].place
        if measure_km(place.latitude, place.longitude, latitude, longitude) <= NEAR_KM:  # type: ignore[arg-type]
            found.names.setdefault(point, []).extend(names)
            found.used += 1
            return
