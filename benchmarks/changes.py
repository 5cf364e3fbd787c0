"""Print on which share of days the flow by an exit changed by more than half, by the counts of the other worked cases.

    python benchmarks/changes.py [CASE ...]

It is what the range of `change_rate` in scenarios/karabakh-2023/checkpoints.csv rests on; that case's own counts are never
read. A day's flow is a count over 20 to 28 hours as published, or the difference of two totals so far apart, of one exit,
place or country. Days are compared that follow each other; a day of fewer than `LEAST` people says nothing.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

import corridor as co
from corridor.scenario.counts import Count, keep_newest, read_counts
from corridor.scenario.values import hours_between
from markers import ROOT

CASES = ("mariupol-2022", "ukraine-2022")  # of Sudan 2023 only what came by ship has days that follow each other
SERIES = "arrivals"
SHORTEST, LONGEST = 20.0, 28.0  # hours that are a day
LEAST = 100.0  # people in a day
GAP = timedelta(hours=8)  # between the end of one day and the begin of the next
Where = tuple[str, str]  # by what, and which
Flow = tuple[datetime, datetime, float]  # from, until, people an hour


def main() -> None:
    """Print a row for each exit, place or country, and one for each case and kind."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cases", nargs="*", default=CASES, help="names of folders in scenarios")
    print("| case | by | which | pairs of days | changed by more than half | share |\n|---|---|---|---|---|---|")
    for name in parser.parse_args().cases:
        print("\n".join(tabulate(name)))


def tabulate(name: str) -> Iterator[str]:
    """Yield the rows of a case: each exit with at least five pairs of days, then all of a kind together."""
    found = count_changes(name)
    for (by, label), (pairs, changed) in found.items():
        if pairs >= 5:
            yield _write(name, by, label, pairs, changed)
    for by in sorted({by for by, _ in found}):
        pairs, changed = (sum(entry[i] for (kind, _), entry in found.items() if kind == by) for i in (0, 1))
        if pairs:
            yield _write(name, by, "**all**", pairs, changed)


def _write(*cells: object) -> str:
    *_, pairs, changed = cells
    return f"| {' | '.join(map(str, cells))} | {float(str(changed)) / float(str(pairs)):.0%} |"


def count_changes(name: str) -> dict[Where, tuple[int, int]]:
    """Return of each exit, place or country how many days follow another, and on how many the flow had changed.

    Totals of a whole case are no flow by an exit.
    """
    case = co.read(ROOT / "scenarios" / name)
    counts = keep_newest(read_counts(case, case.choose_set(None)))
    groups: dict[Where, list[Count]] = {}
    for count in counts:
        if count.thing.series == SERIES and is_floor(count) and count.thing.where != ("", ""):
            groups.setdefault(count.thing.where, []).append(count)
    found = {}
    for where, same in sorted(groups.items()):
        changed = [has_changed(both) for both in pair_days(list_days(same))]
        found[where] = len(changed), sum(changed)
    return found


def has_changed(days: tuple[float, float]) -> bool:
    """Tell whether the greater flow of two days is more than half as much again as the smaller, whichever came first."""
    return max(days) > 1.5 * min(days)


def is_floor(count: Count) -> bool:
    """Tell whether a count is a number, or "more than" one: that number is taken. "Up to" says nothing of a flow."""
    return count.is_point or count.low is not None


def list_days(counts: Iterable[Count]) -> list[Flow]:
    """Return the flows of days, by the time at which they end: as published, else by differences of totals."""
    spans: list[Flow] = []
    totals: list[tuple[datetime, float]] = []
    for count in counts:
        since, time = count.thing.since, count.thing.time
        if since is None:
            totals.append((time, count.number))
        elif SHORTEST <= hours_between(since, time) <= LONGEST:
            spans.append((since, time, count.number / hours_between(since, time)))
    told = [time for _, time, _ in spans]
    totals.sort()
    for i, (since, before) in enumerate(totals):
        later = [(time, n) for time, n in totals[i + 1 :] if SHORTEST <= hours_between(since, time) <= LONGEST]
        for time, number in later[:1]:
            if not any(abs(time - other) <= GAP for other in told):
                spans.append((since, time, (number - before) / hours_between(since, time)))
    return sorted(spans, key=lambda flow: flow[1])


def pair_days(flows: list[Flow]) -> Iterator[tuple[float, float]]:
    """Yield the flows of days that follow each other, the earlier first, where one was more than a trickle."""
    for i, (_, until, before) in enumerate(flows):
        after = next((flow for flow in flows[i + 1 :] if abs(flow[0] - until) <= GAP), None)
        if after is not None and 24.0 * max(before, after[2]) >= LEAST:
            yield before, after[2]


if __name__ == "__main__":
    main()
