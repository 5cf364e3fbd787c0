"""How a number follows from its claims, written where it can be calculated: `people = c_registered / 2 - 500`."""

from __future__ import annotations

import ast
import math
import operator
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from corridor.evidence.rows import Row, Spot, number_of
from corridor.scenario.draft import show

_WRITTEN = re.compile(r"(?:^|[;.]\s+)(?P<column>[a-z_]+) = (?P<sum>[\w\s,.()+*/-]*[\w)])(?=;|$|\.\s|\.$)")
_COMMAS = re.compile(r"(?<=\d),(?=\d{3})")
_OPERATIONS: Mapping[type[ast.operator], Callable[[float, float], float]] = MappingProxyType(
    {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}
)
LONGEST = 400  # characters


def read_calculations(note: str) -> dict[str, str]:
    """Return by column the sums that a note writes, each up to a semicolon, a full stop or the end."""
    return {m["column"]: m["sum"].strip() for m in _WRITTEN.finditer(note) if re.search(r"\d|c", m["sum"])}


def check_calculation(
    column: str, written: str, claims: Mapping[str, Row], ends: tuple[float, float], spot: Spot
) -> None:
    """Check a number, from its low to its high end, against a sum: within half of the last digit it is written to."""
    result = calculate(written, claims)
    if result is None:
        spot.note("calculation_unread", column, written=show(written))
        return
    low, high = ends
    slack = _last_digit(low) / 2 + 1e-9 * abs(result)
    if not low - slack <= result <= high + slack:
        value = say_number(low) if low == high else f"{say_number(low)}..{say_number(high)}"
        spot.note("calculation_differs", column, written=show(written), result=say_number(result), value=value)


def say_number(number: float) -> str:
    """Return a number in words, thousands apart."""
    return f"{number:,.10g}"


def _last_digit(number: float) -> float:
    """Return the place of a written number's last digit that is not zero, at most a twentieth of it."""
    if not math.isfinite(number) or number == 0:
        return 0.0
    digits, exponent = f"{number:.12e}".split("e")
    return min(10.0 ** (int(exponent) - len(digits.lstrip("-").rstrip("0").partition(".")[2])), abs(number) / 20)


def calculate(written: str, claims: Mapping[str, Row]) -> float | None:
    """Return what a sum of numbers and claims comes to, or None if it is none or names what states no value.

    Numbers, the ids of claims (their value), + - * / and brackets are allowed.
    """
    if len(written) > LONGEST:
        return None
    try:
        return _value(ast.parse(_COMMAS.sub("", written), mode="eval").body, claims)
    except (SyntaxError, ValueError, ZeroDivisionError, OverflowError, RecursionError):
        return None


def _value(node: ast.expr, claims: Mapping[str, Row]) -> float:
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return float(node.value)
    if isinstance(node, ast.Name) and node.id in claims:
        stated = number_of(claims[node.id], "value")
        if stated is not None:
            return stated
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATIONS:
        return _OPERATIONS[type(node.op)](_value(node.left, claims), _value(node.right, claims))
    raise ValueError
