"""What events make of roads and checkpoints over the periods of a plan."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from corridor.relief.from_scenario import read_problem
from relief_world import guarded_world
from worlds import START, at


def test_events_set_the_traffic_rule_and_the_pace_of_a_plan(tmp_path: Path) -> None:
    events = [
        {"id": "out", "time": at(9), "kind": "direction", "target": "town-bridge", "mode": "outbound"},
        {"id": "back", "time": f"{at(20)}..{at(28)}", "kind": "direction", "target": "town-bridge", "mode": "normal"},
        {"id": "unlikely", "time": at(1), "kind": "direction", "target": "town-bridge", "mode": "shut", "chance": 0.4},
        {"id": "slow", "time": at(12), "kind": "seconds", "target": "gate", "value": 40},
    ]
    problem = read_problem(guarded_world(tmp_path / "world", events=events), "", START, 2, 6.0).problem
    bridge = next(r for r in problem.roads if r.id == "town-bridge")
    # outbound from 9:00 to the middle of the range, 24:00: the second to the fourth period let nothing in
    np.testing.assert_array_equal(bridge.backward, [1, 0, 0, 0, 1, 1, 1, 1])
    np.testing.assert_array_equal(bridge.forward, np.ones(8))
    gate = next(limit for limit in problem.limits if limit.kind == "inspection")
    np.testing.assert_allclose(gate.most, [180 * 6] * 2 + [90 * 6] * 6)
