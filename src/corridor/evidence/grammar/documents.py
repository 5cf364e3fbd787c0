"""The text of a PDF or a DOCX: paragraphs apart, a row of a table on a line of its own."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING, Any

from corridor.scenario.faults import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

MAXIMUM_DOCUMENT_BYTES = 40_000_000
_MOST_UNPACKED = 200_000_000  # bytes a DOCX may unpack to
_FULL_LINE = 0.75  # of the widest line of a page: what is longer goes on in the next line
_CELL = " | "
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_BROKEN_WORD = re.compile(r"(?<=[a-zà-ÿ])-\n(?=[a-zà-ÿ])")


class DocumentError(Exception):
    """A document that cannot be read; the message says why."""


def is_document(data: bytes) -> bool:
    """Tell whether a file's first bytes are those of a PDF or of an office document."""
    return data[:4] in (b"%PDF", b"PK\x03\x04")


def read_document(data: bytes, most: int) -> str:
    """Return the text of a PDF or DOCX, of which at most about `most` characters are read.

    Raises DocumentError for one that is damaged, locked or of another kind, UsageError without the extra `documents`.
    """
    pieces: list[str] = []
    length = 0
    for piece in _read_pdf(data) if data[:4] == b"%PDF" else _read_docx(data):
        pieces.append(_CONTROLS.sub("", piece))
        length += len(piece)
        if length > most:
            break
    return "\n\n".join(piece for piece in pieces if piece.strip())


def _read_pdf(data: bytes) -> Iterator[str]:
    pypdf = _load("pypdf")
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            message = "a PDF that is locked with a password"
            raise DocumentError(message)
        for page in reader.pages:
            yield _join_lines(page.extract_text())
    except DocumentError:
        raise
    except Exception as error:  # a damaged PDF raises whatever its damage meets in the library
        message = f"a PDF that cannot be read ({type(error).__name__})"
        raise DocumentError(message) from error


def _join_lines(page: str) -> str:
    """Set paragraphs apart: a line that fills the page's width goes on in the next, any other ends."""
    lines = [line.strip() for line in _BROKEN_WORD.sub("", page).splitlines()]
    full = _FULL_LINE * max(map(len, lines), default=0)
    return "".join(line + ("\n" if len(line) >= full else "\n\n") for line in lines if line).strip()


def _read_docx(data: bytes) -> Iterator[str]:
    docx = _load("docx")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(member.file_size for member in archive.infolist()) > _MOST_UNPACKED:
                message = "an archive that unpacks to more than any report"
                raise DocumentError(message)
            if "word/document.xml" not in archive.namelist():
                message = "a zip or an office document that is no DOCX"
                raise DocumentError(message)
        for item in docx.Document(io.BytesIO(data)).iter_inner_content():
            yield "\n\n".join(_rows(item)) if hasattr(item, "rows") else item.text
    except DocumentError:
        raise
    except Exception as error:  # as above
        message = f"a DOCX that cannot be read ({type(error).__name__})"
        raise DocumentError(message) from error


def _rows(table: Any) -> Iterator[str]:
    for row in table.rows:
        # a cell that spans columns comes once for each of them
        cells = {cell._tc: " ".join(cell.text.split()) for cell in row.cells}
        yield _CELL.join(text for text in cells.values() if text)


def _load(name: str) -> Any:
    try:
        return __import__(name)
    except ImportError:
        message = "reading PDF and DOCX needs the extra `documents`: pip install corridor[documents]"
        raise UsageError(message) from None
