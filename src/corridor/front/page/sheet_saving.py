"""Changed sheets written into a case: all of them or none, and only over the state that the page had read."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import datetime
from typing import TYPE_CHECKING, Any

from corridor.front.page.sheet_checks import Spots, describe_fault
from corridor.front.page.sheets import change_texts, draft_changed, open_sheets, read_edits
from corridor.scenario.folder import SETTINGS
from corridor.scenario.writing import locked, write_files

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from corridor.front.page.sheets import SheetFile

_EVIDENCE = ("claims", "sources")


def save_sheets(folder: Path, edits: Any, despite_faults: bool = False) -> dict[str, Any]:
    """Write changed sheets and return `saved`, the names of the files; nothing is written when any one cannot be.

    A case that would have errors is written only `despite_faults`; else `faults` says them and `saved` is empty.
    Raises ChangedFilesError when a file is not as the page had read it, UsageError for changes of another sheet and
    when a file cannot be written.
    """
    with ExitStack() as locks:
        for lock in _name_locks(folder, edits):
            locks.enter_context(locked(lock))
        sheets = open_sheets(folder)
        changes = read_edits(edits, sheets)
        texts = change_texts(sheets, changes)
        draft = draft_changed(folder, sheets, texts)
        if draft.has_errors and not despite_faults:
            spots = Spots(sheets, changes)
            return {"saved": [], "faults": [describe_fault(fault, spots) for fault in sorted(set(draft.faults))]}
        write_files({folder / sheets[name].file: text for name, text in texts.items()})
        return {"saved": [sheets[name].file for name in texts], "faults": []}


def _name_locks(folder: Path, edits: Any) -> list[Path]:
    """Return what keeps others out who write into the case: those who accept claims lock the claims."""
    named = set(edits) if isinstance(edits, dict) else set()
    evidence = [folder / "evidence" / "claims.csv"] if named & set(_EVIDENCE) else []
    return [folder / SETTINGS, *evidence]


def tell_changed(folder: Path, names: list[str]) -> dict[str, Any]:
    """Return of files that are not as the page had read them when they were changed and whose they are."""
    sheets = open_sheets(folder)
    return {"changed": [_describe_state(folder, sheets, name) for name in names]}


def _describe_state(folder: Path, sheets: Mapping[str, SheetFile], name: str) -> dict[str, Any]:
    file = sheets[name]
    about: dict[str, Any] = {"name": name, "file": file.file, "version": file.version, "modified": "", "owner": ""}
    if file.content is not None:
        path = folder / file.file
        about["modified"] = datetime.fromtimestamp(path.stat().st_mtime).isoformat(timespec="seconds")
        about["owner"] = _name_owner(path)
    return about


def _name_owner(path: Path) -> str:
    try:
        return path.owner()
    except (KeyError, NotImplementedError, OSError):  # a number without a name, a system without owners
        return ""
