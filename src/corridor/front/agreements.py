"""What an agreement and none would mean for people: variants of a case side by side, their sizes assumed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from corridor.forecast.agreements import compare_variants, list_agreements
from corridor.scenario.faults import UsageError
from corridor.scenario.scenario import Scenario


@dataclass(frozen=True)
class Agreements:
    """What variants of a case mean for flight, corridor and relief; `document` is the whole as JSON-ready data."""

    document: dict[str, Any]

    def list_rows(self) -> list[tuple[str, ...]]:
        """Return the table: part, measure, time, as written, and for each variant the mean difference and 9 in 10."""
        first, *others = self.document["variants"]
        told = []
        for row in first["rows"]:
            name = (row["measure"], row["time"])
            cells = [_write(row)]
            for other in others:
                same = next((r for r in other["rows"] if (r["measure"], r["time"]) == name), None)
                cells.append("" if same is None else _write(same))
            told.append((row["part"], row["measure"], row["time"].replace("T", " "), _round(row, "written"), *cells))
        return told

    def __str__(self) -> str:
        """Return the table in words, with the sizes it assumes and where they come from."""
        names = [one["variant"] for one in self.document["variants"]]
        head = ("", "", "at", "as written", *(f"{name}, difference (9 in 10)" for name in names))
        rows = [head, *self.list_rows()]
        widths = [max(len(row[k]) for row in rows) for k in range(len(head))]
        lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
        sizes = [
            f"  {one['variant']}: {size['row']} = {size['value']}; source: {size['source']}"
            for one in self.document["variants"]
            for size in one["sizes"]
        ]
        told = f"Variant less case, {self.document['pairs']} pairs of replicates with the same luck; mean and 9 in 10."
        return "\n".join([*lines, "", told, "Sizes", *sizes, self.document["assumed"]])


def _write(row: dict[str, Any]) -> str:
    if row["mean"] == row["q05"] == row["q95"] == 0:
        return "0"
    return f"{_round(row, 'mean', '+')} ({_round(row, 'q05', '+')} to {_round(row, 'q95', '+')})"


def _round(row: dict[str, Any], name: str, sign: str = "") -> str:
    digits = 2 if row["measure"].startswith("mean hours") else 0
    return f"{round(row[name], digits) + 0.0:{sign},.{digits}f}".replace("-", "−")


def agreements(
    case: Scenario,
    variants: Sequence[str] = (),
    moment: datetime | str | None = None,
    parameters: str | None = None,
    replicates: int = 48,
    seed: int | None = None,
) -> Agreements:
    """Return what an agreement, and none, would mean for flight, corridor and relief, in one table.

    `variants` are names of variants of the case, such as one where a thing is agreed and one where it is not; those
    that set guarantees if none is named. Each is run in pairs with the case, with the same luck; the sizes it sets are
    listed with their source, which is "assumption" where they rest on no claim. `moment` is the time told beside the
    end, else the end alone. Raises UsageError without such variants, for a case that is a variant itself and for a
    moment outside the period, FaultsError for a variant or case that cannot be run.
    """
    if case.variant_name:
        message = "the variants of a case are compared with the case as written: read it without a variant"
        raise UsageError(message)
    names = list(variants) or ([] if case.talks_alone else list_agreements(case.folder))
    if not names and not case.talks_alone:
        message = f"no variant of {case.folder} sets guarantees: name those to compare (there are: {case.variants})"
        raise UsageError(message)
    chosen, until = case.choose_set(parameters), case.end
    if moment is not None:
        until = case.read_moment(moment)
    found = compare_variants(case, names, chosen, until, replicates, seed)
    return Agreements({"scenario": case.settings["id"], "parameters": chosen, "seed": seed, **found})
