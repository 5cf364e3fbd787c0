"""A built case put into its folder: whole into a new one; into one that was built before, beside a person's changes."""

from __future__ import annotations

from pathlib import Path

from corridor.build.merge import Changes, merge_settings, merge_table
from corridor.build.wishes import FILE
from corridor.scenario.faults import UsageError
from corridor.scenario.schema import key_of, table_files
from corridor.scenario.writing import building, remove_unfinished, write_files

BUILT = "built"  # folder within the case: the tables as they were built last
OURS = (FILE, "map.svg")  # files that nobody edits


def lay_down(folder: Path, files: dict[str, str], show_only: bool = False) -> list[Changes]:
    """Write the files of a built case and return what building again changed, file by file.

    `show_only` writes nothing. Raises UsageError when the folder holds what was not built, or cannot be written.
    """
    if not (folder / FILE).is_file():
        if show_only:
            return []
        with building(folder) as fresh:
            for name, text in _with_copies(files).items():
                (fresh / name).parent.mkdir(parents=True, exist_ok=True)
                (fresh / name).write_text(text, encoding="utf-8", newline="\n")
        return []
    if not show_only:
        remove_unfinished(folder.rglob(".*.part"))  # also of files that need no writing this time
    texts, changes = merge_files(folder, files)
    if not show_only:
        write_files({folder / name: text for name, text in texts.items()})
    return [one for one in changes if one]


def merge_files(folder: Path, files: dict[str, str]) -> tuple[dict[str, str], list[Changes]]:
    """Return the texts to write and what changes, of each file of a case that was built before."""
    texts, changes = dict[str, str](), list[Changes]()
    copies = [path for path in (folder / BUILT).rglob("*") if path.is_file() and not path.name.startswith(".")]
    earlier = {path.relative_to(folder / BUILT).as_posix() for path in copies}
    for name in sorted({*files, *earlier}):
        fresh = files.get(name, "")
        base, mine = _read(folder / BUILT / name), _read(folder / name)
        text, change = (fresh, Changes(name)) if name in OURS else _merge(name, base, mine, fresh)
        if text is not None and text != mine:
            texts[name] = text
        changes.append(change)
    fresh_copies = {name: text for name, text in _with_copies(files).items() if name.startswith(f"{BUILT}/")}
    gone = {f"{BUILT}/{name}": "" for name in earlier - files.keys()}
    texts |= {name: text for name, text in {**gone, **fresh_copies}.items() if text != _read(folder / name)}
    return texts, changes


def _merge(name: str, base: str | None, mine: str | None, fresh: str) -> tuple[str | None, Changes]:
    """Return the text of a file, None to leave it as it is, and what to say."""
    changes = Changes(name)
    if mine is None:
        if base:
            changes.kept.append("you removed the file; it stays away")
            return None, changes
        changes.taken.append("added")
        return fresh, changes
    if mine == base and mine != fresh and name.endswith(".md"):
        changes.taken.append("written anew")
        return fresh, changes
    tables = {file: table for table, file in table_files().items()}
    try:
        if name.endswith(".toml"):
            return merge_settings(name, base or "", mine, fresh)
        if name.endswith(".csv"):
            key = key_of(tables[name]) if name in tables else ()
            return merge_table(name, key, base or "", mine, fresh)
    except ValueError as error:
        changes.kept.append(f"left as it is, for it cannot be told row by row: {error}")
        return None, changes
    if mine != fresh:
        changes.kept.append(f"your text stands; the new one is in {BUILT}/{name}")
    return None, changes


def _with_copies(files: dict[str, str]) -> dict[str, str]:
    copies = {f"{BUILT}/{name}": text for name, text in files.items() if name not in OURS}
    return {**files, **copies}


def _read(path: Path) -> str | None:
    """Return a file's text; a table's with its ends of lines and byte order mark, for they are a person's too."""
    try:
        if path.suffix == ".csv" and path.is_file():
            return path.read_bytes().decode("utf-8")
        return path.read_text(encoding="utf-8-sig") if path.is_file() else None
    except UnicodeDecodeError as error:
        message = f"{path} is not UTF-8 text ({error.reason}); save it as UTF-8, then build again; nothing was changed"
        raise UsageError(message) from error
