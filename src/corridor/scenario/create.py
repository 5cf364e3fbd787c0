"""A new scenario folder: the commented template, under the user's name."""

from __future__ import annotations

import csv
import json
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from corridor.scenario.draft import suggest
from corridor.scenario.faults import UsageError
from corridor.scenario.folder import SETTINGS
from corridor.scenario.writing import building

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from importlib.resources.abc import Traversable
    from pathlib import Path

FIRST, PARTS = "one-road", ("relief", "deal")  # the template that others are laid over; what may be added to any
ALONE = ("talks",)  # templates that are laid over nothing, and to which nothing is added
LONGEST_TITLE, LONGEST_ID = 200, 100  # characters


def create_scenario(folder: Path, title: str | None = None, like: str = FIRST, extra: Iterable[str] = ()) -> list[Path]:
    """Write the template of a kind into a new or empty folder and return the files written.

    `like` names a kind of `load_kinds`, `extra` parts of `PARTS` to add. The folder's name becomes the scenario's id.
    Raises UsageError when anything would be overwritten, when kind, part or title cannot be used, or when the folder
    cannot be written.
    """
    changes = {"id": _make_id(folder.absolute().name), "title": _choose_title(like)}
    if title is not None:
        changes["title"] = _check_title(title)
    parts = tuple(extra)
    for part in parts:
        if part not in PARTS:
            message = f'a template can be written with {" and ".join(PARTS)}, not with "{part}"{suggest(part, PARTS)}'
            raise UsageError(message)
    if parts and like in ALONE:
        message = f'the template "{like}" stands alone: add {" and ".join(parts)} to one that has places and people'
        raise UsageError(message)
    written = []
    with building(folder) as fresh:
        for name, text in sorted(_lay_over(like, parts).items()):
            path = fresh / name
            path.parent.mkdir(parents=True, exist_ok=True)
            content = _set_keys(text, changes) if name == SETTINGS else text
            path.write_text(content, encoding="utf-8", newline="\n")
            written.append(folder / name)
    return written


@cache
def load_kinds() -> dict[str, dict[str, str]]:
    """Return title and meaning of the kinds of template, by name (templates/kinds.csv)."""
    text = (resources.files("corridor.scenario") / "templates" / "kinds.csv").read_text(encoding="utf-8")
    return {row["kind"]: row for row in csv.DictReader(text.splitlines())}


def _choose_title(like: str) -> str:
    kinds = load_kinds()
    if like not in kinds:
        message = f'there is no template "{like}"; there are {", ".join(kinds)}{suggest(like, kinds)}'
        raise UsageError(message)
    return kinds[like]["title"]


def _lay_over(like: str, parts: Iterable[str]) -> dict[str, str]:
    """Return the files of the first template with those of a kind and of parts laid over them."""
    if like in ALONE:
        return dict(_read_template(f"templates/{like}"))
    files = dict(_read_template("template"))
    for name in ([] if like == FIRST else [like]) + [f"with-{part}" for part in parts]:
        files |= dict(_read_template(f"templates/{name}"))
    return files


def _read_template(name: str) -> Iterator[tuple[str, str]]:
    """Yield (path inside the folder, text) of every file of a template."""
    todo: list[tuple[str, Traversable]] = [("", resources.files("corridor.scenario").joinpath(*name.split("/")))]
    while todo:
        prefix, here = todo.pop()
        for item in sorted(here.iterdir(), key=lambda entry: entry.name):
            if item.is_dir():
                todo.append((f"{prefix}{item.name}/", item))
            else:
                yield prefix + item.name, item.read_text(encoding="utf-8")


def _set_keys(text: str, changes: dict[str, str]) -> str:
    """Replace the values of keys that stand on lines of their own."""
    lines = text.splitlines()
    for number, line in enumerate(lines):
        key = line.partition(" = ")[0]
        if key in changes:
            quoted = json.dumps(changes[key], ensure_ascii=False)  # texts of JSON are texts of TOML
            lines[number] = f"{key} = {quoted}"
    return "\n".join(lines) + "\n"


def _make_id(name: str) -> str:
    kept = "".join(sign if sign.isalnum() or sign in "_-" else "-" for sign in name).strip("-")
    return kept[:LONGEST_ID] or "my-scenario"


def _check_title(title: str) -> str:
    if not title.strip() or not title.isprintable() or len(title) > LONGEST_TITLE:
        message = f"a title has 1 to {LONGEST_TITLE} printable characters"
        raise UsageError(message)
    return title.strip()
