"""scenario.toml as a sheet: each key a row with its value as text; what is not changed stays as it is written."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from corridor.scenario.draft import show
from corridor.scenario.faults import UsageError
from corridor.scenario.schema import load_fields

if TYPE_CHECKING:
    from collections.abc import Mapping

COLUMNS = ("key", "value")
_TABLE = re.compile(r'[ \t]*\[[ \t]*([\w-]+|"[^"\n]*")((?:[ \t]*\.[ \t]*(?:[\w-]+|"[^"\n]*"))*)[ \t]*\][^\n]*')
_KEY = re.compile(r'[ \t]*([A-Za-z0-9_-]+|"[^"\n]*")[ \t]*=[ \t]*')
_TEXT = re.compile(r'"""(?:[^\\]|\\.)*?"""(?!")|\'\'\'.*?\'\'\'(?!\')|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'', re.DOTALL)
_PLAIN = re.compile(r"[^\n\r#\[{]+")
_SHORT = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}


@dataclass(frozen=True)
class Setting:
    """One key of the settings: its dotted name, its value as text, and where it stands.

    `line` is 0 and `start` -1 for one that is not written; one whose value is a list or a table has no place either
    and cannot be changed here. `table` is that of its field: "scenario" or "set".
    """

    key: str
    text: str
    line: int = 0
    start: int = -1
    end: int = -1
    table: str = "scenario"
    changeable: bool = True

    @property
    def name(self) -> str:
        """Return the last part of the dotted name."""
        return self.key.rpartition(".")[2]


def read_settings(text: str) -> list[Setting]:
    """Return the settings in a text, those that are not written behind the written ones of their table.

    Raises ValueError for a text that is no TOML.
    """
    document = tomllib.loads(text)
    written = _find_values(text, document)
    settings = [setting for setting in written if setting.table == "scenario"]
    settings += _list_unwritten("", "scenario", document, settings)
    sets = document.get("sets")
    for name, values in sets.items() if isinstance(sets, dict) else ():
        if isinstance(values, dict):
            inside = [setting for setting in written if setting.key.startswith(f"sets.{name}.")]
            settings += [*inside, *_list_unwritten(f"sets.{name}.", "set", values, inside)]
    return settings


def _list_unwritten(prefix: str, table: str, values: Mapping[str, Any], found: list[Setting]) -> list[Setting]:
    names = {setting.name for setting in found}
    others = [key for key in values if key not in names and not (not prefix and key == "sets")]
    settings = [Setting(prefix + key, write_value(values[key]), table=table, changeable=False) for key in others]
    blank = [name for name in load_fields()[table] if name not in values]
    return settings + [Setting(prefix + name, "", table=table) for name in blank]


def _find_values(text: str, document: Mapping[str, Any]) -> list[Setting]:
    """Return the written values with their places: those that the TOML reader reads at the same place alike."""
    found, at, prefix, line_number = [], 0, "", 1
    while at < len(text):
        end_of_line = text.find("\n", at) + 1 or len(text)
        if match := _TABLE.match(text, at):
            prefix = ".".join(part.strip().strip('"') for part in f"{match[1]}{match[2]}".split(".")) + "."
        elif match := _KEY.match(text, at):
            start = match.end()
            value = _TEXT.match(text, start) or _PLAIN.match(text, start)
            if value is not None:
                end = start + len(value[0].rstrip())
                end_of_line = text.find("\n", end) + 1 or len(text)
                setting = _make_setting(prefix + match[1].strip('"'), text, (start, end), line_number)
                if setting is not None and _look_up(document, setting.key) == _parse(text[start:end]):
                    found.append(setting)
        line_number += text.count("\n", at, end_of_line)
        at = end_of_line
    return found


def _make_setting(key: str, text: str, span: tuple[int, int], line: int) -> Setting | None:
    parts = key.split(".")
    table = "scenario" if len(parts) == 1 else "set" if len(parts) == 3 and parts[0] == "sets" else ""
    value = _parse(text[slice(*span)])
    return Setting(key, write_value(value), line, *span, table=table) if table and value is not None else None


def _parse(raw: str) -> Any:
    """Return the value that a piece of TOML stands for, or None if it stands for none."""
    try:
        return tomllib.loads(f"value = {raw}\n")["value"]
    except (ValueError, RecursionError):
        return None


def _look_up(document: Any, key: str) -> Any:
    for part in key.split("."):
        document = document.get(part) if isinstance(document, dict) else None
    return document


def write_value(value: Any) -> str:
    """Return a value as the text that a cell would hold."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def change_settings(text: str, changes: Mapping[str, str]) -> str:
    """Return the text with other values by dotted key; a blank one takes the key out, one not written is added.

    Everything else stays as it is written. Raises UsageError for a key that cannot be changed here.
    """
    settings = {setting.key: setting for setting in read_settings(text)}
    expected = tomllib.loads(text)
    strange = [key for key in changes if key not in settings or not settings[key].changeable]
    if strange:
        message = f"these settings cannot be changed on this page: {show(', '.join(strange[:5]))}"
        raise UsageError(message)
    changed = {key: new for key, new in changes.items() if new != settings[key].text}
    for key in sorted(changed, key=lambda key: settings[key].start, reverse=True):
        if settings[key].start >= 0:  # from the last to the first, so that places hold
            text = _rewrite(text, settings[key], changed[key])
    for key in (key for key in changed if settings[key].start < 0 and changed[key]):
        text = _add(text, settings[key], changed[key])
    _require_same(text, expected, changed)
    return text


