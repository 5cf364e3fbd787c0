"""The values a user may write in a cell: quantities with a range, times, and how one is drawn from them."""

from __future__ import annotations

import math
import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from numpy.typing import NDArray

_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_FIXED = re.compile(rf"\s*({_NUMBER})\s*")
_UNIFORM = re.compile(rf"\s*({_NUMBER})\s*\.\.\s*({_NUMBER})\s*")
_TRIANGULAR = re.compile(rf"\s*({_NUMBER})\s*\(\s*({_NUMBER})\s*\.\.\s*({_NUMBER})\s*\)\s*")
_LOGNORMAL = re.compile(rf"\s*({_NUMBER})\s*(?:±|\+-|\+/-)\s*({_NUMBER})\s*%\s*")
_UNIT = re.compile(r"(.*[\d.)%])\s*([^\W\d_][^\d]*|%)", re.DOTALL)
_MONTH = re.compile(r"([12]\d{3})(?:-(0[1-9]|1[0-2]))?")
NORMAL_95 = 1.6448536269514722  # 95 % point of the standard normal
LARGEST_NUMBER = 1e150  # larger ones would overflow when squared
LONGEST_NUMBER = 200  # characters


class ReversedRangeError(ValueError):
    """Raised when the low end of a range exceeds its high end, or the middle lies outside."""


class UnitError(ValueError):
    """Raised when a number carries a unit: units stand in the header's definition, not in the cell."""


@dataclass(frozen=True)
class Quantity:
    """A number that may be uncertain.

    `200` is fixed; `150..250` is uniform; `200 (150..250)` is triangular with its peak at 200; `200 ± 20%` is
    lognormal with median 200 and nine chances in ten between 200 / 1.2 and 200 * 1.2 (`percent` is then 20).
    """

    shape: str
    low: float
    middle: float
    high: float
    percent: float = 0.0

    @property
    def is_fixed(self) -> bool:
        """Tell whether there is nothing to draw."""
        return self.shape == "fixed"

    def take(self, uniform: NDArray[np.float64] | float) -> NDArray[np.float64]:
        """Return the values at the given chances (numbers in (0, 1), any shape): the inverse distribution."""
        u = np.asarray(uniform, dtype=np.float64)
        if self.shape == "lognormal":
            spread = math.log1p(self.percent / 100.0) / NORMAL_95
            from scipy.special import ndtri  # heavy: most cases are read without it

            return np.asarray(self.middle * np.exp(spread * ndtri(u)))
        if self.shape == "triangular" and self.low < self.high:
            return np.clip(self._take_triangular(u), self.low, self.high)
        # a rounding error must not carry a draw past the end of its range
        return np.clip(self.low + u * (self.high - self.low), self.low, self.high)

    def _take_triangular(self, u: NDArray[np.float64]) -> NDArray[np.float64]:
        width = self.high - self.low
        left = self.low + np.sqrt(u * width * (self.middle - self.low))
        right = self.high - np.sqrt((1.0 - u) * width * (self.high - self.middle))
        return np.where(u * width < self.middle - self.low, left, right)

    @property
    def median(self) -> float:
        """Return the value with equal chances above and below."""
        return float(self.take(0.5))

    @property
    def deviation(self) -> float:
        """Return the root mean square distance of what may be drawn from the middle, which need not be the mean."""
        below, above = self.middle - self.low, self.high - self.middle
        if self.shape == "uniform":
            return (self.high - self.low) / math.sqrt(12)
        if self.shape == "triangular":
            return math.sqrt((below**2 - below * above + above**2) / 6)
        if self.shape == "lognormal":
            variance = (math.log(self.high / self.middle) / NORMAL_95) ** 2
            return self.middle * math.sqrt(math.exp(2 * variance) - 2 * math.exp(variance / 2) + 1)
        return 0.0

    def scale(self, factor: float) -> Quantity:
        """Return this quantity times a factor above 0."""
        return Quantity(self.shape, factor * self.low, factor * self.middle, factor * self.high, self.percent)

    def write(self) -> str:
        """Return the text that reads back as this quantity, exactly."""
        low, middle, high = (write_number(number) for number in (self.low, self.middle, self.high))
        if self.shape == "fixed":
            return middle
        if self.shape == "uniform":
            return f"{low}..{high}"
        if self.shape == "lognormal":
            return f"{middle} ± {write_number(self.percent)}%"
        return f"{middle} ({low}..{high})"


