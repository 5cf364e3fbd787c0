"""Which method makes a plan: by size alone, all limits in one place.

Sizes are counts of departures to choose (periods x ways), of numbers that must be whole and of entries of the matrix,
never seconds: a plan is the same on every machine. In the order in which they are met, from small to large:
a finer grid is taken, the exact search goes over all periods, trucks are whole at periods below 6 h, limits are planned
again with one more, limits are solved again in fractions, the plan in fractions has periods of one length.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corridor.relief.problem import ReliefProblem
    from corridor.relief.routes import Service

MOST_ON_FINER_GRID = 400  # departures: up to here periods below 6 h are chosen where nobody says how long they are
MOST_WHOLE_EXACTLY = 400  # numbers that must be whole and may be more than nought: the exact search, and
MOST_ENTRIES_EXACTLY = 12_000  # entries beside
MOST_WHOLE_FAR = 1000  # both where day by day ends far above what is proven: there the search mostly ends soon
MOST_ENTRIES_FAR = 40_000
MOST_WHOLE_BELOW_SHORTEST = 1500  # departures: up to here whole trucks are planned at any period
MOST_PLANNED_AGAIN = 3000  # departures: up to here the whole plan is made again with one more of what is worth most
MOST_ENTRIES_AGAIN = 200_000  # up to here the programme in fractions is solved again with one more of each limit
MOST_ENTRIES_FINE = 800_000  # up to here the plan in fractions has periods of one length; beyond they grow longer
MOST_SEARCHED = 150  # whole numbers of a day that are searched for; more are rounded by worth
SHORTEST_PERIOD = 6.0  # hours; hourly whole trucks still had a 10 % gap after two minutes


def count_departures(problem: ReliefProblem, services: tuple[Service, ...]) -> int:
    """Return how many departures there are to choose from: periods x ways."""
    return problem.periods * len(services)


def can_be_whole(problem: ReliefProblem, services: tuple[Service, ...]) -> bool:
    """Tell whether trucks of a problem are planned as whole ones."""
    departures = count_departures(problem, services)
    return problem.period_hours >= SHORTEST_PERIOD or departures <= MOST_WHOLE_BELOW_SHORTEST
