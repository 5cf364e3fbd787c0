"""What of a case becomes which sheet of a workbook, and how a text shows in a cell.

A hidden sheet carries every file of the case as it was, byte for byte. Whatever no cell can hold (a control character,
a text of more than 32,767 signs, spaces at the end of a line) therefore comes back unharmed: a cell that shows what
was written into it was not edited.
"""

from __future__ import annotations

import base64
import io
import json
import re
import zlib
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from corridor.scenario.cells import say_allowed
from corridor.scenario.faults import UsageError
from corridor.scenario.folder import SETTINGS
from corridor.scenario.schema import load_fields, table_files
from corridor.scenario.sheet import HEADER, MARK, Sheet, cut_sheet
from corridor.scenario.spreadsheet import write_csv

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from corridor.scenario.schema import Field

BASE, ABOUT, LISTS, FAULTS = "corridor", "about", "lists", "faults"  # sheets that are not of the case
FORMAT = 1  # of the workbook
TITLE = ": a case of Corridor"  # what the first line of the first sheet ends with
ABOUT_TEXTS = (
    "A case of Corridor as one workbook. Each sheet is a table of the case; a cell below a grey header belongs to a "
    "column that the file does not have yet.",
    "A number may be a range: 200, 150..250, 200 (150..250), 200 ± 20%. A time is local, as 2023-09-24T13:00.",
    "A row that begins with # is a comment. Columns of your own begin with x_. The note on each header says what the "
    "column means, its unit and what is allowed.",
    "Column A and the hidden sheet belong to the program: by them it knows what was edited.",
    "Back: corridor sheet THIS.xlsx --into CASE. Nothing is written before everything was checked.",
)
LONGEST = 32_767  # signs in a cell
LARGEST = 200_000_000  # bytes of a case that fits into a workbook
_PIECE = 30_000
_LONGEST_NAME = 31
_UNSHOWN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_PLAIN = re.compile(r"-?(0|[1-9]\d{0,14})(\.\d{1,10})?")


@dataclass(frozen=True)
class Part:
    """One sheet: its name, its file in the case, the table of its columns (blank: a text, a line a row), its bytes.

    `content` is None for a table that has no file yet.
    """

    name: str
    file: str
    table: str
    content: bytes | None

    @property
    def text(self) -> str:
        """Return the file's text; of a table without a file a header of all columns."""
        if self.content is None:
            return write_csv([list(load_fields()[self.table])])
        return self.content.decode("utf-8")

    @property
    def sheet(self) -> Sheet:
        """Return the pieces of a table."""
        return cut_sheet(self.text)


def show_text(text: str) -> str:
    """Return a text as a cell can hold it."""
    return _UNSHOWN.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))[:LONGEST]


def cut_lines(text: str) -> list[str]:
    r"""Return the lines of a text with their ends: \n, \r\n and \r end one."""
    return list(io.StringIO(text, newline=""))


def show_value(text: str) -> str | int | float:
    """Return what a cell holds for a text: a number where it comes back to the same text, else the text."""
    if _PLAIN.fullmatch(text):
        number = float(text) if "." in text else int(text)
        if write_value(number) == text:
            return number
    return show_text(text)


def write_value(value: object) -> str:
    """Return the text of what stands in a cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if hasattr(value, "isoformat"):
        text = str(value.isoformat())
        return text.removesuffix("T00:00:00").removesuffix(":00") if "T" in text else text
    return str(value)


def list_files_of(folder: Path) -> list[str]:
    """Return every file of a case's folder but hidden ones and links that lead out of it, by its path in it."""
    root = folder.resolve()
    found = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.resolve().is_relative_to(root))
    names = (path.relative_to(folder) for path in found)
    return [name.as_posix() for name in names if not any(part.startswith(".") for part in name.parts)]


def read_files(folder: Path) -> dict[str, bytes]:
    """Return every file of a case. Raises UsageError when they are too large for a workbook."""
    names = list_files_of(folder)
    size = sum((folder / name).stat().st_size for name in names)
    if size > LARGEST:
        message = f"{folder} holds {size:,} bytes; a workbook is made of at most {LARGEST:,}"
        raise UsageError(message)
    return {name: (folder / name).read_bytes() for name in names}


