"""One cell: from the user's text to a typed value by its field, or a fault."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache
from typing import Any

from corridor.scenario.draft import Broken, Draft, lower_first, show
from corridor.scenario.faults import Where
from corridor.scenario.schema import BUILT_IN, TABLE_FILES, Field, load_event_kinds, load_fields
from corridor.scenario.values import (
    Quantity,
    ReversedRangeError,
    UnitError,
    parse_day_or_time,
    parse_margin,
    parse_publication,
    parse_quantity,
    parse_time,
    parse_time_range,
)
from corridor.scenario.visible import find_hidden, join_lines

LONGEST_TEXT, LONGEST_ID = 10_000, 100  # characters
BLANK = "?"  # stands for what a draft made from a report leaves open (corridor evidence accept --draft)
RARE = 0.001  # one draw in a thousand of a lognormal may pass its column's limits, not more
QUOTED = ("quote", "prefix", "suffix")  # of claims: words of the kept text, whatever it holds
NUMBERS = ("range", "number", "integer")
TIMES = {
    "time": parse_time,
    "time_range": parse_time_range,
    "day_or_time": parse_day_or_time,
    "publication": parse_publication,
}
_SIGNS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹٫٬٪−", "01234567890123456789.,%-")
_PLAIN_ID = re.compile(r"[\w-]*")
_SEPARATED = re.compile(r"\d[,'’\s]\d")

Complain = Callable[..., Broken]  # (kind of fault, facts by keyword) -> what stands for the cell

_WORDS = {
    "id": "a short name: letters, digits, _ and -",
    "text": "text",
    "integer": "a whole number",
    "number": "a number",
    "range": "a number or a range such as 200, 150..250, 200 (150..250), 200 ± 20%",
    "time": "a time such as 2023-09-24T13:00",
    "time_range": "a time such as 2023-09-24T13:00, or two with .. between them",
    **dict.fromkeys(
        ("day_or_time", "publication"),
        "a day such as 2023-09-24 (a month, a year), which means its end, or a time such as 2023-09-24T13:00",
    ),
    "margin": "a share from 0% to 100%, or a number of 0 or more",
    "kind": "a kind of event",
    "parameter": "the name of a parameter",
    "time_zone": "a name such as Asia/Yerevan",
    "boolean": "yes or no",
}


def say_allowed(spec: Field) -> str:
    """Return in words what a field allows."""
    if spec.choices:
        return " or ".join(spec.choices)
    if spec.refers_to:
        file = TABLE_FILES.get(spec.refers_to, f"{spec.refers_to}.csv")
        return " or ".join((*BUILT_IN.get(spec.refers_to, ()), f"an id in {file}"))
    text = _WORDS[spec.type]
    if spec.unit and spec.type in NUMBERS:
        text += f" in {spec.unit}"
    if spec.low is not None and spec.high is not None:
        text += f", from {spec.low:,g} to {spec.high:,g}"
    elif spec.low is not None:
        text += f", at least {spec.low:g}"
    return text


@cache
def read_default(spec: Field) -> Any:
    """Return the value of a blank cell."""
    if spec.default == "":
        return () if spec.type.startswith("references:") else "" if spec.type in ("text", "id") else None
    if spec.type == "range":
        return parse_quantity(spec.default)
    if spec.type == "number":
        return float(spec.default)
    if spec.type == "integer":
        return int(spec.default)
    return spec.default == "yes" if spec.type == "boolean" else spec.default


def read_cell(draft: Draft, where: Where, spec: Field, cell: str) -> Any:
    """Read one cell by its field; one that cannot be read is noted as a fault and becomes Broken."""
    text = cell.strip()
    if text == "":
        if spec.required:
            draft.note("missing_value", where, allowed=say_allowed(spec))
            return Broken()
        return read_default(spec)
    if text == BLANK:
        meaning = lower_first(spec.meaning)
        draft.note("still_blank", where, text=show(text), allowed=say_allowed(spec), meaning=meaning)
        return Broken()

    def complain(kind: str, **facts: object) -> Broken:
        draft.note(kind, where, **{"text": show(text), "allowed": say_allowed(spec), **facts})
        return Broken(text)

    if spec.type in NUMBERS:
        return _read_number(spec, text.translate(_SIGNS), complain)
    if spec.type in TIMES:
        return _read_time(draft, spec, text.translate(_SIGNS), complain)
    if spec.type == "margin":
        try:
            return parse_margin(text.translate(_SIGNS))
        except ValueError:
            return complain("wrong_type.margin")
    return _read_word(draft, spec, text, complain)


def _read_number(spec: Field, text: str, complain: Complain) -> Any:
    try:
        quantity = parse_quantity(text)
    except ReversedRangeError:
        return complain("range_reversed")
    except UnitError as error:
        return _complain_of_unit(spec, str(error), complain)
    except ValueError:
        return complain("wrong_type", hint=_hint(text))
    kind = find_fault(spec, quantity)
    if kind:
        facts = {"unit": spec.unit or "this column", "in_unit": f" in {spec.unit}" if spec.unit else ""}
        return complain(kind, **facts, hint=f"; it is: {lower_first(spec.meaning)}" if kind == "out_of_range" else "")
    if spec.type == "range":
        return quantity
    return int(quantity.middle) if spec.type == "integer" else quantity.middle


def find_fault(spec: Field, quantity: Quantity) -> str:
    """Return the kind of fault of a number that its field does not allow, or an empty string."""
    low, high = find_ends(quantity)
    if spec.low is not None and low <= 0 and (low < 0 if spec.low == 0 else spec.low > 0):
        return "not_positive"
    if (spec.low is not None and low < spec.low) or (spec.high is not None and high > spec.high):
        return "out_of_range.tail" if quantity.shape == "lognormal" else "out_of_range"
    if spec.type != "range" and not quantity.is_fixed:
        return "wrong_type.range"
    return "wrong_type.whole" if spec.type == "integer" and int(quantity.middle) != quantity.middle else ""


def find_ends(quantity: Quantity) -> tuple[float, float]:
    """Return the ends of a quantity that a field's limits are compared with: of a lognormal one its rare values."""
    if quantity.shape == "lognormal":
        return float(quantity.take(RARE)), float(quantity.take(1 - RARE))
    return quantity.low, quantity.high


