"""Amounts as written: `40`, `30..50` (uniform), `40 (30..60)` (triangular), `40 ± 20%` (lognormal)."""

from __future__ import annotations

import math
import re

from corridor.deal.parties import Amount, exactly

_NUMBER = r"([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)"
_FIXED = re.compile(rf"{_NUMBER}")
_UNIFORM = re.compile(rf"{_NUMBER}\s*\.\.\s*{_NUMBER}")
_TRIANGULAR = re.compile(rf"{_NUMBER}\s*\(\s*{_NUMBER}\s*\.\.\s*{_NUMBER}\s*\)")
_LOGNORMAL = re.compile(rf"{_NUMBER}\s*(?:±|\+-|\+/-)\s*{_NUMBER}\s*%")
_NORMAL_95 = 1.6448536269514722  # 95 % point of the standard normal


def read_amount(text: str) -> Amount:
    """Read an amount. Raises ValueError when the text is none, is not finite, or its ends are reversed."""
    written = text.strip()
    if match := _FIXED.fullmatch(written):
        return _checked(exactly(float(match[1])), text)
    if match := _UNIFORM.fullmatch(written):
        low, high = float(match[1]), float(match[2])
        return _checked(uniform(low, high), text)
    if match := _TRIANGULAR.fullmatch(written):
        return _checked(triangular(float(match[2]), float(match[1]), float(match[3])), text)
    if (match := _LOGNORMAL.fullmatch(written)) and float(match[1]) > 0 and float(match[2]) > 0:
        return _checked(lognormal(float(match[1]), 1 + float(match[2]) / 100), text)
    raise ValueError(text)


def _checked(amount: Amount, text: str) -> Amount:
    if not (math.isfinite(amount.deviation) and amount.low <= amount.value <= amount.high < math.inf):
        raise ValueError(text)
    return amount


def uniform(low: float, high: float) -> Amount:
    """Return an amount equally likely anywhere between its ends."""
    return Amount((low + high) / 2, low, high, abs(high - low) / math.sqrt(12))


def triangular(low: float, middle: float, high: float) -> Amount:
    """Return an amount most likely at `middle`; that is its central value, though not its mean."""
    below, above = middle - low, high - middle
    return Amount(middle, low, high, math.sqrt((below**2 - below * above + above**2) / 6))


def lognormal(middle: float, factor: float) -> Amount:
    """Return an amount with median `middle`, nine in ten between middle / factor and middle * factor."""
    variance = (math.log(factor) / _NORMAL_95) ** 2
    square = math.exp(2 * variance) - 2 * math.exp(variance / 2) + 1
    return Amount(middle, middle / factor, middle * factor, middle * math.sqrt(square))
