"""Bring the files of translations up to the English sentences: `python -m corridor.words.renew` (for who writes them).

New sentences come in empty, gone ones go, and a translation whose English text has changed is marked as stale (fuzzy).
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

from corridor.words.catalogue import load_sentences
from corridor.words.language import LANGUAGES

KEPT = ("Language:", "Plural-Forms:", "MIME-Version:", "Content-Type:", "Content-Transfer-Encoding:")  # of the header
DROPPED = ("# ", "#, python-brace-format")
FOLDER = Path(__file__).parent / "languages"


def renew(path: Path, code: str) -> tuple[int, int]:
    """Write a file of translations anew, and return how many sentences are not translated and how many are stale."""
    old: dict[str | None, Message] = {}
    if path.exists():
        with path.open("rb") as file:
            old = {message.context: message for message in read_po(file, locale=code) if message.id}
    new = Catalog(locale=code, project="Corridor", fuzzy=False)
    missing = stale = 0
    for name, sentence in load_sentences().items():
        kept = old.get(name)
        empty = ("",) * new.num_plurals if sentence.count else ("",)
        said = _take_forms(kept)
        said = said if len(said) == len(empty) else empty
        fuzzy = all(said) and kept is not None and (kept.id != sentence.key or kept.fuzzy)
        string = said if sentence.count else said[0]
        new.add(sentence.key, string, flags=["fuzzy"] if fuzzy else [], context=name)
        missing, stale = missing + (not all(said)), stale + fuzzy
    path.write_text(_write(new), encoding="utf-8")
    return missing, stale


def _take_forms(message: Message | None) -> tuple[str, ...]:
    if message is None or message.string is None:
        return ("",)
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)


def _write(catalogue: Catalog) -> str:
    """Return the file without what changes at every writing, such as its date."""
    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=0)
    lines = buffer.getvalue().decode("utf-8").splitlines()
    kept = [
        line
        for line in lines
        if not line.startswith(DROPPED) and (not line.startswith('"') or line[1:].startswith(KEPT))
    ]
    return "\n".join(kept).replace("\n\n\n", "\n\n").removeprefix("#").strip() + "\n"


def main() -> None:
    """Renew every language and say how it stands."""
    for code, language in LANGUAGES.items():
        if not language.is_english:
            missing, stale = renew(FOLDER / f"{code}.po", code)
            sys.stdout.write(f"{code}: {missing} not translated, {stale} stale\n")


if __name__ == "__main__":
    main()
