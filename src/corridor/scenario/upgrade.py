"""From an older format of scenario folders to the present one, step by step; the old files stay beside the new ones.

Fitted draws that were made before such files said how many rows they have are stamped too.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from corridor.scenario.draft import Draft
from corridor.scenario.draws import UnstampedError, parse_draws, stamp_text
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
    scenario.toml cannot be read or is of a newer format, UsageError when the folder cannot be written or a file kept
    by an upgrade (one that was stopped, say) is there already.
    """
    draft = Draft(folder)
    read = read_toml(folder / SETTINGS, draft.faults) if can_open_folder(folder, draft.faults) else None
    present = FORMAT if read is None else read_format(draft, read[0])
    if draft.faults:
        raise FaultsError(draft.faults)
    changed = []
    for number, step in enumerate(STEPS[present - 1 :], present):
        texts = step(folder)
        settings = texts.pop(SETTINGS, (folder / SETTINGS).read_text(encoding="utf-8"))
        texts[SETTINGS] = _set_format(settings, number + 1)
        for file, text in texts.items():
            changed.append(_rewrite(folder / file, text, number))
    return changed + _stamp_draws(folder)


def _stamp_draws(folder: Path) -> list[str]:
    """Stamp the fitted draws that carry no count of their rows and no hash; damaged ones are left as they are."""
    changed = []
    for known in read_draft(folder).sets.values():
        file = known.get("draws")
        if not isinstance(file, str) or not is_inside(folder, file):
            continue
        text = read_text(folder / file, []) or ""
        try:
            parse_draws(text)
        except UnstampedError:
            write_file(folder / file, stamp_text(text))
            changed.append(f"{file} now holds a count of its rows and their hash; that it was whole is your word")
        except ValueError:
            continue
    return changed


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
