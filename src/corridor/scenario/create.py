"""A new scenario folder: the commented template, under the user's name."""

from __future__ import annotations

import json
from importlib import resources
from typing import TYPE_CHECKING

from corridor.scenario.faults import UsageError
from corridor.scenario.folder import SETTINGS
from corridor.scenario.writing import building

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.resources.abc import Traversable
    from pathlib import Path

LONGEST_TITLE, LONGEST_ID = 200, 100  # characters


def create_scenario(folder: Path, title: str | None = None) -> list[Path]:
    """Write the template into a new or empty folder and return the files written.

    The folder's name becomes the scenario's id. Raises UsageError when anything would be overwritten, when
    the title cannot be used, or when the folder cannot be written.
    """
    changes = {"id": _make_id(folder.absolute().name)}
    if title is not None:
        changes["title"] = _check_title(title)
    written = []
    with building(folder) as fresh:
        for name, text in _read_template():
            path = fresh / name
            path.parent.mkdir(parents=True, exist_ok=True)
            content = _set_keys(text, changes) if name == SETTINGS else text
            path.write_text(content, encoding="utf-8", newline="\n")
            written.append(folder / name)
    return written


def _read_template() -> Iterator[tuple[str, str]]:
    """Yield (path inside the folder, text) of every file of the template."""
    todo: list[tuple[str, Traversable]] = [("", resources.files("corridor.scenario") / "template")]
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
