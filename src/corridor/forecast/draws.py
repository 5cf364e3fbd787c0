"""Fitted draws: a sample of numbers and of luck that agrees with counts, written by `corridor forecast`.

Each row names a candidate (its key of chance under the seed of the fit) and the fitted values. A replicate that
uses the row repeats the candidate's luck until the last fitted count, so that it passes through the same path, and
goes on with luck of its own.
"""

from __future__ import annotations

import csv
import hashlib
import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from corridor.faults import Fault, FaultsError
from corridor.scenario.scenario import Scenario
from corridor.scenario.values import hours_between
from corridor.simulate.model import Floats, Integers, Model
from corridor.simulate.state import Luck, batch_keys


@dataclass(frozen=True)
class Fitted:
    """A fitted sample: N rows."""

    seed: int
    candidates: Integers  # [N]
    names: tuple[str, ...]
    table: Floats  # [N, names]
    until_hours: float  # from the start of the period to the last fitted count
    hash: str

    def values(self, replicates: Integers) -> dict[str, Floats]:
        """Return the fitted values of replicates by the name of the quantity [R]."""
        rows = self.table[replicates % len(self.table)]
        return {name: np.ascontiguousarray(rows[:, i]) for i, name in enumerate(self.names)}

    def luck(self, model: Model, own: Luck, replicates: Integers) -> Luck:
        """Return luck that repeats the fit's until its last count and is the run's own afterwards."""
        before = batch_keys(self.seed, self.candidates[replicates % len(self.candidates)])
        return Luck(before, own.after, int(round(self.until_hours / model.step_hours)))


def read_fitted(scenario: Scenario, parameters: str) -> Fitted | None:
    """Return the fitted draws that a parameter set names, or None. Raises FaultsError when the file is damaged."""
    chosen = scenario.sets.get(parameters, {})
    file = chosen.get("draws")
    if not file:
        return None
    text = (scenario.folder / file).read_text(encoding="utf-8")
    try:
        lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
        rows = list(csv.reader(io.StringIO("\n".join(lines))))
        header, body = rows[0], rows[1:]
        if header[:2] != ["seed", "candidate"] or not body:
            raise ValueError(", ".join(header[:2]))
        table = np.array([[float(cell) for cell in row[2:]] for row in body]).reshape(
            len(body), len(header) - 2
        )
        candidates = np.array([int(row[1]) for row in body], dtype=np.int64)
        seed = int(body[0][0])
    except (ValueError, IndexError) as error:
        fault = Fault(
            str(file),
            0,
            "",
            "bad_draws",
            str(error),
            "the table written by corridor forecast",
            "make it anew with corridor forecast",
        )
        raise FaultsError([fault]) from error
    until = hours_between(scenario.start, chosen["fitted_until"])
    return Fitted(
        seed, candidates, tuple(header[2:]), table, until, hashlib.sha256(text.encode()).hexdigest()
    )


def write_fitted(
    path: Path, seed: int, candidates: Integers, values: dict[str, Floats], notes: list[str]
) -> None:
    """Write fitted draws as a CSV file with comment lines that say how they were made."""
    out = io.StringIO()
    for note in notes:
        out.write(f"# {note}\n")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["seed", "candidate", *values])
    for i, candidate in enumerate(candidates):
        writer.writerow([seed, int(candidate), *(f"{column[i]:.10g}" for column in values.values())])
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(out.getvalue(), encoding="utf-8")
