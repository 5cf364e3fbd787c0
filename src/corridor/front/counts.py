"""Two runs side by side, and a case fitted to counts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from dataclasses import replace as replaced
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from corridor.forecast.agreements import ASSUMED, list_agreements
from corridor.forecast.fit import Effort, Fit, fit_scenario
from corridor.front.runs import Run
from corridor.results.compare import compare_results
from corridor.scenario.content import hash_state
from corridor.scenario.count_table import describe_count
from corridor.scenario.faults import UsageError
from corridor.scenario.scenario import Scenario
from corridor.scenario.table import write_html_table
from corridor.simulate.behaviour import Behaviour
from corridor.simulate.fitted import write_fitted


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


def compare(first: Run, second: Run, moments: list[datetime] | None = None) -> Comparison:
    """Return paired differences (second less first) of two runs of the same seed and number of replicates.

    `moments` default to when the two differ most, the end, and when the events happen in which they differ. Numbers
    stand in all ("arrivals") and, where there are several exits, by exit ("arrivals/exit:west-road"). Where a variant
    sets guarantees, the document says under "assumed" that the size of their effect is an assumption. Raises UsageError
    when the runs do not pair.
    """
    document = compare_results(first.result, second.result, moments)
    variants = {run.result.manifest["variant"] for run in (first, second)} - {""}
    if variants & set(list_agreements(first.scenario.folder)):
        document["assumed"] = ASSUMED
    return Comparison(document)


@dataclass(frozen=True)
class FittedCase:
    """A fitted sample of a case, what it says of the counts it was fitted to, and how good it is."""

    case: Scenario
    parameters: str
    until: datetime
    series: tuple[str, ...]
    fit: Fit

    @property
    def document(self) -> dict[str, Any]:
        """Return what was fitted and how it agrees, as one JSON-ready document."""
        found = self.fit
        table = zip(found.fitted.names, found.fitted.table.T, strict=True)
        counts = zip(found.counts.columns, found.counts.values, found.predicted.T, strict=True)
        return {
            "simulations": found.tried,
            "draws": len(found.fitted.table),
            "distinct": found.distinct,
            "distinct_luck": found.distinct_luck,
            "numbers": {name: {"influence": found.influence[name], **_spread(values)} for name, values in table},
            "counts": [{"series": c.series, "value": float(value), **_spread(said)} for c, value, said in counts],
            "left_out": [{**describe_count(count), "reason": why} for count, why in found.counts.left_out],
        }

    def save(self, path: Path | str, replace: bool = False) -> None:
        """Write the fitted draws to a CSV file that a parameter set names as `draws`.

        Raises UsageError when it cannot be written, or exists, unless `replace` says to write over it.
        """
        names, found = ", ".join(self.series), self.fit
        notes = [
            f"Made by corridor forecast for set {self.parameters}: {len(found.counts.values)} stated counts of {names}",
            f"up to {self.until.isoformat()}; nothing later was read. {found.tried} simulations; {found.distinct}",
            f"different draws with {found.distinct_luck} courses of luck.",
            "Times of events are fractions of their range; chance and pull are chances.",
        ]
        state = hash_state(self.case.settings, self.case.tables, self.parameters, self.until)
        write_fitted(Path(path), replaced(found.fitted, made_for=state), notes, replace)

    def _repr_html_(self) -> str:
        document, rows = self.document, []
        for c in document["counts"]:
            value, middle, low, high = (f"{c[name]:,.0f}" for name in ("value", "q50", "q05", "q95"))
            rows.append((c["series"], value, middle, f"{low} to {high}"))
        title = f"Fitted to counts up to {self.until:%Y-%m-%d %H:%M}; {document['distinct']} different draws"
        return write_html_table(title, ("series", "counted", "fitted: median", "9 in 10"), rows)


def _spread(values: Any) -> dict[str, float]:
    low, middle, high = (float(q) for q in np.quantile(values, [0.05, 0.5, 0.95]))
    return {"q05": low, "q50": middle, "q95": high}


def fit(
    case: Scenario,
    until: datetime | None = None,
    series: Sequence[str] | None = None,
    parameters: str | None = None,
    effort: Effort | None = None,
    seed: int = 1,
    behaviour: Behaviour | None = None,
    progress: Callable[[int], None] | None = None,
) -> FittedCase:
    """Fit the uncertain numbers of a parameter set to the counts stated up to `until`; later ones are never read.

    `until` and `series` default to fitted_until and fitted_series of the set. Raises UsageError when neither says
    up to when, or there is nothing to fit to.
    """
    chosen = case.choose_set(parameters)
    known = case.sets.get(chosen, {})
    until = until or known.get("fitted_until")
    if until is None:
        message = f"say up to which count to fit: until, or fitted_until of set {chosen or '-'} in scenario.toml"
        raise UsageError(message)
    names = tuple(series or (known.get("fitted_series") or "arrivals").split())
    found = fit_scenario(case, chosen, until, names, effort, seed, behaviour, progress)
    return FittedCase(case, chosen, until, names, found)
