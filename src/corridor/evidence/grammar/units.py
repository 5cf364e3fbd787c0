"""Units: the words for them, what they are units of, and how one turns into another."""

from __future__ import annotations

from corridor.evidence.grammar.language import load_language

# Symbols stand right behind a number, with or without a space; upper and lower case matter.
SYMBOLS = {
    "%": "percent",
    "km/h": "km/hour",
    "kph": "km/hour",
    "km2": "square km",
    "km²": "square km",
    "sq km": "square km",
    "km": "km",
    "kms": "km",
    "cm": "cm",
    "mm": "mm",
    "m3": "cubic metres",
    "m³": "cubic metres",
    "m2": "square metres",
    "m²": "square metres",
    "ha": "hectares",
    "kg": "kg",
    "kgs": "kg",
    "g": "grams",
    "t": "tonnes",
    "MT": "tonnes",
    "mt": "tonnes",
    "l": "litres",
    "L": "litres",
    "ml": "millilitres",
    "kWh": "kWh",
    "MWh": "MWh",
    "kW": "kW",
    "MW": "MW",
    "kcal": "kilocalories",
    "h": "hours",
    "hrs": "hours",
    "hr": "hours",
    "min": "minutes",
    "mins": "minutes",
    "°C": "°C",
}

# unit -> (dimension, how many of the dimension's first unit). A factor is a definition, not a measurement.
_SIZES = {
    "kg": ("mass", 1.0),
    "tonnes": ("mass", 1000.0),
    "grams": ("mass", 0.001),
    "lb": ("mass", 0.45359237),
    "litres": ("volume", 1.0),
    "millilitres": ("volume", 0.001),
    "cubic metres": ("volume", 1000.0),
    "gallons": ("volume", 3.785411784),
    "barrels": ("volume", 158.987294928),
    "metres": ("length", 1.0),
    "km": ("length", 1000.0),
    "cm": ("length", 0.01),
    "mm": ("length", 0.001),
    "feet": ("length", 0.3048),
    "miles": ("length", 1609.344),
    "square metres": ("area", 1.0),
    "square km": ("area", 1e6),
    "hectares": ("area", 1e4),
    "acres": ("area", 4046.8564224),
    "square miles": ("area", 1609.344**2),
    "seconds": ("time", 1.0),
    "minutes": ("time", 60.0),
    "hours": ("time", 3600.0),
    "days": ("time", 86400.0),
    "weeks": ("time", 604800.0),
    "kW": ("power", 1.0),
    "MW": ("power", 1000.0),
    "kWh": ("energy", 1.0),
    "MWh": ("energy", 1000.0),
    "percent": ("share", 0.01),
    "share": ("share", 1.0),
}
# Short forms that scenario tables use.
_SHORT = {
    "l": "litres",
    "t": "tonnes",
    "h": "hours",
    "s": "seconds",
    "d": "days",
    "m": "metres",
    "ton": "tonnes",
    "tons": "tonnes",
    "mt": "tonnes",
    "%": "percent",
    "per cent": "percent",
    "0 to 1": "share",
    "persons": "people",
    "person": "people",
    "usd": "US dollars",
}


def _read_part(part: str) -> tuple[str, str, float]:
    """Return a part's name, dimension and size; a word that is not a measure is its own dimension."""
    word = part.strip()
    name = SYMBOLS.get(word) or _SHORT.get(word.lower())
    if name is None:
        english = load_language("en")  # the language of the names of units in all tables
        known = english.plurals.get(word.lower()) or english.singulars.get(word.lower())
        name = known.unit if known else word.lower()
    dimension, size = _SIZES.get(name, (name, 1.0))
    return name, dimension, size


def convert(value: float, unit: str, into: str) -> float | None:
    """Return the value in another unit, or None if the two measure different things.

    Units may be rates (`tonnes/day`, `people per hour`) and may be written short (`t`, `l/h`, `%`).
    """
    parts = [[p for p in u.replace(" per ", "/").split("/") if p.strip()] for u in (unit, into)]
    if len(parts[0]) != len(parts[1]) or not parts[0]:
        return None
    factor = 1.0
    for i, (ours, theirs) in enumerate(zip(*parts, strict=True)):
        _, our_dimension, our_size = _read_part(ours)
        _, their_dimension, their_size = _read_part(theirs)
        if our_dimension != their_dimension:
            return None
        factor *= our_size / their_size if i == 0 else their_size / our_size
    return value * factor
