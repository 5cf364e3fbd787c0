"""A case as it was known at a moment: without the events that nobody had reported by then."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING

from corridor.scenario.checks.knowledge import TELLS, UNDATED, may_be_later

if TYPE_CHECKING:
    from corridor.scenario.draft import Row
    from corridor.scenario.scenario import Scenario

LAST_MINUTE = timedelta(hours=23, minutes=59)


def told_by(claim: Row) -> datetime | None:
    """Return when a claim was known: when it was said, or what it tells of happened if that is later.

    What was said on a day is known by the end of it. None for what does not date, and what bears no date.
    """
    if (claim["about"] or "") in UNDATED:
        return None
    happened = claim["happened"] if (claim["stance"] or "") in TELLS else None
    moments = [moment for moment in (claim["said_on"], happened) if moment is not None]
    return max((m + LAST_MINUTE if m.time() == time() else m for m in moments), default=None)


def find_unknown(scenario: Scenario, as_of: datetime, parameters: str) -> tuple[list[Row], list[Row]]:
    """Return events of which nobody had told by a moment, and other rows all of whose claims are later.

    An event is known once the first of the claims it rests on is; one that rests on none is an assumption. Of other
    rows the numbers stand as they are: whoever wrote them knew more than was known then.
    """
    told = {claim["id"]: told_by(claim) for claim in scenario.tables["claims"]}
    events, others = [], []
    for table in scenario.tables:
        for row in scenario.rows(table, parameters):
            moments = [told.get(name) for name in row.values.get("claims") or ()]
            known = [moment for moment in moments if moment is not None]
            if known and len(known) == len(moments) and min(known) > as_of:
                if table == "events":
                    events.append(row)
                elif not may_be_later(row):
                    others.append(row)
    return events, others


def known_scenario(scenario: Scenario, as_of: datetime, parameters: str) -> Scenario:
    """Return the case without the events of which nobody had told by a moment."""
    unknown = {id(row) for row in find_unknown(scenario, as_of, parameters)[0]}
    if not unknown:
        return scenario
    events = tuple(row for row in scenario.tables["events"] if id(row) not in unknown)
    tables = MappingProxyType({**scenario.tables, "events": events})
    return scenario.replace(scenario.variant_name, tables=tables)
