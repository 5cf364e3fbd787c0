"""The values a user may write in a cell: quantities with a range, times, and how one is drawn from them."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
from scipy.special import ndtri

if TYPE_CHECKING:
    from numpy.typing import NDArray

_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_FIXED = re.compile(rf"^\s*({_NUMBER})\s*$")
_UNIFORM = re.compile(rf"^\s*({_NUMBER})\s*\.\.\s*({_NUMBER})\s*$")
_TRIANGULAR = re.compile(rf"^\s*({_NUMBER})\s*\(\s*({_NUMBER})\s*\.\.\s*({_NUMBER})\s*\)\s*$")
_LOGNORMAL = re.compile(rf"^\s*({_NUMBER})\s*(?:±|\+-|\+/-)\s*({_NUMBER})\s*%\s*$")
_WITH_UNIT = re.compile(rf"^\s*{_NUMBER}\s*([^\d\s.()±%][^\d]*)$")
_NORMAL_95 = 1.6448536269514722  # 95 % point of the standard normal


class ReversedRangeError(ValueError):
    """Raised when the low end of a range exceeds its high end, or the middle lies outside."""


class UnitError(ValueError):
    """Raised when a number carries a unit: units stand in the header's definition, not in the cell."""


@dataclass(frozen=True)
class Quantity:
    """A number that may be uncertain.

    `200` is fixed; `150..250` is uniform; `200 (150..250)` is triangular with its peak at 200; `200 ± 20%` is
    lognormal with median 200 and nine chances in ten between 200 / 1.2 and 200 * 1.2.
    """

    shape: str
    low: float
    middle: float
    high: float

    @property
    def is_fixed(self) -> bool:
        """Tell whether there is nothing to draw."""
        return self.shape == "fixed"

    def take(self, uniform: NDArray[np.float64] | float) -> NDArray[np.float64]:
        """Return the values at the given chances (numbers in (0, 1), any shape): the inverse distribution."""
        u = np.asarray(uniform, dtype=np.float64)
        if self.shape == "fixed":
            return np.full_like(u, self.middle)
        if self.shape == "uniform":
            return self.low + u * (self.high - self.low)
        if self.shape == "lognormal":
            spread = math.log(self.high / self.middle) / _NORMAL_95
            return np.asarray(self.middle * np.exp(spread * ndtri(u)))
        width = self.high - self.low
        if width == 0.0:
            return np.full_like(u, self.middle)
        cut = (self.middle - self.low) / width
        left = self.low + np.sqrt(u * width * (self.middle - self.low))
        right = self.high - np.sqrt((1.0 - u) * width * (self.high - self.middle))
        return np.where(u < cut, left, right)

    @property
    def median(self) -> float:
        """Return the value with equal chances above and below."""
        return float(self.take(0.5))

    def write(self) -> str:
        """Return the text that reads back as this quantity."""
        if self.shape == "fixed":
            return f"{self.middle:g}"
        if self.shape == "uniform":
            return f"{self.low:g}..{self.high:g}"
        if self.shape == "lognormal":
            return f"{self.middle:g} ± {(self.high / self.middle - 1) * 100:g}%"
        return f"{self.middle:g} ({self.low:g}..{self.high:g})"


def fixed(value: float) -> Quantity:
    """Return a quantity without uncertainty."""
    return Quantity("fixed", value, value, value)


def parse_quantity(text: str) -> Quantity:
    """Read a quantity from a cell.

    Raises ReversedRangeError, UnitError, or ValueError when the text is no number at all.
    """
    if match := _FIXED.match(text):
        return _finite(fixed(float(match[1])), text)
    if match := _UNIFORM.match(text):
        low, high = float(match[1]), float(match[2])
        if low > high:
            raise ReversedRangeError(text)
        return _finite(Quantity("uniform", low, (low + high) / 2, high), text)
    if match := _TRIANGULAR.match(text):
        middle, low, high = float(match[1]), float(match[2]), float(match[3])
        if not low <= middle <= high:
            raise ReversedRangeError(text)
        return _finite(Quantity("triangular", low, middle, high), text)
    if match := _LOGNORMAL.match(text):
        middle, percent = float(match[1]), float(match[2])
        if middle <= 0 or percent <= 0:
            raise ValueError(text)
        factor = 1 + percent / 100
        return _finite(Quantity("lognormal", middle / factor, middle, middle * factor), text)
    if match := _WITH_UNIT.match(text):
        raise UnitError(match[1].strip())
    raise ValueError(text)


def _finite(quantity: Quantity, text: str) -> Quantity:
    if not (math.isfinite(quantity.low) and math.isfinite(quantity.high)):
        raise ValueError(text)
    return quantity


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
        start = self.start.isoformat(timespec="minutes")
        return start if self.is_fixed else f"{start}..{self.end.isoformat(timespec='minutes')}"


def parse_time(text: str, zone: ZoneInfo | None) -> datetime:
    """Read a local time such as 2023-09-24, 2023-09-24T13:00 or one with an offset, which is converted.

    Raises ValueError when the text is no date.
    """
    moment = datetime.fromisoformat(text.strip())
    if moment.tzinfo is not None and zone is not None:
        moment = moment.astimezone(zone)
    return moment.replace(tzinfo=None)


def parse_time_range(text: str, zone: ZoneInfo | None) -> TimeRange:
    """Read a time or `from..to`. Raises ReversedRangeError or ValueError."""
    first, separator, second = text.partition("..")
    start = parse_time(first, zone)
    end = parse_time(second, zone) if separator else start
    if start > end:
        raise ReversedRangeError(text)
    return TimeRange(start, end)


def hours_between(start: datetime, end: datetime) -> float:
    """Return the hours from start to end."""
    return (end - start) / timedelta(hours=1)