def _rewrite(text: str, setting: Setting, new: str) -> str:
    if new:
        return text[: setting.start] + _write(text[setting.start : setting.end], new) + text[setting.end :]
    start, end = text.rfind("\n", 0, setting.start) + 1, text.find("\n", setting.end) + 1 or len(text)
    return text[:start] + text[end:]


def _write(old: str, new: str) -> str:
    """Return a value as TOML: a text stays one, a number or a time stays plain as long as it is one."""
    kind = type(_parse(old)) if old else None
    plain = {"yes": "true", "no": "false"}.get(new, new) if kind is bool else new
    value = _parse(plain) if kind is not str and _PLAIN.fullmatch(plain) else None
    if value is not None and (kind is None or type(value) is kind) and write_value(value) == new:
        return plain
    return f'"{"".join(_SHORT.get(sign, sign if sign.isprintable() else _escape(sign)) for sign in new)}"'


def _escape(sign: str) -> str:
    return f"\\u{ord(sign):04x}" if ord(sign) < 0x10000 else f"\\U{ord(sign):08x}"


def _add(text: str, setting: Setting, new: str) -> str:
    """Return the text with a key behind the last one of its table."""
    prefix = setting.key[: -len(setting.name)]
    beside = [s for s in read_settings(text) if s.start >= 0 and s.key[: -len(s.name)] == prefix]
    end = "\r\n" if "\r\n" in text else "\n"
    line = f"{setting.name} = {_write('', new)}{end}"
    if not beside and prefix:
        message = f"write the first key of {prefix[:-1]} in an editor"
        raise UsageError(message)
    at = (text.find("\n", beside[-1].end) + 1 or len(text)) if beside else 0
    gap = end if at and text[at - 1] != "\n" else ""
    return text[:at] + gap + line + text[at:]


def _require_same(text: str, expected: dict[str, Any], changed: Mapping[str, str]) -> None:
    """Make sure that nothing but what was asked for reads differently."""
    try:
        found = tomllib.loads(text)
    except ValueError:
        found = {}
    for key, new in changed.items():
        read = _look_up(found, key)
        if (write_value(read) if read is not None else "") != new:
            found = {}
        for document in (found, expected):
            inner = document
            for part in key.split(".")[:-1]:
                inner = inner.get(part, {})
            inner.pop(key.rpartition(".")[2], None)
    if found != expected or not text:
        message = f"these settings cannot be changed on this page: {show(', '.join(changed))}"
        raise UsageError(message)
