"""Reading the weights of a plan from a file, so that whoever answers for them can change them."""

from __future__ import annotations

import tomllib
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from corridor.relief.problem import Weights
from corridor.scenario.draft import show, suggest
from corridor.scenario.faults import Fault, FaultsError, fault
from corridor.words.writing import write

if TYPE_CHECKING:
    from pathlib import Path


def read_weights(path: Path) -> Weights:
    """Return the weights in a TOML file; what it does not name keeps its default. Raises FaultsError."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:  # what is no UTF-8 or no TOML is a ValueError
        raise FaultsError([fault("bad_toml.weights", (str(path), 0, ""), reason=error)]) from None
    known = [field.name for field in fields(Weights)]
    faults: list[Fault] = []
    values: dict[str, Any] = {}
    for key, value in document.items():
        where = (str(path), 0, key)
        if key not in known:
            facts = {"name": show(key), "known": ", ".join(known), "hint": suggest(key, known)}
            faults.append(fault("unknown_setting.weights", where, **facts))
        elif key == "deprivation":
            if _is_list_of_pairs(value):
                values[key] = tuple((float(hours), float(extra)) for hours, extra in value)
            else:
                faults.append(fault("wrong_type.bends", where, value=value))
        elif isinstance(value, int | float) and not isinstance(value, bool):
            values[key] = float(value)
        else:
            faults.append(fault("wrong_type.weight", where, value=value))
    if faults:
        raise FaultsError(faults)
    return Weights(**values)


def write_weights(weights: Weights) -> str:
    """Return the weights as the text of a file that read_weights reads back, each with its meaning."""
    meanings = {name: write(meaning) for name, _, meaning in weights.describe()}
    pairs = ", ".join(f"[{hours:g}, {extra:g}]" for hours, extra in weights.deprivation)
    lines = ["# What counts how much in the plan; the unit is one person one hour without a life-saving item."]
    for field in fields(Weights):
        if field.name == "deprivation":
            lines += ["# [hours without on end, how much more each further hour counts for each day beyond]"]
            lines.append(f"deprivation = [{pairs}]")
        else:
            lines += [f"# {meanings[field.name]}", f"{field.name} = {getattr(weights, field.name):g}"]
    return "\n".join(lines) + "\n"


def _is_list_of_pairs(value: object) -> bool:
    return isinstance(value, list) and all(
        isinstance(pair, list) and len(pair) == 2 and all(isinstance(number, int | float) for number in pair)
        for pair in value
    )
