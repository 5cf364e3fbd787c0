"""From bytes to text: the hash of a file, its encoding, and lines without the signs that mean nothing."""

from __future__ import annotations

import codecs
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corridor.scenario.faults import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LARGEST = 2_000_000_000  # bytes of one file
_CHUNK = 1 << 20
_MARKS = ((codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"), (codecs.BOM_UTF8, "utf-8-sig"),
          (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))  # fmt: skip
_OTHER = {
    b"PK": "an archive or a workbook that cannot be read: unpack it, or save it as .xlsx or CSV",
    b"\xd0\xcf\x11\xe0": "a workbook of the old kind (.xls): save it as .xlsx or CSV",
    b"\x1f\x8b": "a packed file: unpack it first",
    b"%PDF": "a PDF: its tables must be saved as CSV or .xlsx first",
    b"SQLite format 3": "a database (a GeoPackage, perhaps), no table",
}


@dataclass(frozen=True)
class Scan:
    """What one pass over a file found: its hash, its size, its encoding and what must be said of it."""

    sha256: str
    size: int
    encoding: str
    notes: tuple[str, ...] = ()


def scan_file(path: Path, encoding: str = "") -> Scan:
    """Read a file once, in pieces, for its hash and encoding. Raises UsageError when it is no file to read."""
    digest, size, head, found_null = hashlib.sha256(), 0, b"", False
    decoder = codecs.getincrementaldecoder("utf-8")()
    is_text = True
    try:
        if not path.is_file():
            message = f"{path}: there is no such file" if not path.exists() else f"{path} is no ordinary file"
            raise UsageError(message)
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                head = head or chunk
                digest.update(chunk)
                size += len(chunk)
                found_null = found_null or b"\0" in chunk
                if is_text:
                    is_text = _goes_on(decoder, chunk)
        is_text = is_text and _goes_on(decoder, b"", final=True)
    except OSError as error:
        message = f"{path} cannot be read: {error.strerror or error}"
        raise UsageError(message) from error
    if size > LARGEST:
        message = f"{path} has {size:,} bytes; at most {LARGEST:,} are read"
        raise UsageError(message)
    chosen, notes = _choose(head, is_text, found_null, encoding)
    return Scan(digest.hexdigest(), size, chosen, notes)


def _goes_on(decoder: codecs.IncrementalDecoder, chunk: bytes, final: bool = False) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


def _choose(head: bytes, is_text: bool, found_null: bool, asked: str) -> tuple[str, tuple[str, ...]]:
    if asked:
        return asked, ()
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name, ("NUL bytes were left out",) if found_null and name == "utf-8-sig" else ()
    nulls = [head[:4000][at::2].count(0) for at in (0, 1)]
    if max(nulls) > len(head[:4000]) / 8 and min(nulls) < max(nulls) / 4:
        name = "utf-16-be" if nulls[0] > nulls[1] else "utf-16-le"
        return name, (f"no byte order mark; read as {name}",)
    notes = ("NUL bytes were left out",) if found_null else ()
    if is_text:
        return "utf-8", notes
    told = 'not UTF-8: read as Windows-1252; encoding = "..." under [table] of the mapping says otherwise'
    try:
        head.decode("cp1252")
    except UnicodeDecodeError:
        return "latin-1", (told.replace("Windows-1252", "Latin-1"), *notes)
    return "cp1252", (told, *notes)


def require_table(path: Path) -> None:
    """Raise UsageError for a file that begins like something other than a table of text."""
    with path.open("rb") as file:
        head = file.read(64)
    told = next((text for sign, text in _OTHER.items() if head.startswith(sign)), "")
    if not told and head.removeprefix(codecs.BOM_UTF8).lstrip()[:1] in (b"<", b"{"):
        told = "a web page or another document, no table: save the data as CSV or .xlsx"
    if told:
        message = f"{path} is {told}"
        raise UsageError(message)


def read_lines(path: Path, encoding: str) -> Iterator[str]:
    """Yield the lines of a text with their ends, without NUL and byte order mark.

    Raises UsageError for an encoding that is unknown or does not hold.
    """
    try:
        with path.open(encoding=encoding, errors="replace" if encoding == "cp1252" else "strict", newline="") as file:
            for number, line in enumerate(file):
                yield (line.removeprefix("\ufeff") if number == 0 else line).replace("\0", "")
    except (LookupError, UnicodeError) as error:
        message = f'{path.name} cannot be read as "{encoding}": {error}'
        raise UsageError(message) from error
