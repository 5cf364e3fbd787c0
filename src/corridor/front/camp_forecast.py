"""A forecast of people in camps as a researcher meets it: places, dates, ranges, draws, and the last counts beside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor.forecast.camp_errors import LEVELS, name_levels
from corridor.forecast.camp_history import Floats
from corridor.forecast.camps import CampNumbers
from corridor.front.plots import Picture
from corridor.report.pictures.camps import MOST_PANELS, draw_camps
from corridor.scenario.spreadsheet import write_csv
from corridor.scenario.table import load_pandas, write_html_table
from corridor.scenario.writing import write_file

if TYPE_CHECKING:
    import pandas

SHOWN = (0.05, 0.25, 0.5, 0.75, 0.95)
NAMES = dict(zip(LEVELS.tolist(), name_levels(), strict=True))
COLUMNS = ("place", "date", "last", "last_date", *(NAMES[level] for level in SHOWN))


@dataclass(frozen=True)
class CampForecast:
    """People in P places on D coming dates, at L levels and in R joint draws, from what was known as of a day.

    `notices` are sentences on what was passed over.
    """

    numbers: CampNumbers
    start: date
    as_of: date
    dates: tuple[date, ...]
    notices: tuple[str, ...] = ()

    @property
    def places(self) -> tuple[str, ...]:
        """Return the places that were counted by the day, in the order of all arrays."""
        return tuple(self.numbers.known.places)

    @property
    def levels(self) -> Floats:
        """Return the levels of the quantiles [L]."""
        return LEVELS

    @property
    def quantiles(self) -> Floats:
        """Return people in each place at each level [L, D, P]; never below 0."""
        return self.numbers.quantiles

    @property
    def median(self) -> Floats:
        """Return the median of people in each place [D, P]."""
        return self.numbers.median

    @property
    def draws(self) -> Floats:
        """Return joint draws of people [R, D, P]; where totals are known each draw sums to them."""
        return self.numbers.draws

    @property
    def sums(self) -> Floats:
        """Return people in all places together at each level [L, D], from the joint draws."""
        return self.numbers.sums

    @property
    def last(self) -> dict[str, float]:
        """Return the people of the last count of each place."""
        return dict(zip(self.places, self.numbers.scales.last.tolist(), strict=True))

    @property
    def last_dates(self) -> dict[str, date]:
        """Return the date of the last count of each place."""
        days = self.numbers.scales.counted.tolist()
        return {place: self.start + timedelta(days=day) for place, day in zip(self.places, days, strict=True)}

    def sum_places(self, *places: str) -> Floats:
        """Return people in some places together at each level [L, D], from the joint draws. Raises KeyError."""
        unknown = [place for place in places if place not in self.places]
        if unknown:
            message = f'no place "{unknown[0]}" was counted by {self.as_of}'
            raise KeyError(message)
        return self.numbers.sum_places([self.places.index(place) for place in places])

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """Return a row for each place and date, then, with a blank place, for all together; whole people."""
        last, dates = self.last, self.last_dates
        last[""], dates[""] = sum(last.values()), max(dates.values())
        parts = [(place, self.quantiles[:, :, i]) for i, place in enumerate(self.places)]
        chosen = [LEVELS.tolist().index(level) for level in SHOWN]
        rows = []
        for place, quantiles in [*parts, ("", self.sums)]:
            counted = {"last": round(last[place]), "last_date": dates[place].isoformat()}
            for day, said in zip(self.dates, np.rint(quantiles[chosen]).T.astype(np.int64).tolist(), strict=True):
                named = dict(zip((NAMES[level] for level in SHOWN), said, strict=True))
                rows.append({"place": place, "date": day.isoformat(), **counted, **named})
        return rows

    @property
    def document(self) -> dict[str, Any]:
        """Return the forecast as one JSON-ready document."""
        known, table = self.numbers.known, self.numbers.table
        return {
            "as_of": self.as_of.isoformat(),
            "start": self.start.isoformat(),
            "days_elapsed": round(known.day),
            "totals_known": self.numbers.totals is not None,
            "learnt_on": list(table.crises),
            "share_of_common_luck": table.common,
            "never_counted_anybody": self.list_unused(),
            "notices": list(self.notices),
            "rows": self.rows,
        }

    def list_unused(self) -> list[str]:
        """Return the places at which nobody had been counted yet."""
        return [name for name, place in self.numbers.known.places.items() if not place.people.any()]

    def to_frame(self) -> pandas.DataFrame:
        """Return the rows as a pandas table, a blank place for all together. Raises UsageError without pandas."""
        library = load_pandas()
        table: pandas.DataFrame = library.DataFrame(self.rows, columns=list(COLUMNS))
        for column in ("date", "last_date"):
            table[column] = library.to_datetime(table[column])
        return table

    def write(self) -> str:
        """Return the rows as CSV."""
        return write_csv([COLUMNS, *([row[column] for column in COLUMNS] for row in self.rows)])

    def save(self, path: Path | str, replace: bool = False) -> None:
        """Write the rows to a CSV file, whole or not at all.

        Raises UsageError when it cannot be written, or exists and was not asked to be replaced.
        """
        write_file(Path(path), self.write(), replace)

    def plot(self) -> Picture:
        """Return a picture: all together, then the largest places, with the counts known and what is forecast."""
        known, levels = self.numbers.known.places, [LEVELS.tolist().index(level) for level in SHOWN]
        largest = sorted(self.places, key=lambda place: -self.last[place])[: MOST_PANELS - 1]
        panels = []
        for place in ("", *largest):
            quantiles = self.quantiles[:, :, self.places.index(place)] if place else self.sums
            said = {NAMES[x]: quantiles[at].tolist() for x, at in zip(SHOWN, levels, strict=True)}
            counts = zip(known[place].days.tolist(), known[place].people.tolist(), strict=True) if place else ()
            dated = [((self.start + timedelta(days=day)).isoformat(), people) for day, people in counts if day >= 0]
            panels.append({"label": place, "counts": dated, **said})
        data = {
            "title": f"People in camps, as known on {self.as_of}",
            "start": self.start.isoformat(),
            "as_of": self.as_of.isoformat(),
            "dates": [day.isoformat() for day in self.dates],
            "panels": panels,
        }
        return Picture(draw_camps(data), data)

    def _repr_html_(self) -> str:
        rows = [row for row in self.rows if row["date"] == self.dates[-1].isoformat()]
        cells = [
            (
                row["place"] or "all",
                f"{row['last']:,}",
                row["last_date"],
                f"{row['q50']:,}",
                f"{row['q05']:,} to {row['q95']:,}",
            )
            for row in rows
        ]
        title = f"People on {self.dates[-1]}, as known on {self.as_of}"
        return write_html_table(title, ("place", "last count", "of", "median", "9 in 10"), cells)