def write_number(number: float) -> str:
    """Return the shortest text that reads back as this number."""
    return repr(float(number)).removesuffix(".0")


def fixed(value: float) -> Quantity:
    """Return a quantity without uncertainty."""
    return Quantity("fixed", value, value, value)


def parse_quantity(text: str) -> Quantity:
    """Read a quantity from a cell.

    Raises ReversedRangeError, UnitError, or ValueError when the text is no number at all.
    """
    if len(text) > LONGEST_NUMBER:
        raise ValueError(text)
    quantity = _match_quantity(text)
    if quantity is None:
        match = _UNIT.fullmatch(text.strip())
        if match and _match_quantity(match[1]):
            raise UnitError(match[2].strip())
        raise ValueError(text)
    if max(abs(quantity.low), abs(quantity.high)) > LARGEST_NUMBER:
        raise ValueError(text)
    if not quantity.low <= quantity.middle <= quantity.high:
        raise ReversedRangeError(text)
    return quantity


def _match_quantity(text: str) -> Quantity | None:
    if match := _FIXED.fullmatch(text):
        return fixed(float(match[1]))
    if match := _UNIFORM.fullmatch(text):
        low, high = float(match[1]), float(match[2])
        return Quantity("uniform", low, low / 2 + high / 2, high)
    if match := _TRIANGULAR.fullmatch(text):
        middle, low, high = float(match[1]), float(match[2]), float(match[3])
        return Quantity("triangular", low, middle, high)
    if match := _LOGNORMAL.fullmatch(text):
        middle, percent = float(match[1]), float(match[2])
        if middle <= 0 or percent <= 0:
            return None
        factor = 1 + percent / 100
        return Quantity("lognormal", middle / factor, middle, middle * factor, percent)
    return None


@dataclass(frozen=True)
class TimeRange:
    """A moment that may be uncertain: uniform between two local times (equal when it is known)."""

    start: datetime
    end: datetime

    @property
    def is_fixed(self) -> bool:
        """Tell whether the moment is known."""
        return self.start == self.end

    def take(self, uniform: float) -> datetime:
        """Return the moment at a chance in (0, 1)."""
        return self.start + uniform * (self.end - self.start)

    def write(self) -> str:
        """Return the text that reads back as this moment."""
        start, end = (_write_time(moment) for moment in (self.start, self.end))
        return start if self.is_fixed else f"{start}..{end}"


def _write_time(moment: datetime) -> str:
    whole = moment.second == moment.microsecond == 0
    return moment.isoformat(timespec="minutes" if whole else "auto")


def parse_time(text: str, zone: ZoneInfo | None) -> datetime:
    """Read a local time such as 2023-09-24, 2023-09-24T13:00 or one with an offset, which is converted.

    Raises ValueError when the text is no date, or an hour that the clocks of the zone jump over.
    """
    moment = datetime.fromisoformat(text.strip())
    if zone is not None:
        if moment.tzinfo is not None:
            moment = moment.astimezone(zone)
        elif (gap := _find_gap(moment, zone)) is not None:
            message = f"clocks jump over this hour in {zone.key}; the next that exists is {gap:%H:%M}"
            raise ValueError(message)
    return moment.replace(tzinfo=None)


def parse_day_or_time(text: str, zone: ZoneInfo | None) -> datetime:
    """Read a time as `parse_time` does, or a day, a month or a year, which mean their last minute.

    Raises ValueError as that does.
    """
    if match := _MONTH.fullmatch(text.strip()):
        year, month = int(match[1]), int(match[2] or 12)
        day = date(year, month, monthrange(year, month)[1])
    else:
        try:
            day = date.fromisoformat(text.strip())
        except ValueError:
            return parse_time(text, zone)
    return parse_time(end_of_day(datetime.combine(day, time())).isoformat(), zone)


