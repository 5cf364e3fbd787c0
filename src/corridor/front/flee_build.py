"""A folder of Flee from the same files as a case: routes of true length."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from corridor.build.assemble import Assembled, assemble
from corridor.build.counts import read_counts
from corridor.build.known_places import KnownPlaces
from corridor.build.units import find_mapping, list_places
from corridor.build.wishes import Wishes, find_path
from corridor.flee.build import FleeCounts, write_flee_files
from corridor.front.build import place_paths
from corridor.scenario.visible import make_visible
from corridor.scenario.writing import building


@dataclass(frozen=True)
class BuiltFlee:
    """A folder of Flee that was built: its files, what was read, what was assumed."""

    folder: Path
    files: tuple[str, ...]
    accounts: tuple[str, ...]
    assumed: tuple[str, ...]
    attribution: str

    def __str__(self) -> str:
        """Return it in words."""
        assumed = [f"assumed: {text}" for text in self.assumed]
        return "\n".join([f"{self.folder}: {len(self.files)} files", *self.accounts, *assumed, self.attribution])


def build_flee(folder: Path | str, **wishes: Any) -> BuiltFlee:
    """Write a folder of Flee from an extract, an area, people, events and counts; `wishes` are those of `build`.

    Places outside are camps; crossings and junctions are markers; a route is as long as its road. Raises UsageError
    for wishes that cannot be met or a folder in use, FaultsError for files that cannot be used.
    """
    target = Path(folder)
    base, chosen = place_paths(target, wishes, None)
    made = assemble(chosen, target.absolute().name, base)
    conflicts: dict[str, set[date]] = {}
    for row in made.events:
        if row["value"] != "0":
            conflicts.setdefault(str(row["target"]), set()).add(datetime.fromisoformat(str(row["time"])).date())
    counts = _read_counts(chosen, made, base)
    told = (made.spots, made.small.chains, made.people, conflicts, counts, chosen.period)
    files, assumed = write_flee_files(*told)
    files["README.md"] = _write_readme(made, assumed)
    with building(target, "simsetting.yml") as fresh:
        for name, text in files.items():
            (fresh / name).parent.mkdir(parents=True, exist_ok=True)
            (fresh / name).write_text(text, encoding="utf-8", newline="\n")
    return BuiltFlee(target, tuple(sorted(files)), tuple(made.accounts), tuple(assumed), made.attribution)


def _read_counts(wishes: Wishes, made: Assembled, base: Path) -> FleeCounts:
    """Return the counts of places outside; every file tells its account."""
    found: dict[str, dict[date, float]] = {}
    places = list_places(made.small, made.spots, find_path(base, wishes.inside)) if wishes.counts else ()
    common = find_path(base, wishes.map) if wishes.map else None
    outside = {place.id for place in places if not place.inside}
    for path in (find_path(base, path) for path in wishes.counts):
        counted = read_counts(path, KnownPlaces(places), find_mapping(path, common, "counts"))
        for figure in counted.figures:
            if figure.where in outside and figure.people is not None:
                found.setdefault(figure.where, {})[figure.day] = figure.people
            else:
                for line in figure.lines:
                    counted.reading.take_back(
                        line, "no number of people at a place outside, which is what Flee's camps are"
                    )
        made.accounts.append(str(counted.reading))
    return FleeCounts(found)


def _write_readme(made: Assembled, assumed: list[str]) -> str:
    lines = ["# A folder of Flee built from files", "", f"Roads and places {made.attribution}.", ""]
    lines += ["Distances are kilometres by road.", "", "## What was read"]
    lines += [f"- {text}".replace("\n", "; ") for text in made.accounts]
    lines += ["", "## What was assumed", *(f"- {text}" for text in assumed), "", "## Not connected"]
    lost = [f"- {one.place.name}: {one.why}" for one in made.small.unconnected]
    return make_visible("\n".join([*lines, *(lost or ["All places inside are on a road."])])) + "\n"
