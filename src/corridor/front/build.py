"""A case from files of others: roads, an area, people, events, counts. It runs; what it says rests on your answers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corridor.build.assemble import Assembled, assemble
from corridor.build.merge import MOST_TOLD, Changes
from corridor.build.rebuild import lay_down
from corridor.build.wishes import Wishes, find_path, make_wishes, read_wishes
from corridor.front.count_files import add_count_file
from corridor.report.pictures.built import draw_built
from corridor.scenario.faults import Fault

MAP = "map.svg"
IN_A_MAPPING = {  # what an option of `corridor counts add` says, where a build has a mapping
    "--published": "a column published, or published under [source] of its mapping,",
    "--series": "series under [counts] of its mapping",
    "--source": "publisher under [source] of its mapping",
}


@dataclass(frozen=True)
class Built:
    """What a build made.

    `accounts` say of each file what was read, used and dropped; `warnings` are faults of severity warning (figures
    younger than the start, places not connected); `questions` are the assumptions that matter most; `changes` is what
    building again did, file by file; `numbers` counts places, crossings and roads.
    """

    folder: Path
    accounts: tuple[str, ...]
    warnings: tuple[Fault, ...]
    questions: tuple[str, ...]
    changes: tuple[Changes, ...]
    numbers: dict[str, int]
    attribution: str

    def describe(self) -> dict[str, Any]:
        """Return all of it, JSON-ready."""
        changes = [{"file": one.file, "taken": one.taken, "kept": one.kept} for one in self.changes]
        warnings = [
            {"code": one.code, "found": one.found, "allowed": one.allowed, "fix": one.fix} for one in self.warnings
        ]
        return {
            "folder": str(self.folder), "numbers": self.numbers, "accounts": list(self.accounts), "warnings": warnings,
            "questions": list(self.questions), "changes": changes, "attribution": self.attribution,
        }  # fmt: skip

    def __str__(self) -> str:
        """Return it in words: what was read, what changed, what is not connected, what to ask. Never a result."""
        numbers = self.numbers
        lines = [f"{self.folder}: {numbers['places']} places inside, {numbers['crossings']} crossings, "
                 f"{numbers['outside']} places outside, {numbers['roads']} roads", *self.accounts]  # fmt: skip
        for one in self.changes:
            lines += [f"{one.file}:"] + [f"  {text}" for text in (*one.taken, *one.kept)[:MOST_TOLD]]
            more = len(one.taken) + len(one.kept) - MOST_TOLD
            lines += [f"  ... {more} more"] if more > 0 else []
        lines += [f"warning: {one.found}; wanted: {one.allowed}" for one in self.warnings]
        lines += [f"map: {self.folder / MAP}"] if (self.folder / MAP).is_file() else []
        lines += [self.attribution, "", "Answer these first: no data set does."]
        return "\n".join([*lines, *(f"{i}. {text}" for i, text in enumerate(self.questions, 1))])


def build(folder: Path | str, *, show_only: bool = False, **wishes: Any) -> Built:
    """Build a case from files into a new folder, or build one again; a person's changes stay as they are.

    `wishes` are those of `corridor.build.wishes.Wishes`: `roads` (an extract of OpenStreetMap), `inside` (the area:
    GeoJSON, GeoPackage or shapefile) and `code` (a place code or name in it), `start` and `end` (local times),
    `people`, `events`, `counts` (files), `names` (a dump of GeoNames), `map` (how columns are called), and options. A
    case that was built before has them in its build.toml; those named here replace them. `show_only` writes nothing.

    Raises UsageError for wishes that cannot be met or a folder in use, FaultsError for files that cannot be used.
    """
    target = Path(folder)
    earlier = read_wishes(target)
    base, chosen = place_paths(target, wishes, earlier[0] if earlier else None)
    made = assemble(chosen, target.absolute().name, base)
    files = {**made.files, MAP: draw_built(made.picture)}
    changes = lay_down(target, files, show_only)
    if not show_only:
        _add_counts(target, made, chosen, base)
    return _tell(target, made, changes)


def _add_counts(target: Path, made: Assembled, wishes: Wishes, base: Path) -> None:
    """Add the counts of each file as `corridor counts add` does; those that the case has already stay as they are."""
    common = find_path(base, wishes.map) if wishes.map else None
    for path in (find_path(base, path) for path in wishes.counts):
        own = path.with_name(f"{path.name}.toml")
        account = str(add_count_file(target, path, own if own.is_file() else common))
        for option, instead in IN_A_MAPPING.items():
            account = account.replace(f"({option} ", f"({instead} ")
        made.accounts.append(account)


def _tell(target: Path, made: Assembled, changes: list[Changes]) -> Built:
    questions = tuple(str(question) for question in made.questions)
    told = (tuple(made.accounts), tuple(made.warnings), questions, tuple(changes))
    return Built(target, *told, made.counts, made.attribution)


def place_paths(target: Path, wishes: dict[str, Any], earlier: Wishes | None) -> tuple[Path, Wishes]:
    """Return the folder that paths are relative to (the case's own), and the wishes with paths seen from there.

    A file far from the case is named in full, so that a case that moves with its files finds them again.
    """
    base = target.absolute()
    given = dict(wishes)
    for name in ("roads", "inside", "people", "events", "counts", "names", "map"):
        value = given.get(name)
        if value:
            many = isinstance(value, list | tuple)
            paths = [_see_from(base, Path(path)) for path in (value if many else [value])]
            given[name] = tuple(paths) if many else paths[0]
    return base, make_wishes(given, earlier)


def _see_from(base: Path, path: Path) -> str:
    """Return a path relative to a folder where both are within its parent's parent, else in full."""
    full = Path(path).absolute()
    for up, above in (("", base), ("../", base.parent), ("../../", base.parent.parent)):
        if full.is_relative_to(above) and above != Path(above.anchor):
            return up + full.relative_to(above).as_posix()
    return full.as_posix()
