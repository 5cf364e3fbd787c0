"""Signs that nobody sees and that steer what is seen: refused in a scenario, made visible wherever text is shown."""

from __future__ import annotations

import re
import unicodedata

_BEYOND = "".join(chr(plane << 16 | 0xFFFE) + chr(plane << 16 | 0xFFFF) for plane in range(17))
# Control characters but tab and line ends, halves of pairs, and what Unicode keeps from text: no page can show them.
# Then what turns the text beside it around (U+202A.., U+2066..), ends a line, has no width, or only annotates.
HIDDEN = (
    f"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef{_BEYOND}"
    "\u2028-\u202e\u2066-\u206f\u200b\u2060-\u2064\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"
)
HIGHEST_PILE = 10  # marks on one letter; each more makes a text slower to compare, and covers other lines
_HIDDEN = re.compile(f"[{HIDDEN}]")
# A carriage return writes over its line. Joiners belong to the scripts that use them, and to no other sign.
_STEERS = re.compile(f"[{HIDDEN}]|\r(?!\n)|[\u200c\u200d](?![^\x00-\x7f])")
_BREAKS = re.compile(r"\s*[\r\n]\s*")


def find_hidden(text: str) -> str:
    """Return the first sign in a text that cannot be shown, as its code, or an empty string."""
    if found := _HIDDEN.search(text):
        return f"U+{ord(found[0]):04X}"
    height = 0
    for sign in "" if text.isascii() else text:
        height = height + 1 if unicodedata.combining(sign) else 0
        if height > HIGHEST_PILE:
            return f"more than {HIGHEST_PILE} marks on one letter"
    return ""


def join_lines(text: str) -> str:
    """Return a text on one line."""
    return _BREAKS.sub(" ", text)


def make_visible(text: str) -> str:
    r"""Return a text in which what would steer a terminal or a page stands as JSON writes it: an escape as \u001b."""
    return _STEERS.sub(_write_code, text)


def _write_code(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code <= 0xFFFF:
        return f"\\u{code:04x}"
    code -= 0x10000
    return f"\\u{0xD800 | code >> 10:04x}\\u{0xDC00 | code & 0x3FF:04x}"
