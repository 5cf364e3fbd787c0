"""References and sense: checks over rows that could be read, each one small function named once in CHECKS."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridor.scenario.checks.access import (
    check_changes,
    check_fine_steps,
    check_passage,
    check_wishes,
    find_idle_refuges,
)
from corridor.scenario.checks.areas import find_built_in_ids, find_empty_areas
from corridor.scenario.checks.counts import (
    check_observation_times,
    check_what_is_counted,
    check_what_was_known,
    check_where_counted,
    find_falling_counts,
)
from corridor.scenario.checks.deal import check_deal, check_talks_alone
from corridor.scenario.checks.events import check_events
from corridor.scenario.checks.evidence import check_claim_ranges, check_fitted_files
from corridor.scenario.checks.geography import check_lengths
from corridor.scenario.checks.knowledge import find_later_claims, find_younger_figures
from corridor.scenario.checks.network import (
    check_place_codes,
    find_roads_to_nowhere,
    find_same_points,
    find_unreachable_places,
    find_ways_out,
)
from corridor.scenario.checks.people import (
    check_fleets,
    check_people,
    check_sex_and_age,
    count_most_people,
    find_who_has_no_other_desk,
)
from corridor.scenario.checks.period import check_period, check_steps
from corridor.scenario.checks.plans import check_foods, check_needs, check_plans
from corridor.scenario.checks.references import (
    check_sets,
    find_crowded_places,
    find_duplicates,
    find_unknown_references,
)
from corridor.scenario.checks.relief import check_convoys, check_loads, find_circles_of_items
from corridor.scenario.checks.sense import (
    check_convoy_times,
    check_counts,
    check_days,
    check_spans,
    check_stocks,
    check_vehicles,
)
from corridor.scenario.checks.travel import (
    check_transports,
    check_windows,
    find_who_cannot_come_back,
    find_who_cannot_leave,
)
from corridor.scenario.checks.usual import (
    check_parameters,
    check_time_zone,
    find_checkpoints_that_never_open,
    find_crowds,
    find_rows_said_twice,
    find_unlikely_numbers,
)
from corridor.scenario.checks.works import (
    check_flows,
    check_fuel_for_leaving,
    check_plants,
    check_where_works_stand,
    find_circles_of_plants,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from corridor.scenario.draft import Draft

MOST_ROWS_OF_SETS = 200_000  # each set is checked by itself

CHECKS: tuple[Callable[[Draft], None], ...] = (
    find_duplicates,
    find_crowded_places,
    find_unknown_references,
    check_sets,
    find_built_in_ids,
    find_empty_areas,
    find_roads_to_nowhere,
    check_transports,
    check_windows,
    find_unreachable_places,
    find_ways_out,
    check_place_codes,
    find_same_points,
    check_lengths,
    check_period,
    check_steps,
    check_what_is_counted,
    check_where_counted,
    check_observation_times,
    find_falling_counts,
    check_what_was_known,
    check_events,
    check_people,
    count_most_people,
    find_who_has_no_other_desk,
    check_sex_and_age,
    check_fleets,
    find_who_cannot_leave,
    find_who_cannot_come_back,
    check_claim_ranges,
    find_later_claims,
    find_younger_figures,
    check_fitted_files,
    find_circles_of_items,
    check_loads,
    check_convoys,
    check_flows,
    check_fuel_for_leaving,
    check_plants,
    check_where_works_stand,
    find_circles_of_plants,
    check_needs,
    check_foods,
    check_plans,
    check_vehicles,
    check_spans,
    check_convoy_times,
    check_counts,
    check_days,
    check_stocks,
    check_passage,
    check_changes,
    check_wishes,
    find_idle_refuges,
    check_fine_steps,
    check_parameters,
    find_unlikely_numbers,
    find_crowds,
    find_rows_said_twice,
    find_checkpoints_that_never_open,
    check_time_zone,
    check_talks_alone,
    check_deal,
)


def check_draft(draft: Draft) -> None:
    """Run every check on a draft, adding faults to it."""
    draft.index_rows()
    rows = sum(map(len, draft.tables.values()))
    if rows * len(draft.sets) > MOST_ROWS_OF_SETS:
        facts = {"rows": rows, "sets": len(draft.sets), "most": MOST_ROWS_OF_SETS // len(draft.sets)}
        draft.note("too_large.sets", ("scenario.toml", 0, "sets"), **facts)
        return
    for check in CHECKS:
        check(draft)
