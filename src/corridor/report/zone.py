"""A time zone as people say it."""

from __future__ import annotations

import re


def write_zone(name: str) -> str:
    """Return "UTC+2" for "Etc/GMT-2", which counts the other way round; other names as they are."""
    if match := re.fullmatch(r"Etc/GMT([+-])(\d{1,2})", name):
        return f"UTC{'-' if match[1] == '+' else '+'}{match[2]}"
    return name
