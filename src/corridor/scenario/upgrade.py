"""From an older format of scenario folders to the present one, step by step; the old files stay beside the new ones.

Fitted draws as versions before 0.3 made them cannot be used by the filter that learns now: they are taken out of the
settings and kept beside them.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from corridor.scenario.draft import Draft, show
from corridor.scenario.draws import OldDrawsError, parse_draws
from corridor.scenario.faults import FaultsError, UsageError
from corridor.scenario.files import can_open_folder, read_text, read_toml
from corridor.scenario.folder import is_inside
from corridor.scenario.read import SETTINGS, read_draft, read_format
from corridor.scenario.schema import FORMAT
from corridor.scenario.writing import write_file

Step = Callable[[Path], dict[str, str]]  # from a folder to the new text of every file that changes

STEPS: tuple[Step, ...] = ()  # STEPS[n - 1] leads from format n to n + 1; format 1, that of version 0.1, still holds


def upgrade_folder(folder: Path) -> list[str]:
    """Bring a folder to the present format and return what was changed, a sentence a file; none if nothing had to be.

    A file is kept as FILE.format-N before it is written anew, scenario.toml last. Raises FaultsError when
    scenario.toml cannot be read or is of a newer format, UsageError when it names none, when the
    folder cannot be written or a file kept by an upgrade (one that was stopped, say) is there already.
    """
    draft = Draft(folder)
    read = read_toml(folder / SETTINGS, draft.faults) if can_open_folder(folder, draft.faults) else None
    present = FORMAT if read is None else read_format(draft, read[0])
    if draft.faults:
        raise FaultsError(draft.faults)
    said = "1" if read is None else str(read[0].get("format", 1))
    if not said.isdecimal() or said == "0":
        message = f"{SETTINGS} says format = {show(said)}, which is none: write a whole number or no such line"
        raise UsageError(message)
    changed = []
    for number, step in enumerate(STEPS[present - 1 :], present):
        texts = step(folder)
        settings = texts.pop(SETTINGS, (folder / SETTINGS).read_text(encoding="utf-8"))
        texts[SETTINGS] = _set_format(settings, number + 1)
        for file, text in texts.items():
            changed.append(_rewrite(folder / file, text, number))
    return changed + _take_out_draws(folder)


def _take_out_draws(folder: Path) -> list[str]:
    """Take files of draws that an older version fitted out of the sets that name them; damaged ones are left."""
    changed = []
    for name, known in read_draft(folder).sets.items():
        file = known.get("draws")
        if not isinstance(file, str) or not is_inside(folder, file):
            continue
        try:
            parse_draws(read_text(folder / file, []) or "")
        except OldDrawsError:
            _remove_key(folder / SETTINGS, "draws", file)
            text = f"{SETTINGS} names {file} no more (fitted by an older version; the file is kept)"
            changed.append(f"{text}: make it anew with corridor forecast --parameters {name} --draws FILE")
        except ValueError:
            continue
    return changed


def _remove_key(path: Path, key: str, value: str) -> None:
    """Make a comment of the line that gives a key a value in a file of settings."""
    lines = path.read_text(encoding="utf-8").splitlines()
    quoted = (f'"{value}"', f"'{value}'")
    told = [line.partition("=")[0].strip() == key and any(one in line for one in quoted) for line in lines]
    write_file(path, "\n".join(f"# {line}" if old else line for line, old in zip(lines, told, strict=True)) + "\n")


def _set_format(text: str, number: int) -> str:
    lines = [line for line in text.splitlines() if line.partition("=")[0].strip() != "format"]
    return "\n".join([f"format = {number}", *lines]) + "\n"


def _rewrite(path: Path, text: str, number: int) -> str:
    kept = path.with_name(f"{path.name}.format-{number}")
    if path.exists():
        old = path.read_bytes()
        if kept.exists() and kept.read_bytes() != old:
            message = f"{path} cannot be brought to format {number + 1}: {kept.name} is there and holds something else"
            raise UsageError(message)
        write_file(kept, old)
    write_file(path, text)
    return f"{path.name} written in format {number + 1}, the old one kept as {kept.name}"