def highest(quantity: Quantity) -> float:
    """Return the high end of a quantity: of a lognormal one what a draw in a thousand passes."""
    return find_ends(quantity)[1]


def _complain_of_unit(spec: Field, unit: str, complain: Complain) -> Broken:
    if unit == "%":
        return complain("wrong_unit.percent")
    return complain("wrong_unit", unit=spec.unit or "plain numbers", written=unit)


def _hint(text: str) -> str:
    if _SEPARATED.search(text):
        return "; 1000 without separators, 0.5 with a point"
    if "–" in text or "-" in text[1:]:
        return "; a range has two dots, as in 150..250"
    return ""


def _read_time(draft: Draft, spec: Field, text: str, complain: Complain) -> Any:
    try:
        return TIMES[spec.type](text, draft.zone)
    except ReversedRangeError:
        return complain("range_reversed.times")
    except (ValueError, OverflowError) as error:
        return complain("bad_date", hint=f"{error}; " if "clocks" in str(error) else "")


def _read_word(draft: Draft, spec: Field, text: str, complain: Complain) -> Any:
    if len(text) > LONGEST_TEXT:
        return complain("too_long", length=len(text), most=LONGEST_TEXT)
    if spec.name not in QUOTED:
        if sign := find_hidden(text):
            return complain("not_printable", sign=sign)
        text = join_lines(text)
    if spec.choices and text not in spec.choices:
        return complain("not_a_choice", hint=draft.suggest(text, spec.choices))
    if spec.type in ("kind", "parameter"):
        known = load_event_kinds() if spec.type == "kind" else load_fields()["parameter"]
        if text not in known:
            return complain(f"unknown_{spec.type}", allowed=", ".join(known), hint=draft.suggest(text, known))
    if spec.type == "boolean":
        return text == "yes" if text in ("yes", "no") else complain("wrong_type.boolean")
    if spec.type == "id" and not is_id(text):
        return complain("bad_id")
    if spec.type != "text" or spec.table != "claims":  # a quote must stay as it stands in the kept text
        text = unicodedata.normalize("NFC", text)
    return tuple(text.split()) if spec.type.startswith("references:") else text


def is_id(text: str) -> bool:
    """Tell whether a text can name a row or a parameter set."""
    return len(text) <= LONGEST_ID and bool(_PLAIN_ID.fullmatch(text) or all(map(_fits_id, text)))


def _fits_id(sign: str) -> bool:
    # marks carry the vowels of many scripts, so that they belong to the letters
    return sign.isalnum() or sign in "_-" or unicodedata.category(sign).startswith("M")