def cut_parts(files: Mapping[str, bytes]) -> list[Part]:
    """Return the sheets of a case: settings, its tables, its counts, texts, then tables that it has no file for."""
    tables = {file: table for table, file in table_files().items()}
    tables |= {file: "observations" for file in files if re.fullmatch(r"observations/[^/]+\.csv", file)}
    texts = [SETTINGS, *(file for file in sorted(files) if re.fullmatch(r"variants/[^/]+\.toml|[^/]+\.md", file))]
    chosen = [(file, "") for file in texts[:1]] + [(file, table) for file, table in tables.items() if file in files]
    chosen += [(file, "") for file in texts[1:]] + [
        (file, table) for file, table in tables.items() if file not in files
    ]
    taken: set[str] = {BASE, ABOUT, LISTS, FAULTS}
    parts = []
    for file, table in chosen:
        content = files.get(file)
        if (content is None and not table) or (content is not None and not _is_shown(content, table)):
            continue
        parts.append(Part(_name_sheet(file, taken), file, table, content))
    return parts


def _is_shown(content: bytes, table: str) -> bool:
    """Tell whether a file can be edited in cells; one that is no text, or no table, is kept as it is."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    if "\0" in text:
        return False
    sheet = cut_sheet(text) if table else None
    return sheet is None or (not sheet.broken and any(piece.key == HEADER for piece in sheet.pieces))


def _name_sheet(file: str, taken: set[str]) -> str:
    name = re.sub(r"[\[\]:*?/\\']", " ", file.removeprefix("evidence/").removesuffix(".csv"))[:_LONGEST_NAME].strip()
    number, chosen = 1, name
    while chosen.casefold() in taken:
        number += 1
        chosen = f"{name[: _LONGEST_NAME - 4]} {number}"
    taken.add(chosen.casefold())
    return chosen


def list_columns(part: Part) -> list[str]:
    """Return the columns of a table's sheet: those of the file, then those it may have as well."""
    own = [name.removeprefix(MARK) for name in part.sheet.columns]
    return own + [name for name in load_fields()[part.table] if name not in [column.strip() for column in own]]


def explain(field: Field) -> str:
    """Return what the note on a column's header says: its meaning, its unit and what is allowed."""
    unit = f"\nunit: {field.unit}" if field.unit else ""
    blank = "must be filled" if field.required else f"blank means {field.default}" if field.default else "may be blank"
    return f"{field.meaning}{unit}\nallowed: {say_allowed(field)}\n{blank}"


def pack(files: Mapping[str, bytes], parts: list[Part]) -> list[list[str]]:
    """Return the rows of the hidden sheet: the format and the sheets, then every file in pieces."""
    sheets = {part.name: [part.file, part.table] for part in parts}
    packed = base64.b64encode(zlib.compress(json.dumps({"sheets": sheets}, ensure_ascii=False).encode())).decode()
    rows = [["format", str(FORMAT)], *([" sheets", piece] for piece in _cut(packed))]
    for name, content in files.items():
        rows += [[name, piece] for piece in _cut(base64.b64encode(zlib.compress(content, 9)).decode())]
    return rows


def _cut(text: str) -> list[str]:
    return [text[at : at + _PIECE] for at in range(0, len(text), _PIECE)]


def unpack(rows: list[list[str]], name: str) -> tuple[dict[str, bytes], list[Part]]:
    """Return the files and the sheets from the rows of the hidden sheet. Raises UsageError when they are damaged."""
    try:
        if rows[0] != ["format", str(FORMAT)]:
            message = f"{name} was written by another version of corridor: write it anew"
            raise UsageError(message)
        joined: dict[str, list[str]] = {}
        for file, piece in rows[1:]:
            joined.setdefault(file, []).append(piece)
        files = {file: _unpack_file("".join(pieces)) for file, pieces in joined.items()}
        sheets = json.loads(files.pop(" sheets"))["sheets"]
        parts = [Part(sheet, file, table, files.get(file)) for sheet, (file, table) in sheets.items()]
        if not all(map(_is_name, (*files, *(part.file for part in parts)))) or not _are_known(parts):
            raise ValueError
    except (ValueError, KeyError, IndexError, TypeError, zlib.error) as error:
        message = f"the hidden sheet of {name} is damaged: write the workbook anew"
        raise UsageError(message) from error
    return files, parts


def _unpack_file(packed: str) -> bytes:
    reader = zlib.decompressobj()
    content = reader.decompress(base64.b64decode(packed), LARGEST)
    if reader.unconsumed_tail or not reader.eof:
        raise ValueError
    return content


def _is_name(file: str) -> bool:
    """Tell whether a name from a workbook is that of a file within a case."""
    path = PurePosixPath(file)
    return bool(file) and "\\" not in file and not path.is_absolute() and not {"..", "."} & set(path.parts)


def _are_known(parts: list[Part]) -> bool:
    """Tell whether every sheet is of a table that there is, or of a text that can be read."""
    return all(part.table in load_fields() if part.table else part.content is not None for part in parts)
