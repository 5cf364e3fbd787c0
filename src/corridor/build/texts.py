"""Texts and numbers as people map them: cleaned of what no page can show, read where they say one thing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from corridor.scenario.visible import HIDDEN

LONGEST_NAME = 200  # characters
_HIDDEN = re.compile(f"[{HIDDEN}\t\r\n]")
_SPACES = re.compile(r"\s+")
_WHOLE = re.compile(r"~?\s*(\d{1,3}(?:[ ,'\u00a0\u202f]\d{3})+|\d+)(?:\.0+)?")
_LIMIT = re.compile(r"(\d{1,3})(?:\.\d+)?\s*(mph|km/h|kmh)?", re.IGNORECASE)
_DAY = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")
MILE = 1.609344  # km
_LIMITS = {"urban": 50.0, "rural": 90.0, "living_street": 20.0, "walk": 7.0}  # km/h, in most countries: assumption


def clean_name(text: str) -> str:
    """Return a name on one line, without signs that nobody sees and that steer what is seen."""
    plain = _SPACES.sub(" ", _HIDDEN.sub(" ", text)).strip()
    marks, kept = 0, []
    for sign in plain:
        marks = marks + 1 if unicodedata.combining(sign) else 0
        if marks <= 3:
            kept.append(sign)
    return "".join(kept)[:LONGEST_NAME].strip()


def join_names(names: Iterable[str], shown: str) -> str:
    """Return other names separated by semicolons, each once, without the one that is shown."""
    kept = {clean_name(part) for name in names for part in name.split(";")}
    return "; ".join(sorted(kept - {shown, ""}))


def fold_name(name: str) -> str:
    """Return a name without case, marks and signs, to tell whether two texts name one thing."""
    parted = unicodedata.normalize("NFKD", name).casefold()
    return "".join(sign for sign in parted if sign.isalnum())


def read_whole(text: str | None) -> int | None:
    """Return a whole number of people as mappers write it (5,229 or 5 229 or ~5000), or None if it is not one."""
    found = _WHOLE.fullmatch((text or "").strip())
    return int(re.sub(r"\D", "", found[1])) if found else None


def read_limit(text: str | None) -> float | None:
    """Return a signed speed limit in km/h, or None where there is none; of a word such as RU:urban what is usual."""
    word = (text or "").rpartition(":")[2].strip().lower()
    if word in _LIMITS:
        return _LIMITS[word]
    if zone := re.fullmatch(r"[A-Z]{2}:(?:zone:?)?(\d{1,3})", (text or "").strip()):
        return float(zone[1]) or None
    found = _LIMIT.fullmatch((text or "").split(";")[0].strip())
    if not found:
        return None
    return float(found[1]) * (MILE if (found[2] or "").lower() == "mph" else 1.0) or None


def read_lanes(text: str | None) -> int | None:
    """Return a number of lanes between 1 and 16, or None."""
    found = re.match(r"\s*(\d{1,2})", text or "")
    return int(found[1]) if found and 1 <= int(found[1]) <= 16 else None


def read_day(text: str | None) -> str:
    """Return a day, month or year as an ISO day (its first), or an empty text."""
    found = _DAY.match((text or "").strip())
    return f"{found[1]}-{found[2] or '01'}-{found[3] or '01'}" if found else ""


def make_id(name: str, taken: set[str]) -> str:
    """Return an id for a name, in letters that every keyboard has where it has any; add it to those taken."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    plain = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")
    plain = plain or re.sub(r"[\W]+", "_", name.lower()).strip("_") or "place"
    plain, number = plain[:60], 1
    found = plain
    while found in taken:
        number += 1
        found = f"{plain}_{number}"
    taken.add(found)
    return found