def parse_publication(text: str, zone: ZoneInfo | None) -> datetime:
    """Read from when something is known: as `parse_day_or_time` does, in an hour told twice from that hour's end on.

    So that no moment of the first telling knows what was published in the second.
    """
    moment = parse_day_or_time(text, zone)
    after = moment
    while zone is not None and _is_told_twice(after, zone):
        after += timedelta(minutes=1)
    return moment if after == moment else after.replace(second=0) - timedelta(seconds=1)


def _is_told_twice(moment: datetime, zone: ZoneInfo) -> bool:
    first, second = (moment.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1))
    return first is not None and second is not None and first > second


def end_of_day(moment: datetime) -> datetime:
    """Return the last minute of a moment's day: what was published on a day is known by then."""
    return datetime.combine(moment.date(), time(23, 59))


def _find_gap(moment: datetime, zone: ZoneInfo) -> datetime | None:
    """Return what the clock shows instead when it jumps over this local time, else None."""
    if not datetime.min + timedelta(days=2) < moment < datetime.max - timedelta(days=2):
        return None
    shown = moment.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None)
    return shown if shown != moment else None


def clocks_change(start: datetime, end: datetime, zone: ZoneInfo) -> bool:
    """Tell whether clocks are changed between two local times."""
    days = min((end - start).days, 400)  # every change comes back within a year
    moments = [start + timedelta(days=day) for day in range(days + 1)] + [end]
    return len({moment.replace(tzinfo=zone).utcoffset() for moment in moments}) > 1


def parse_time_range(text: str, zone: ZoneInfo | None) -> TimeRange:
    """Read a time or `from..to`. Raises ReversedRangeError or ValueError."""
    first, separator, second = text.partition("..")
    start = parse_time(first, zone)
    end = parse_time(second, zone) if separator else start
    if start > end:
        raise ReversedRangeError(text)
    return TimeRange(start, end)


@dataclass(frozen=True)
class Margin:
    """How far a number may be from the truth: an amount, or a share of it (`5%`)."""

    size: float
    is_share: bool

    def of(self, value: float) -> float:
        """Return how far this value may be off."""
        return self.size * value if self.is_share else self.size

    def write(self) -> str:
        """Return the text that reads back as this margin."""
        return f"{write_number(self.size * 100)}%" if self.is_share else write_number(self.size)


def parse_margin(text: str) -> Margin:
    """Read `5%` (at most 100 %) or a number of 0 or more. Raises ValueError for anything else."""
    number, percent, rest = text.strip().partition("%")
    match = _FIXED.fullmatch(number)
    if match is None or rest or len(text) > LONGEST_NUMBER:
        raise ValueError(text)
    size = float(match[1])
    if not 0 <= size <= (100 if percent else LARGEST_NUMBER):
        raise ValueError(text)
    return Margin(size / 100 if percent else size, bool(percent))


def rounding(value: float, most: float = 1 / 20) -> float:
    """Return the unit of the last digit a number is given to, at most a share of it: 42,500 gives 100."""
    if value == 0 or value != int(value):
        return 0.0
    unit = 1.0
    while value % (unit * 10) == 0:
        unit *= 10
    return min(unit, abs(value) * most) if unit > 1 else 0.0


def read_loads(text: str) -> list[tuple[str, str, float | None]]:
    """Return (word, item, tonnes) of a convoy's loads such as "food=50 soap=2"; None for tonnes that are no number."""
    loads = []
    for word in text.split():
        item, _, amount = word.partition("=")
        match = _FIXED.fullmatch(amount)
        tonnes = float(match[1]) if match else -1.0
        loads.append((word, item, tonnes if 0 <= tonnes <= LARGEST_NUMBER else None))
    return loads


def read_uses(text: str) -> dict[str, float]:
    """Return the units of each item that a plant uses for one unit made, as in "diesel=0.3 water=2"."""
    return {item: amount for _, item, amount in read_loads(text) if amount}


def hours_between(start: datetime, end: datetime) -> float:
    """Return the hours from start to end."""
    return (end - start) / timedelta(hours=1)
