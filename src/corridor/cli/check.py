"""`corridor check`: every fault of a scenario folder at once, or a short summary of a clean one."""

from __future__ import annotations

from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

import corridor as co
from corridor.cli.answer import EXIT_INVALID, answer, on_one_line

if TYPE_CHECKING:
    from collections.abc import Sequence


def check(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Scenario folder.")],
    variant: Annotated[str | None, typer.Option(help="Variant in the folder's variants/.")] = None,
    strict: Annotated[bool, typer.Option("--strict", help="A number without a claim is an error.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Show all faults of a scenario folder: where, what was found, what is allowed, how to mend it.

    Ends with 3 when there are errors, 0 when there are none (warnings do not count).
    """
    found = co.check(folder, variant, strict)
    errors, warnings = found.errors, found.warnings
    document: dict[str, Any] = {
        "scenario": found.scenario,
        "ok": not errors,
        "faults": [asdict(fault) for fault in errors],
        "warnings": [asdict(fault) for fault in warnings],
        "counts": {code: len(list(group)) for code, group in _group(found.faults)},
    }
    if found.summary is not None:
        document["summary"] = found.summary
    answer(document, write_faults(on_one_line(folder), found) + str(found), as_json)
    if errors:
        raise typer.Exit(EXIT_INVALID)


def write_faults(folder: str, found: co.Check) -> str:
    """Return all faults as text for people: errors first, then warnings, each kind under its meaning."""
    text = f"{folder}: {_count(found.errors, 'fault')}"
    text += f", {_count(found.warnings, 'warning')}" if found.warnings else ""
    parts = [text + "\n"]
    for title, faults in (("Faults", found.errors), ("Warnings", found.warnings)):
        if faults:
            parts.append(f"\n{title}\n")
            parts += [_write_kind(code, found.meanings[code], list(group)) for code, group in _group(faults)]
    return "".join(parts)


def _group(faults: Sequence[co.Fault]) -> Any:
    def by_code(fault: co.Fault) -> str:
        return fault.code

    return groupby(sorted(faults, key=by_code), by_code)


def _write_kind(code: str, meaning: str, faults: list[co.Fault]) -> str:
    lines = [f"\n{code} ({len(faults)}): {meaning}"]
    for fault in faults:
        row = f", row {fault.row}" if fault.row else ""
        column = f", column {fault.column}" if fault.column else ""
        lines.append(f"  {fault.file}{row}{column}")
        lines.append(f"    found:   {fault.found}")
        lines.append(f"    allowed: {fault.allowed}")
        lines.append(f"    fix:     {fault.fix}")
    return "\n".join(lines) + "\n"


def _count(things: Sequence[object], name: str) -> str:
    return f"{len(things) or 'no'} {name}{'' if len(things) == 1 else 's'}"
