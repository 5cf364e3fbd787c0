"""The settings file of Flee 2 (simsetting.csv): a name and its value in each row.

Flee's master reads YAML alone. The names are those of Flee 2 in letters of any size; each is a key of today's settings
without its underscores, or one of a few that were called otherwise. Source: SimulationSettings.ReadFromCSV of Flee 2.0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridor.flee.tables import read_rows

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from corridor.scenario.faults import Fault

OTHERWISE = {
    "agentloglevel": "log_levels.agent", "camploglevel": "log_levels.camp", "initloglevel": "log_levels.init",
    "populationscaledownfactor": "optimisations.hasten", "flareconflictinputfile": "conflict_input_file",
    "conflictinputfile": "conflict_input_file", "takerefugeesfrompopulation": "spawn_rules.take_from_population",
}  # fmt: skip


def read_old_settings(path: Path, keys: Iterable[str], faults: list[Fault]) -> dict[str, str]:
    """Return the values of a table of settings by today's dotted key; a name that is none of them stands as it is."""
    known = {key.rsplit(".", 1)[-1].replace("_", "").lower(): key for key in keys} | OTHERWISE
    found = {}
    for _, cells in read_rows(path, faults):
        if not cells[0].startswith("#"):
            name = cells[0]
            found[known.get(name.replace("_", "").lower(), name)] = cells[1] if len(cells) > 1 else ""
    return found
