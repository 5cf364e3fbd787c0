"""Forms of a language: regular expressions in which `@name@` stands for a part or for any word of a list."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

SPACE = r"(?:[ \u00a0\u202f]|\r?\n)"
NEVER = re.compile(r"(?!)")
_PART = re.compile(r"@([a-z_]+)@")
_DEEPEST = 12  # parts within parts
_LONGEST_FORM = 100_000  # signs, with all its parts
_BREAK = re.compile(r"(?:^|\n)\s*")  # a form may go on in the next line

_Branches = dict[str, Any]  # further branches by the next letter; "" where a phrase may end


def any_of(phrases: Iterable[str]) -> str:
    """Return a pattern for any of the phrases, the longest first where they begin alike; spaces may be line ends."""
    root: _Branches = {}
    for phrase in sorted(phrases):
        at = root
        for letter in phrase:
            at = at.setdefault(letter, {})
        at[""] = {}
    return _spell(root, is_root=True)


def _spell(branches: _Branches, *, is_root: bool = False) -> str:
    """Write out branches, so that of many phrases few are tried at each place."""
    rests = [_letter(letter) + _spell(further) for letter, further in branches.items() if letter]
    if not rests:
        return ""
    joined = "|".join(rests)
    if is_root or (len(rests) == 1 and "" not in branches):
        return joined
    return f"(?:{joined})?" if "" in branches else f"(?:{joined})"


def _letter(letter: str) -> str:
    return SPACE if letter == " " else re.escape(letter)


def join_sections(sections: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Return the forms of all sections. Raises ValueError for a name that two of them give."""
    forms: dict[str, str] = {}
    for section, table in sections.items():
        if twice := sorted(forms.keys() & table.keys()):
            message = f"patterns.toml, [{section}]: {', '.join(twice)} stands in another section too"
            raise ValueError(message)
        forms |= table
    return forms


def fill(form: str, parts: Mapping[str, str]) -> str:
    """Return a form with its parts in their places. Raises ValueError for a part within itself, or too long a form."""
    form = _BREAK.sub("", form)
    for _ in range(_DEEPEST):
        if not _PART.search(form):
            return form
        if len(form) + sum(len(parts[name]) for name in _PART.findall(form)) > _LONGEST_FORM:
            message = f"a form grows to more than {_LONGEST_FORM:,} signs: {form[:60]}"
            raise ValueError(message)
        form = _PART.sub(lambda match: _BREAK.sub("", parts[match[1]]), form)
    message = f"a part of the form stands within itself: {form[:60]}"
    raise ValueError(message)


def compile_form(form: str, model: re.Pattern[str]) -> re.Pattern[str]:
    """Compile a form; a group that its English model has and it lacks is added and holds nothing."""
    pattern = re.compile(form)
    lacking = [group for group in model.groupindex if group not in pattern.groupindex]
    return re.compile(form + "".join(f"(?P<{group}>(?!))?" for group in lacking)) if lacking else pattern
