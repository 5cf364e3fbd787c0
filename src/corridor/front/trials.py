"""Rows that are about to be written into a case: what exactly, and what every check says of them, before they are."""

from __future__ import annotations

import io
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corridor.evidence.review import TOLD_OF_EDITS
from corridor.evidence.scenario_rows import check_scenario
from corridor.scenario.draft import Draft
from corridor.scenario.faults import Fault, FaultsError, faults_document
from corridor.scenario.folder import copy_files
from corridor.scenario.scenario import load_draft, make_scenario
from corridor.scenario.writing import locked, scratch, write_files

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from corridor.scenario.scenario import Scenario

Contents = dict[Path, "str | bytes"]  # whole files by their path in the case
_TEXTS = Path("evidence", "texts")
_MARK = "\ufeff"


@dataclass(frozen=True)
class Trial:
    """What would be added to a case, and the faults that it would bring (errors refuse it)."""

    added: tuple[dict[str, Any], ...]  # file, row, text of each added or changed piece
    faults: tuple[Fault, ...]

    @property
    def refused(self) -> bool:
        """Tell whether an error among the new faults forbids writing."""
        return any(fault.severity == "error" for fault in self.faults)

    @property
    def document(self) -> dict[str, Any]:
        """Return the trial as plain data."""
        return {"added": list(self.added), "refused": self.refused, **faults_document(self.faults)}


def try_contents(case: Scenario | Draft, contents: Mapping[Path, str | bytes]) -> Trial:
    """Return what whole files would add to a case, and what checks of the case and its evidence then say anew.

    A checked draft may have errors of its own; its evidence can then not be checked before, and of the evidence only
    what lies in added rows is told.
    """
    known = _find_faults(case)
    before = {_mark_fault(fault) for fault in known}
    added = [part for path, content in contents.items() for part in list_added(case.folder, path, content)]
    with scratch() as folder:
        copy_files(case.folder, folder)
        _copy_texts(case.folder, folder)
        write_files({folder / path.relative_to(case.folder): content for path, content in contents.items()})
        after = _find_faults(load_draft(folder, None))
    fresh = tuple(fault for fault in after if _mark_fault(fault) not in before)
    if any(fault.severity == "error" for fault in known):
        rows = {(part["file"], part["row"]) for part in added}
        fresh = tuple(fault for fault in fresh if (fault.file, fault.row) in rows)
    return Trial(tuple(added), fresh)


def write_checked(case: Scenario, prepare: Callable[[], Contents], first: Path) -> Trial:
    """Write what `prepare` gives if no check speaks against it; others who write to `first` are waited for.

    Raises FaultsError, and writes nothing, where one does.
    """
    with locked(first):
        contents = prepare()
        trial = try_contents(case, contents)
        if trial.refused:
            raise FaultsError(list(trial.faults))
        write_files(contents)
    return trial


def list_added(folder: Path, path: Path, content: str | bytes) -> list[dict[str, Any]]:
    """Return what a file's new content adds to the old: a changed header, then its new lines; a kept text by name."""
    file = path.relative_to(folder).as_posix()
    if isinstance(content, bytes):
        return [{"file": file, "row": 0, "text": ""}]
    old = path.read_bytes().decode("utf-8") if path.exists() else ""
    before, after = ([line.rstrip("\r\n") for line in io.StringIO(text, newline="")] for text in (old, content))
    changed = [(at, new) for at, new in enumerate(after, 1) if at > len(before) or before[at - 1] != new]
    return [{"file": file, "row": at, "text": text.removeprefix(_MARK)} for at, text in changed]


def _find_faults(case: Scenario | Draft) -> tuple[Fault, ...]:
    """Return what the check of a case says, and that of its evidence where the case itself has no error."""
    found = tuple(case.faults)
    if not isinstance(case, Draft):
        found += check_scenario(case).faults
    elif not case.has_errors:
        found += check_scenario(make_scenario(case, "")).faults
    return tuple(fault for fault in found if fault.code not in TOLD_OF_EDITS)


def _mark_fault(fault: Fault) -> tuple[str, int, str, str, str]:
    return fault.file, fault.row, fault.column, fault.code, fault.found


def _copy_texts(source: Path, target: Path) -> None:
    if (source / _TEXTS).is_dir():
        shutil.copytree(source / _TEXTS, target / _TEXTS, dirs_exist_ok=True)
