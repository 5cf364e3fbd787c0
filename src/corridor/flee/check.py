"""Compare the files of a Flee folder with each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corridor.faults import Fault
    from corridor.flee.tables import FleeFolder


def check_folder(folder: FleeFolder) -> list[Fault]:
    """Return the faults between files."""
    return []
