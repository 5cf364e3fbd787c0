"""Two runs side by side."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from corridor.forecast.agreements import ASSUMED, list_agreements
from corridor.front.runs import Run
from corridor.results.compare import compare_results
from corridor.results.crew import hire
from corridor.scenario.table import write_html_table


@dataclass(frozen=True)
class Comparison:
    """Paired differences of two runs, second less first; `comparison["arrivals"]` are those of one measure."""

    document: dict[str, Any]

    @property
    def measures(self) -> list[str]:
        """Return the names of what was compared."""
        return list(dict.fromkeys(row["measure"] for row in self.document["differences"]))

    def __getitem__(self, measure: str) -> list[dict[str, Any]]:
        """Return the differences of a measure by time. Raises KeyError for an unknown one."""
        rows = [row for row in self.document["differences"] if row["measure"] == measure]
        if not rows:
            message = f'nothing was compared under "{measure}"; there are: {", ".join(self.measures)}'
            raise KeyError(message)
        return rows

    def _repr_html_(self) -> str:
        rows = []
        for r in self.document["differences"]:
            first, second, difference, low, high = (
                f"{r[name]:,.0f}" for name in ("first", "second", "difference", "q05", "q95")
            )
            rows.append((r["measure"], r["time"][:16], difference, f"{low} to {high}", first, second))
        title = f"Second less first, {self.document['replicates']} pairs with shared luck"
        if self.document["differ"]:
            title += f"; they also differ in {'; '.join(self.document['differ'])}"
        return write_html_table(title, ("measure", "at", "difference", "9 in 10", "first", "second"), rows)


def compare(
    first: Run, second: Run, moments: list[datetime] | None = None, workers: int = 1, cluster: Any = None
) -> Comparison:
    """Return paired differences (second less first) of two runs of the same seed and number of replicates.

    `moments` default to when the two differ most, the end, and when the events happen in which they differ. Numbers
    stand in all ("arrivals") and, where there are several exits, by exit ("arrivals/exit:west-road"). Where a variant
    sets guarantees, the document says under "assumed" that the size of their effect is an assumption. `workers` and
    `cluster` are as in `run` and change no number: they read stored runs for themselves. Raises UsageError when the
    runs do not pair.
    """
    with hire(workers, cluster) as crew:
        document = compare_results(first.result, second.result, moments, crew)
    variants = {run.result.manifest["variant"] for run in (first, second)} - {""}
    if variants & set(list_agreements(first.scenario.folder)):
        document["assumed"] = ASSUMED
    return Comparison(document)
