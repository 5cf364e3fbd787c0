"""Build a negotiation from the rows of its tables, checking what one row alone cannot show."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corridor.deal.parties import Actor, Amount, Deal, Issue, Position, PowerShift, exactly
from corridor.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Sequence

Value = str | bool | Amount | tuple[str, ...] | None
_SHIFT_FIELDS = ("power_now", "power_after", "fighting_cost", "patience")


@dataclass(frozen=True)
class TableRow:
    """One row: its line in the file, its values by column (blank ones absent), and whether all were read."""

    line: int
    values: dict[str, Value]
    sound: bool = True

    def text(self, name: str) -> str:
        """Return a text, empty when blank."""
        value = self.values.get(name)
        return value if isinstance(value, str) else ""

    def amount(self, name: str) -> Amount | None:
        """Return an amount, None when blank."""
        value = self.values.get(name)
        return value if isinstance(value, Amount) else None

    def flag(self, name: str, default: bool) -> bool:
        """Return a yes or no, the default when blank."""
        value = self.values.get(name)
        return value if isinstance(value, bool) else default

    @property
    def claims(self) -> tuple[str, ...]:
        """Return the claims the row rests on."""
        value = self.values.get("claims")
        return value if isinstance(value, tuple) else ()


def build_deal(
    actors: Sequence[TableRow], issues: Sequence[TableRow], positions: Sequence[TableRow], faults: list[Fault]
) -> Deal | None:
    """Return the negotiation, or None when there are faults: those found here are added to `faults`.

    `faults` holds what the reader found. Checks that need everything to be sound are left out when it is not,
    so that one mistake is told once.
    """
    _check_unique("actors", actors, ("id",), faults)
    _check_unique("issues", issues, ("id",), faults)
    _check_unique("positions", positions, ("issue", "actor"), faults)
    people = {row.text("id"): _build_actor(row, faults) for row in actors}
    for row in positions:
        check_reference("positions.csv", row, "actor", list(people), faults)
        check_reference("positions.csv", row, "issue", [r.text("id") for r in issues], faults)
    held = {r.text("id"): [p for p in positions if p.text("issue") == r.text("id")] for r in issues}
    whole = not faults
    built = [_build_issue(row, held[row.text("id")], people, whole, faults) for row in issues]
    if whole and not built:
        allowed, fix = "at least one issue with two positions", "add issues and positions"
        faults.append(Fault("issues.csv", 0, "", "no_issues", "no rows", allowed, fix))
    if faults:
        return None
    return Deal(tuple(people.values()), tuple(built))


def _check_unique(table: str, rows: Sequence[TableRow], names: tuple[str, ...], faults: list[Fault]) -> None:
    seen: dict[tuple[str, ...], int] = {}
    for row in rows:
        key = tuple(row.text(name) for name in names)
        if all(key) and key in seen:
            found, allowed = ", ".join(key), f"each {' and '.join(names)} once"
            fix = f"remove or rename it; it already stands in row {seen[key]}"
            faults.append(Fault(f"{table}.csv", row.line, names[-1], "duplicate_row", found, allowed, fix))
        seen.setdefault(key, row.line)


def check_reference(file: str, row: TableRow, name: str, known: Sequence[str], faults: list[Fault]) -> None:
    """Add a fault when a value names nothing known (unless nothing is known, which has its own fault)."""
    value = row.text(name)
    if not value or value in known or not known:
        return
    near = difflib.get_close_matches(value, known, n=1, cutoff=0.5)
    fix = f"did you mean {near[0]!r}?" if near else "write one of these, or add it"
    allowed = "one of " + ", ".join(known)
    faults.append(Fault(file, row.line, name, "unknown_reference", repr(value), allowed, fix))


def _build_actor(row: TableRow, faults: list[Fault]) -> Actor:
    voice_only, capability = row.flag("voice_only", False), row.amount("capability")
    if row.sound and capability is None and not voice_only:
        allowed = "a number of 0 or more, or voice_only yes"
        fix = "say what the actor can bring to bear, or that it has only a voice"
        faults.append(Fault("actors.csv", row.line, "capability", "required", "nothing", allowed, fix))
    if row.sound and voice_only and capability is not None and capability.high > 0:
        found = f"{capability.value:g} with voice_only yes"
        fix = "leave it blank, or set voice_only to no"
        faults.append(Fault("actors.csv", row.line, "capability", "voice_only", found, "nothing", fix))
    if row.sound and voice_only and row.flag("veto", False):
        fix = "set one of them to no"
        faults.append(
            Fault("actors.csv", row.line, "veto", "voice_only", "yes with voice_only yes", "no", fix)
        )
    return Actor(
        row.text("id"),
        row.text("name"),
        capability or exactly(0.0),
        row.flag("veto", False),
        voice_only,
        row.claims,
    )


def _build_issue(
    row: TableRow, held: Sequence[TableRow], people: dict[str, Actor], whole: bool, faults: list[Fault]
) -> Issue:
    if row.sound:
        check_reference("issues.csv", row, "exposed_actor", list(people), faults)
    positions = [
        _build_position(p, people[p.text("actor")], faults) for p in held if p.text("actor") in people
    ]
    issue = Issue(
        row.text("id"),
        row.text("title"),
        row.text("low_end"),
        row.text("high_end"),
        tuple(positions),
        row.text("clause") or "none",
        _build_shift(row, faults),
        row.claims,
    )
    if whole and len(issue.parties) < 2:
        found = f"{len(issue.parties)} positions with weight on {issue.id}"
        fix = "add positions in positions.csv; weight is capability times salience"
        faults.append(
            Fault("issues.csv", row.line, "id", "too_few_positions", found, "two or more actors", fix)
        )
    return issue


def _build_position(row: TableRow, actor: Actor, faults: list[Fault]) -> Position:
    own, veto = row.amount("capability"), row.flag("veto", actor.veto)
    if actor.voice_only and own is not None and own.high > 0:
        found = f"{own.value:g} for {actor.id}, which has voice_only yes"
        fix = "leave it blank, or set voice_only to no in actors.csv"
        faults.append(Fault("positions.csv", row.line, "capability", "voice_only", found, "nothing", fix))
    if actor.voice_only and row.flag("veto", False):
        found, fix = f"yes for {actor.id}, which has voice_only yes", "set one of them to no"
        faults.append(Fault("positions.csv", row.line, "veto", "voice_only", found, "no", fix))
    return Position(
        actor,
        row.amount("position") or exactly(0.0),
        row.amount("salience") or exactly(0.0),
        own or actor.capability,
        row.amount("no_deal"),
        veto,
        row.claims,
    )


def _build_shift(row: TableRow, faults: list[Fault]) -> PowerShift | None:
    amounts = {name: row.amount(name) for name in _SHIFT_FIELDS}
    given = [name for name, amount in amounts.items() if amount is not None]
    exposed = row.text("exposed_actor")
    if row.sound and (exposed or given):
        missing = [name for name in _SHIFT_FIELDS if name not in given] + (
            [] if exposed else ["exposed_actor"]
        )
        for name in missing:
            allowed = f"all or none of exposed_actor, {', '.join(_SHIFT_FIELDS)}"
            fix = "fill it in, or clear the others"
            faults.append(
                Fault("issues.csv", row.line, name, "incomplete_power_shift", "nothing", allowed, fix)
            )
    now, after, cost, patience = amounts.values()
    if not exposed or now is None or after is None or cost is None or patience is None:
        return None
    if row.sound and (patience.low <= 0 or patience.high >= 1):
        found, fix = f"{patience.low:g}..{patience.high:g}", "write a share inside, such as 0.9"
        allowed = "above 0 and below 1"
        faults.append(Fault("issues.csv", row.line, "patience", "out_of_range", found, allowed, fix))
    return PowerShift(exposed, now, after, cost, patience, row.amount("guarantee") or exactly(0.0))
