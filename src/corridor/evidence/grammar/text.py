"""A report's text, decoded once, with its hash; what cannot be read is refused with a reason."""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from corridor.evidence.grammar.documents import MAXIMUM_DOCUMENT_BYTES, DocumentError, is_document, read_document
from corridor.evidence.grammar.language import LANGUAGES, load_language
from corridor.scenario.draft import show
from corridor.scenario.faults import FaultsError, UsageError, fault

if TYPE_CHECKING:
    from pathlib import Path

MAXIMUM_BYTES = 4_000_000
_MARKS = {"\u202a", "\u202b", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068", "\u2069"}


@dataclass(frozen=True)
class Text:
    """A decoded text. Offsets everywhere count characters of `content`; a byte order mark is not part of it.

    `hash` is the SHA-256 of the file's bytes; `warnings` say what a reader of the text should know.
    """

    name: str
    content: str
    hash: str
    warnings: tuple[str, ...] = ()

    @property
    def is_latin(self) -> bool:
        """Tell whether most letters are Latin, so that a grammar can say anything at all."""
        sample = self.content[:20_000]
        letters = sum(c.isalpha() for c in sample)
        latin = sum(c.isascii() and c.isalpha() for c in sample)
        return letters == 0 or latin * 2 >= letters


def read_text(path: Path, encoding: str = "utf-8") -> Text:
    """Read a report: plain text, a PDF or a DOCX.

    Raises FaultsError (exit code 3) if the file is empty, binary, not in the encoding, or longer than
    MAXIMUM_BYTES (a document: MAXIMUM_DOCUMENT_BYTES), and UsageError if there is no such file or no such encoding,
    or for a document without the extra `documents`. Line ends of a text are kept as they are.
    """
    try:
        size = path.stat().st_size
        data = path.read_bytes() if size <= MAXIMUM_DOCUMENT_BYTES else b""
    except OSError as error:
        message = f"cannot read {path}: {error.strerror}"
        raise UsageError(message) from error
    most = MAXIMUM_DOCUMENT_BYTES if is_document(data) or not data else MAXIMUM_BYTES
    if size > most:
        _refuse(path.name, "text_too_long", size=size, most=most)
    return decode_text(path.name, data, encoding)


def decode_text(name: str, data: bytes, encoding: str = "utf-8") -> Text:
    """Decode a report's bytes; raises as `read_text` does."""
    content = _read_document(name, data) if is_document(data) else _decode(name, data, encoding)
    if not content.strip():
        _refuse(name, "text_empty.pictures" if is_document(data) else "text_empty")
    text = Text(name, content, hashlib.sha256(data).hexdigest())
    return Text(name, content, text.hash, tuple(_warnings(text)))


def _read_document(name: str, data: bytes) -> str:
    try:
        content = read_document(data, MAXIMUM_BYTES)
    except DocumentError as error:
        _refuse(name, "text_binary.document", found=error)
    if len(content) > MAXIMUM_BYTES:
        _refuse(name, "text_too_long", size=len(content), most=MAXIMUM_BYTES)
    return content


def _decode(name: str, data: bytes, encoding: str) -> str:
    if data[:2] == b"\x1f\x8b":
        _refuse(name, "text_binary.document", found="a compressed file")
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") and encoding == "utf-8":
        encoding = "utf-16"
    try:
        content = data.decode("utf-8-sig" if encoding.lower() in ("utf-8", "utf8") else encoding)
    except UnicodeDecodeError as error:
        if data.count(0):
            _refuse(name, "text_binary", found=f"{data.count(0)} null bytes")
        _refuse(name, "text_encoding", byte=data[error.start], position=error.start, encoding=encoding)
    except (LookupError, ValueError) as error:  # ValueError: no name that anything could have
        message = f"unknown encoding {show(encoding)}; try utf-8, cp1252, cp1251 or utf-16"
        raise UsageError(message) from error
    controls = sum(content.count(chr(c)) for c in (*range(9), *range(14, 32)))
    if controls:
        _refuse(name, "text_binary", found=f"{controls} control characters")
    return content


def _warnings(text: Text) -> list[str]:
    warnings = []
    if not text.is_latin:
        scripts = {unicodedata.name(c, "").split(" ")[0].capitalize() for c in text.content[:2_000] if c.isalpha()}
        known = " and ".join(load_language(code).name for code in LANGUAGES)
        named = ", ".join(sorted(scripts - {"Latin", ""}))
        warnings.append(f"the text is mostly in {named} script; the grammar reads {known}: only names are looked for")
    if any(mark in text.content for mark in _MARKS):
        warnings.append("the text holds marks that change its direction on screen: what is shown may not be its order")
    if "\ufffd" in text.content:
        warnings.append("some characters were lost before this file was written (replacement marks in the text)")
    return warnings


def _refuse(name: str, kind: str, **facts: object) -> NoReturn:
    raise FaultsError([fault(kind, (name, 0, ""), **facts)], exit_code=3)
