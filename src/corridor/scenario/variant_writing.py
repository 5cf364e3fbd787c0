"""A variant's document written as the file that reading gives back: TOML of one form, whatever the order of rows."""

from __future__ import annotations

import math
import re
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corridor.scenario.cells import is_id
from corridor.scenario.draft import show
from corridor.scenario.faults import UsageError
from corridor.scenario.schema import load_fields
from corridor.scenario.variant import VERBS, Document
from corridor.scenario.writing import write_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_SHORT = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def write_variant(folder: Path, name: str, document: Document, replace: bool = False) -> Path:
    """Write `variants/NAME.toml` of a scenario folder, whole or not at all, and return its path.

    Raises UsageError for a name that is no id (letters, digits, _ and -, none in front), for what is no variant's
    document, and when the file cannot be written, lies elsewhere by a link, or is there and was not to be replaced.
    """
    if not name or not is_id(name) or name.startswith("-"):
        message = f"a variant cannot be named {show(name)}: a name has letters, digits, _ and -, and begins with no -"
        raise UsageError(message)
    root, path = Path(folder).resolve(), Path(folder) / "variants" / f"{name}.toml"
    if path.resolve() != root / "variants" / path.name:
        message = f"{path} is a link to something else; nothing was changed"
        raise UsageError(message)
    write_file(path, format_variant(document), replace)
    return path


def format_variant(document: Document) -> str:
    """Return a variant's document as TOML: title and own keys, then what is changed, added and removed.

    Tables and rows stand in the order of their names, columns in that of the table. What is not visible as it stands
    (marks of direction among it) is escaped, so that nothing hides in the file. Raises UsageError for what is no
    variant's document.
    """
    own = sorted((key for key in document if key not in VERBS), key=lambda key: (key != "title", key))
    parts = [_format_keys({key: document[key] for key in own})]
    for verb in ("change", "add"):
        parts += [
            f"[{'.'.join(map(_format_key, (verb, table, row)))}]\n{_format_keys(_sort_columns(table, cells))}"
            for table, rows in sorted(_require(document.get(verb, {}), verb).items())
            for row, cells in sorted(_require(rows, f"{verb}.{table}").items())
        ]
        parts += [f"[{verb}]\n"] if verb in document and not document[verb] else []
        parts += [f"[{verb}.{_format_key(table)}]\n" for table, rows in document.get(verb, {}).items() if not rows]
    if "remove" in document:
        removed = _require(document["remove"], "remove")
        parts.append(f"[remove]\n{_format_keys(dict(sorted(removed.items())))}")
    return "\n".join(part for part in parts if part)


def _require(content: Any, where: str) -> dict[str, Any]:
    if not isinstance(content, dict) or not all(isinstance(key, str) for key in content):
        message = f"this is no variant: {where} is {show(content)}, where a table by names is wanted"
        raise UsageError(message)
    return content


def _sort_columns(table: str, cells: Any) -> dict[str, Any]:
    order = {name: number for number, name in enumerate(load_fields().get(table, {}))}
    known = _require(cells, table)
    return {name: known[name] for name in sorted(known, key=lambda name: (order.get(name, len(order)), name))}


def _format_keys(values: Mapping[str, Any]) -> str:
    return "".join(f"{_format_key(key)} = {_format_value(value)}\n" for key, value in values.items())


def _format_key(key: str) -> str:
    return key if _BARE.fullmatch(key) else format_text(key)


def _format_value(value: Any) -> str:
    if isinstance(value, str):
        return format_text(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return repr(value) if math.isfinite(value) else str(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, list):
        return f"[{', '.join(map(_format_value, value))}]"
    if isinstance(value, dict):
        pairs = (f"{_format_key(str(key))} = {_format_value(inner)}" for key, inner in value.items())
        return f"{{{', '.join(pairs)}}}"
    message = f"this is no variant: {show(value)} cannot stand in one"
    raise UsageError(message)


def format_text(text: str) -> str:
    """Return a text as it stands in a TOML file. Raises UsageError for half of a sign."""
    return f'"{"".join(_escape(text))}"'


def _escape(text: str) -> Iterator[str]:
    for sign in text:
        if sign in _SHORT:
            yield _SHORT[sign]
        elif sign.isprintable():
            yield sign
        elif 0xD800 <= ord(sign) < 0xE000:
            message = f"{show(ascii(text))} holds half of a sign, which cannot be written"
            raise UsageError(message)
        else:
            yield f"\\u{ord(sign):04x}" if ord(sign) < 0x10000 else f"\\U{ord(sign):08x}"
