"""The reports of people in the camps of a Flee folder, strictly as of a day: nothing dated later is read into them.

`observed.py` does what Flee does, which knows every later count and correction; a forecast may not.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from corridor.flee.layers import INPUT_FOLDERS, SOURCE_FOLDERS, find_folder
from corridor.flee.observed import read_counts, read_date
from corridor.flee.read import load_folder
from corridor.flee.tables import read_rows
from corridor.scenario.faults import FaultsError, fault

PLACES = {"locations.csv", "sim_period.csv", "conflict_period.csv"}


@dataclass(frozen=True)
class CampFiles:
    """The counts of a folder's camps as they stand in its files, with the days on which registrations were corrected.

    `start` is the first day and `days` the length of its period; `files` holds of each camp its tables of counts [n, 2]
    (days since the start, people), in the order of the rows; `corrected` the days of corrections of each camp.
    """

    start: date
    days: int
    files: dict[str, list[np.ndarray]]
    corrected: dict[str, list[int]]

    def known(self, day: int) -> dict[str, tuple[np.ndarray, np.ndarray]]:
        """Return of each camp that was counted by a day: the days of its counts, and its people, as known then.

        A correction known by then multiplies what was counted before it (Flee's `normalize`). Of a camp with several
        files the sum, each straight between its counts and unchanged after its last.
        """
        found = {}
        for camp, files in self.files.items():
            known = [table for file in files if len(table := _know(file, self.corrected.get(camp, []), day))]
            if known:
                found[camp] = _add(known)
        return found

    def truth(self, camps: list[str]) -> np.ndarray:
        """Return the people in camps as reported, every report known, straight between them [day, camp]."""
        days = np.arange(self.days)
        people = np.zeros((self.days, len(camps)))
        for column, camp in enumerate(camps):
            for file in self.files[camp]:
                if len(table := keep_rising(file)):
                    people[:, column] += np.interp(days, table[:, 0], table[:, 1])
        return people

    def list_passed_over(self, until: date) -> list[str]:
        """Return the camps in whose files a row's date goes back or stands twice, among the counts up to a day."""
        day = (until - self.start).days
        cut = {camp: [file[file[:, 0] <= day] for file in files] for camp, files in self.files.items()}
        return [camp for camp, files in cut.items() if any(len(keep_rising(file)) < len(file) for file in files)]


def read_camps(path: Path | str) -> CampFiles:
    """Return the counts of a Flee folder's camps: of its files only the period, the places and the counts are read.

    Raises UsageError where there is no folder, FaultsError where its period, camps or counts cannot be read.
    """
    folder, found = load_folder(path)
    faults = [known for known in found if known.file in PLACES]
    source = find_folder(folder.path, SOURCE_FOLDERS, "data_layout.csv")
    camps = {place.name for place in folder.places if place.is_camp}
    if source is None:
        raise FaultsError([fault("flee.file.missing:layout", ("data_layout.csv", 0, ""))])
    files = {
        cells[0]: [read_counts(source / name, folder.start, 1, faults) for name in cells[1:] if name]
        for _, cells in read_rows(source / "data_layout.csv", faults)
        if cells[0] in camps
    }
    corrections = _find_corrections(folder.path)
    corrected: dict[str, list[int]] = {}
    for _, cells in read_rows(corrections, faults) if corrections else []:
        day = read_date(cells[1]) if len(cells) > 1 else None
        if day is not None:
            corrected.setdefault(cells[0], []).append((day - folder.start).days)
    if errors := [known for known in faults if known.severity == "error"]:
        raise FaultsError(errors)
    return CampFiles(folder.start, folder.days, files, corrected)


def _find_corrections(folder: Path) -> Path | None:
    name = "registration_corrections.csv"
    at = find_folder(folder, INPUT_FOLDERS, name)
    return None if at is None else at / name


def keep_rising(table: np.ndarray) -> np.ndarray:
    """Return a table of counts [n, 2] without rows whose date goes back; of a day that stands twice its last row."""
    if not len(table):
        return table
    rising = table[table[:, 0] >= np.maximum.accumulate(table[:, 0])]
    return np.asarray(rising[np.append(np.diff(rising[:, 0]) > 0, True)])


def _know(file: np.ndarray, corrected: list[int], day: int) -> np.ndarray:
    table = keep_rising(file[file[:, 0] <= day]).copy()
    for since in corrected:
        for row in np.flatnonzero(table[:, 0] == since) if since <= day else []:
            if row > 0 and table[row - 1, 1] >= 1:
                table[:row, 1] *= table[row, 1] / table[row - 1, 1]
    return table


def _add(tables: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    days = np.unique(np.concatenate([table[:, 0] for table in tables]))
    return days, np.sum([np.interp(days, table[:, 0], table[:, 1]) for table in tables], axis=0)


def end_of(files: CampFiles) -> date:
    """Return the last day of a folder's period."""
    return files.start + timedelta(days=files.days - 1)
