"""The page's modules as one script, for a page that is one file: each in a function of its own, in order of need."""

from __future__ import annotations

import re
from collections.abc import Mapping

IMPORT = re.compile(r'^import\s+(?:\{(?P<names>[^}]*)\}\s+from\s+)?"(?P<path>\./[\w.]+)";[^\n]*\n', re.MULTILINE)
DECLARED = re.compile(r"^export\s+(?=(?:async\s+)?(?:function\*?|class|const|let)\s+(?P<name>\w+))", re.MULTILINE)
LISTED = re.compile(r"^export\s+\{(?P<names>[^}]*)\};[^\n]*\n", re.MULTILINE)
LATER = re.compile(r"\bawait import\((?P<path>[^)]*)\)")
LEFT_OVER = re.compile(r"^\s*(?:import|export)\b|\bimport\s*\(|\bimport\.meta\b", re.MULTILINE)


def bundle(files: Mapping[str, str], first: str, also: Mapping[str, str], replaced: Mapping[str, str]) -> str:
    """Return a script that does what loading the module `first` does.

    `files` are modules by name. `also` are those that are loaded later, by the name under which they are asked for;
    `replaced` names for some modules others that stand in their place. Raises ValueError for a form of import or export
    that is not known here, and for modules that need each other.
    """
    done: dict[str, str] = {}
    for name in (*also.values(), first):
        _add(files, replaced, replaced.get(name, name), done, ())
    names = {f"./{asked}": f"./{replaced.get(name, name)}" for asked, name in also.items()}
    table = ", ".join(f'"{asked}": modules["{name}"]' for asked, name in names.items())
    parts = [f'modules["./{name}"] = (() => {{\n{text}\n}})();' for name, text in done.items() if name != first]
    # those that are loaded later are all there before the first begins
    return "\n".join(["const modules = {};", *parts, f"const later = {{ {table} }};", f"{{\n{done[first]}\n}}", ""])


def _add(
    files: Mapping[str, str], replaced: Mapping[str, str], name: str, done: dict[str, str], needed_by: tuple[str, ...]
) -> None:
    """Add a module after those that it needs."""
    if name in done:
        return
    if name in needed_by:
        message = f"modules need each other: {', '.join((*needed_by, name))}"
        raise ValueError(message)
    if name not in files:
        message = f"no module {name}, needed by {needed_by[-1:]}"
        raise ValueError(message)
    for found in IMPORT.finditer(files[name]):
        needed = found["path"].removeprefix("./")
        _add(files, replaced, replaced.get(needed, needed), done, (*needed_by, name))
    done[name] = _rewrite(files[name], replaced, name)


def _rewrite(text: str, replaced: Mapping[str, str], name: str) -> str:
    """Return a module's text with its imports taken from the table of modules, and what it exports returned."""

    def take(found: re.Match[str]) -> str:
        path = found["path"].removeprefix("./")
        names = ", ".join(
            " ".join(one.split()).replace(" as ", ": ") for one in (found["names"] or "").split(",") if one.strip()
        )
        return f'const {{ {names} }} = modules["./{replaced.get(path, path)}"];\n' if names else "\n"

    exported = [found["name"] for found in DECLARED.finditer(text)]
    for found in LISTED.finditer(text):
        exported += [one.strip() for one in found["names"].split(",") if one.strip()]
    text = LISTED.sub("", DECLARED.sub("", IMPORT.sub(take, text)))
    text = LATER.sub(r"later[\g<path>]", text)
    if left := LEFT_OVER.search(text):
        message = f"{name}: a form of import or export that is not known: {text[left.start() : left.start() + 60]!r}"
        raise ValueError(message)
    if any(" as " in one for one in exported):
        message = f"{name}: what is exported keeps its name"
        raise ValueError(message)
    return text + (f"\nreturn {{ {', '.join(exported)} }};" if exported else "")
