"""Where issues were settled: a small CSV file with the columns issue and outcome, for scoring a ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridor.scenario.cells import read_cell
from corridor.scenario.draft import Draft, show, suggest
from corridor.scenario.faults import FaultsError
from corridor.scenario.files import read_table
from corridor.scenario.schema import Field

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_OUTCOME = Field(
    "outcomes", "outcome", "number", "0 to 100", "", 0, 100, True, "Where the issue was settled on its scale"
)
_COLUMNS = ("issue", "outcome")


def read_outcomes(path: Path, issues: Sequence[str]) -> dict[str, float]:
    """Read where issues were settled, 0 to 100 on their scales; columns of the user's own are left alone.

    Raises FaultsError with all that is wrong in the file.
    """
    draft = Draft(path.parent)
    (_, header), *records = read_table(path, draft.faults) or [(1, [])]
    readable = not draft.faults
    columns = [name.strip() for name in header]
    for name in _COLUMNS:
        if readable and name not in columns:
            draft.note("missing_column.outcome", (path.name, 1, name), hint=suggest(name, columns))
    outcomes: dict[str, float] = {}
    for line, cells in [] if draft.faults else records:
        row = {**dict.fromkeys(_COLUMNS, ""), **dict(zip(columns, cells, strict=False))}
        issue, where = row["issue"].strip(), (path.name, line, "issue")
        if issue not in issues:
            facts = {"known": ", ".join(issues), "hint": suggest(issue, issues)}
            draft.note("unknown_reference.outcome", where, name=show(issue), **facts)
        elif issue in outcomes:
            draft.note("duplicate_id.outcome", where, name=show(issue))
        outcomes[issue] = read_cell(draft, (path.name, line, "outcome"), _OUTCOME, row["outcome"])
    if draft.faults:
        raise FaultsError(draft.faults)
    return outcomes
