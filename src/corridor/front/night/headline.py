"""The few numbers of a case that are kept of every night, and what became of them since the last."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor.forecast.answer_numbers import measure_answers
from corridor.report.expected import choose_moments
from corridor.results.result import interpolate
from corridor.words.said import Range
from corridor.words.writing import write

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from corridor.results.result import Result, Values

Headline = dict[str, Any]  # quantity, time, q05, median, q95; of first_out the hours since the start of the run
QUANTITIES = ("arrivals", "inside", "on_roads")
FIRST_OUT = "first_out"
POINTS = (0.05, 0.5, 0.95)


def measure_headline(result: Result, today: datetime) -> list[Headline]:
    """Return people out, inside and on the way, today, in the next days and at the end, and the first stock-out.

    The stock-out is left out where in most runs nothing runs out.
    """
    data, end = result.take_totals(*QUANTITIES), result.times[-1]
    moments = list(dict.fromkeys([*choose_moments(result, today), end]))
    found = [
        _describe(name, moment, interpolate(data[name], result.times, moment))
        for name in QUANTITIES
        for moment in moments
    ]
    hours = measure_answers(result, today)["hours to the first stock-out"].values
    if float(np.median(hours)) < float(result.manifest["record_hours"]) * (len(result.times) - 1):
        times = {
            point: (result.times[0] + timedelta(hours=float(value))).isoformat(timespec="minutes")
            for point, value in zip(("q05", "median", "q95"), np.quantile(hours, POINTS), strict=True)
        }
        found.append({"quantity": FIRST_OUT, "time": "", **times})
    return found


def _describe(name: str, moment: datetime, values: Values) -> Headline:
    low, middle, high = (round(float(value), 1) for value in np.quantile(values, POINTS))
    return {"quantity": name, "time": moment.isoformat(timespec="minutes"), "q05": low, "median": middle, "q95": high}


def find_number(headline: Iterable[Headline], quantity: str, time: str = "") -> Headline | None:
    """Return a number of a headline by its quantity and time, None where it has none."""
    return next((one for one in headline if (one["quantity"], one["time"]) == (quantity, time)), None)


def compare_nights(now: Mapping[str, Any], before: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """Return what changed in a case since an earlier night, each with what was and what is.

    Of what both nights say of one moment: people out at the end, and today as the earlier night expected it; `beyond`
    tells that the middle lies outside what were nine chances in ten. Then people inside from one today to the next, the
    first stock-out, and how many counts came in.
    """
    if before is None or "headline" not in before or "headline" not in now:
        return []
    was, has = before["headline"], now["headline"]
    found: list[dict[str, Any]] = []
    for what, time in (("expected", now["today"]), ("end", max(one["time"] for one in has))):
        old, new = find_number(was, "arrivals", time), find_number(has, "arrivals", time)
        if old is not None and new is not None and (what == "end" or now["today"] != before["today"]):
            found.append({"what": what, "was": old, "is": new, "beyond": _is_beyond(old, new)})
    old, new = find_number(was, "inside", before["today"]), find_number(has, "inside", now["today"])
    if old is not None and new is not None and now["today"] != before["today"]:
        found.append({"what": "inside", "was": old, "is": new, "beyond": False})
    old, new = find_number(was, FIRST_OUT), find_number(has, FIRST_OUT)
    if old is not None or new is not None:
        surprising = old is not None and new is not None and _is_beyond(old, new)
        found.append({"what": FIRST_OUT, "was": old, "is": new, "beyond": surprising})
    if now["counts"] != before["counts"]:
        found.append({"what": "counts", "was": before["counts"], "is": now["counts"], "beyond": False})
    return [one for one in found if one["beyond"] or not _reads_alike(one["was"], one["is"])]


def _is_beyond(old: Headline, new: Headline) -> bool:
    return not old["q05"] <= new["median"] <= old["q95"]


def _reads_alike(old: Any, new: Any) -> bool:
    """Tell whether two values are the same as a page rounds them."""
    if not isinstance(old, dict) or not isinstance(new, dict) or new["quantity"] == FIRST_OUT:
        return bool(old == new)
    first, second = (write(Range(one["q05"], one["median"], one["q95"])) for one in (old, new))
    return first == second
