"""Files drawn from a seed: no traceback, no row lost in silence, and what can be read is read as it is meant."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from made_tables import KNOWN
from nasty import Nasty, draw, save

from corridor.build.counts import read_counts
from corridor.build.events import read_events
from corridor.build.mapping import ColumnMapping
from corridor.build.people import read_people

QUICK, MANY = range(60), range(60, 400)


def check(nasty: Nasty, folder: Path) -> None:
    path = save(nasty, folder)
    mapping = ColumnMapping(table=nasty.mapping)
    if nasty.importer == "counts":
        counts = read_counts(path, KNOWN, mapping)
        reading, found = counts.reading, {(one.where, one.day, one.people) for one in counts.figures}
    elif nasty.importer == "people":
        people = read_people(path, 2022, mapping)
        reading = people.reading
        places = {one.line: KNOWN.find((one.code,), (one.name,)).id for one in people.figures if _is_known(one.name)}
        found = {(places[one.line], date(2020, 1, 1), one.people) for one in people.figures if one.line in places}
    else:
        events = read_events(path, date(2023, 1, 1), date(2023, 12, 31), mapping=mapping)
        reading, found = events.reading, {(one.place, one.first_day, None) for one in events.events}
    told = f"{nasty.steps}\n{reading}"
    assert reading.read == nasty.rows, told
    if nasty.importer == "events":
        assert len(found) >= len(nasty.sure), told
    else:
        assert found >= set(nasty.sure), f"{set(nasty.sure) - found}\n{told}"


def _is_known(name: str) -> bool:
    try:
        return bool(KNOWN.find((), (name,)))
    except ValueError:
        return False


@pytest.mark.parametrize("seed", QUICK)
def test_drawn_files(seed: int, tmp_path: Path) -> None:
    check(draw(seed), tmp_path)


@pytest.mark.slow
def test_many_drawn_files(tmp_path: Path) -> None:
    for seed in MANY:
        check(draw(seed), tmp_path)
