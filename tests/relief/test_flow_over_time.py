"""The plan's network against the oldest result on flows over time, computed another way."""

from __future__ import annotations

from collections import deque

import numpy as np
import pytest

from corridor.relief.formulate import formulate
from corridor.relief.linear import solve
from corridor.relief.problem import Fleet, Item, Limit, Weights
from corridor.relief.routes import Leg, Service

from .examples import make_problem, make_road

NOTHING_ELSE = Weights(deprivation=(), worst_off=0.0, other=0.0, truck_trip=0.0, cost=0.0, lateness=0.0)


def most_over_time(arcs: list[tuple[int, int, int, int]], nodes: int, periods: int) -> int:
    """Return the maximum flow over time from node 0 to the last: Ford and Fulkerson 1958.

    Value = periods * |x| - sum(tau * x) for the static flow x that maximises it: successive shortest paths,
    each repeated as long as it still arrives in time. Arcs are (from, to, capacity a period, periods of
    travel).
    """
    ends, room, length = [], [], []
    for start, end, capacity, travel in arcs:
        ends += [(start, end), (end, start)]
        room += [capacity, 0]
        length += [travel, -travel]
    value = 0
    while True:
        distance = [np.inf] * nodes
        distance[0], came = 0, [-1] * nodes
        queue = deque([0])
        while queue:  # Bellman and Ford: residual arcs may have negative length
            node = queue.popleft()
            for arc, (start, end) in enumerate(ends):
                if start == node and room[arc] > 0 and distance[node] + length[arc] < distance[end]:
                    distance[end], came[end] = distance[node] + length[arc], arc
                    queue.append(end)
        if distance[-1] >= periods:
            return value
        path, node = [], nodes - 1
        while node:
            path.append(came[node])
            node = ends[came[node]][0]
        flow = min(room[arc] for arc in path)
        for arc in path:
            room[arc] -= flow
            room[arc ^ 1] += flow
        value += flow * (periods - distance[-1])


def random_network(seed: int) -> tuple[list[tuple[int, int, int, int]], int, int]:
    rng = np.random.default_rng(seed)
    nodes, periods = int(rng.integers(3, 8)), int(rng.integers(4, 13))
    chain = [(node, node + 1) for node in range(nodes - 1)]
    others = [(a, b) for a in range(nodes - 1) for b in range(1, nodes) if a != b and rng.uniform() < 0.35]
    arcs = [(a, b, int(rng.integers(1, 9)), int(rng.integers(0, 4))) for a, b in chain + others]
    return arcs, nodes, periods


def planned_over_time(arcs: list[tuple[int, int, int, int]], nodes: int, periods: int, solver: str) -> float:
    """Return what the relief plan brings to the last node, each arc a road that inspects so many trucks of 1
    t.
    """
    places = [str(node) for node in range(nodes)]
    hunger = 1.0 + sum(capacity for _, end, capacity, _ in arcs if end == nodes - 1)
    people, need = np.zeros((periods, nodes)), np.zeros((nodes, 1))
    people[:, -1], need[-1] = 1.0, hunger
    roads = [make_road(str(n), str(a), str(b), 24.0 * travel, periods) for n, (a, b, _, travel) in enumerate(arcs)]
    limits = [
        Limit(f"limit{n}", "inspection", str(n), np.full(periods, float(capacity)))
        for n, (_, _, capacity, _) in enumerate(arcs)
    ]
    fleets = [Fleet(place, place, np.inf, 1.0) for place in places]
    problem = make_problem(places, [Item("goods")], people, need, fleets, roads, limits=tuple(limits))
    services = tuple(
        Service(a, str(a), str(b), (Leg(n, True, 0.0),), 24.0 * travel, 0.0) for n, (a, b, _, travel) in enumerate(arcs)
    )
    formulation = formulate(problem, services, NOTHING_ELSE)
    answer = solve(formulation.programme, solver)
    return float(hunger * (1.0 - answer.values[formulation.short]).sum())


@pytest.mark.parametrize("first", range(0, 200, 25))
def test_flow_over_time_equals_the_ford_fulkerson_identity(first: int) -> None:
    """200 random networks: the plan brings exactly T|x| - sum(tau x), though it may hold goods over."""
    for seed in range(first, first + 25):
        arcs, nodes, periods = random_network(seed)
        expected = most_over_time(arcs, nodes, periods)
        planned = planned_over_time(arcs, nodes, periods, "highs")
        assert planned == pytest.approx(expected, rel=1e-9, abs=1e-7), seed


def test_both_solvers_find_the_same_flow() -> None:
    """GLOP, where OR-Tools is installed, agrees with the identity too."""
    pytest.importorskip("ortools", reason="GLOP is an extra")
    for seed in range(200, 210):
        arcs, nodes, periods = random_network(seed)
        expected = most_over_time(arcs, nodes, periods)
        assert planned_over_time(arcs, nodes, periods, "glop") == pytest.approx(expected, rel=1e-9, abs=1e-7)
