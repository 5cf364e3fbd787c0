"""A case as one workbook, and back: what a person changed there, checked whole before anything is written."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from corridor.build.workbook_faults import mark_faults
from corridor.build.workbook_parts import TITLE, read_files
from corridor.build.workbook_reading import Back, read_back
from corridor.build.workbook_writing import write_book
from corridor.scenario.draft import Draft
from corridor.scenario.faults import Fault, FaultsError, UsageError
from corridor.scenario.files import can_open_folder
from corridor.scenario.folder import SETTINGS, find_links_outside
from corridor.scenario.scenario import load_draft
from corridor.scenario.writing import building, require_free, scratch, write_file, write_files


def write_workbook(case: Path | str, out: Path | str, replace: bool = False) -> list[str]:
    """Write a case's folder as one workbook (.xlsx) and return the names of its sheets.

    A case with faults can be written as well: a workbook may be where they are mended. Raises FaultsError when the
    folder cannot be opened, UsageError when the file is there already or cannot be written.
    """
    folder, target = Path(case), Path(out)
    draft = Draft(folder)
    if not can_open_folder(folder, draft.faults) or find_links_outside(folder):
        raise FaultsError(draft.faults or load_draft(folder, None).faults)
    if not (folder / SETTINGS).is_file():
        raise FaultsError(load_draft(folder, None).faults)
    require_free(target, replace)
    book = write_book(read_files(folder), f"{folder.absolute().name}{TITLE}")
    content = BytesIO()
    book.save(content)
    write_file(target, content.getvalue(), replace)
    return [sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible"]


@dataclass(frozen=True)
class TakenOver:
    """What was taken over from a workbook: the files that changed, what has no room in the case, and warnings."""

    files: tuple[str, ...]
    told: tuple[str, ...]
    warnings: tuple[Fault, ...]

    @property
    def document(self) -> dict[str, Any]:
        """Return it as JSON-ready data."""
        return {"files": list(self.files), "told": list(self.told), "warnings": [w.describe() for w in self.warnings]}

    def __str__(self) -> str:
        """Return it in words."""
        first = f"written: {', '.join(self.files)}" if self.files else "nothing was changed"
        return "\n".join([first, *(f"not taken over: {text}" for text in self.told)])


def read_workbook(workbook: Path | str, into: Path | str, faults: Path | str | None = None) -> TakenOver:
    """Take over into a case what a person changed in its workbook; a new or empty folder gets the whole case.

    Only files that were changed are written, in them only the rows that were. Raises FaultsError with every fault,
    each with its sheet and row, and writes nothing then but a copy of the workbook with the faults at their cells, if
    `faults` names a file for it; UsageError when the case's files were changed as well since the workbook was made.
    """
    path, folder = Path(workbook), Path(into)
    if not path.is_file():
        message = f"there is no workbook {path}"
        raise UsageError(message)
    back = read_back(path)
    if folder.is_dir() and find_links_outside(folder):
        raise FaultsError(load_draft(folder, None).faults)
    present = read_files(folder) if folder.is_dir() else {}
    if present and SETTINGS not in present:
        message = f"{folder} is no case, and not empty: name the case or a new folder"
        raise UsageError(message)
    _require_same(back, present, path)
    after = {**(present or back.base), **{file: text.encode("utf-8") for file, text in back.texts.items()}}
    found = [*back.faults, *(back.place(one) for one in _check(after))]
    if any(one.severity == "error" for one in found):
        if faults is not None:
            write_file(Path(faults), mark_faults(path, Path(faults), back, sorted(set(found))))
        raise FaultsError(found)
    if present:
        write_files({folder / file: text for file, text in back.texts.items()})
    else:
        _write_whole(folder, after)
    return TakenOver(tuple(sorted(back.texts)) if present else tuple(after), tuple(back.told), tuple(found))


def _require_same(back: Back, present: dict[str, bytes], path: Path) -> None:
    """Raise UsageError when a file that the workbook changes is not as the workbook had it."""
    changed = [file for file in back.texts if present and present.get(file) != back.base.get(file)]
    if changed:
        message = (
            f"{', '.join(sorted(changed))} changed in the case since {path.name} was made, and in the workbook as "
        )
        message += "well: write the case as a workbook anew (corridor sheet) and repeat the change there"
        raise UsageError(message)


def _check(files: dict[str, bytes]) -> list[Fault]:
    with scratch() as folder:
        _fill(folder, files)
        return list(load_draft(folder, None).faults)


def _write_whole(folder: Path, files: dict[str, bytes]) -> None:
    with building(folder) as fresh:
        _fill(fresh, files)


def _fill(folder: Path, files: dict[str, bytes]) -> None:
    for file, content in files.items():
        target = folder / file
        if not target.resolve().is_relative_to(folder.resolve()):
            message = f"the workbook names a file outside of the case: {file}"
            raise UsageError(message)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
