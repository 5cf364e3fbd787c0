"""Seals: hashes that tell whether a file is whole, unchanged, and of the run in whose folder it lies.

A document (JSON) holds its own under "seal". A table has its own in a file beside it, NAME.seal, keyed with the run and
with the table's name: a part of another run, or another part of this one, does not pass for it.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SEAL = "seal"


def hash_document(content: object) -> str:
    """Return a SHA-256 of what JSON can hold, whatever the order of its keys."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def seal_document(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return a document with its seal, made anew."""
    content = {name: value for name, value in document.items() if name != SEAL}
    return {**content, SEAL: hash_document(content)}


def is_sealed_document(document: Mapping[str, Any]) -> bool:
    """Tell whether a document is what was sealed."""
    return bool(seal_document(document)[SEAL] == document.get(SEAL))


def read_document(path: Path) -> dict[str, Any] | None:
    """Return a sealed document from a file, without its seal; None where there is none that can be believed."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(document, dict) or not is_sealed_document(document):
        return None
    return {name: value for name, value in document.items() if name != SEAL}


def seal_path(path: Path) -> Path:
    """Return where the seal of a table is kept."""
    return path.with_suffix(".seal")


def make_seal(path: Path, run: str) -> str:
    """Return the seal of a table of the run that is known by this hash. Raises OSError when it cannot be read."""
    key = f"{run} {path.name}\n".encode()
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.sha256(key)).hexdigest()


def is_sealed(path: Path, run: str) -> bool:
    """Tell whether a table is there, unchanged since it was sealed, and of this run."""
    try:
        return seal_path(path).read_bytes() == make_seal(path, run).encode() + b"\n"
    except OSError:
        return False
