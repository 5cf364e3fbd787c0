"""Nothing is lost and nothing appears in generated worlds with porters, boats and services that carry goods.

The whole: `CORRIDOR_WORLDS=10000 pytest -m slow tests/conserve/test_carriers_kept.py -s`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conserve.test_works_kept import WORLDS, find_gap, play, worlds_with_works
from corridor.results.in_memory import keep_record
from corridor.results.live import LiveCase
from corridor.simulate.ensemble import prepare
from relief_world import convoy, relief_world, road
from watched import require_same
from worlds import at, measure


@st.composite
def worlds_of_carriers(draw: Any) -> dict[str, Any]:
    """Return a world with works to which porters, boats and services that bring goods are added."""

    def pick(*values: Any) -> Any:
        return draw(st.sampled_from(values))

    tables = draw(worlds_with_works())
    ways = [road("village-town", "village", "town", 30, 30), road("town-bridge", "town", "bridge", 30, 30),
            road("bridge-depot", "bridge", "depot", 30, 30), road("depot-city", "depot", "city", 30, 30),
            {"id": "path", "from": "village", "to": "depot", "length_km": 12, "kind": "path"},
            {"id": "lake", "from": "town", "to": "city", "length_km": 40, "kind": "water"}]  # fmt: skip
    fleets = [
        {
            "id": "porters",
            "place": "depot",
            "purpose": "goods",
            "transport": "foot",
            "vehicles": "5..40",
            "tonnes": 0.03,
        },
        {"id": "boats", "place": "city", "purpose": "goods", "transport": "boat", "vehicles": 3, "tonnes": "0.2..1"},
    ]
    services = [
        {"id": "ship", "transport": "boat", "from": pick("town", "village"), "to": "depot", "seats": pick(0, "10..50"),
         "departures_per_day": pick(3, "1..30"), "hours": pick(2, "0.3..4"), "turn_round_hours": pick(0, "0..3"),
         "tonnes": pick("", "0..4"), "tonnes_back": pick(1, "0.1..9"), "road": pick("", "lake")},
    ]  # fmt: skip
    here = services[0]["from"]
    ends = [("depot", here)] + [(here, "depot")] * bool(services[0]["tonnes"])
    rows = [{"id": f"s{n}", "service": "ship", "loads": f"bread={pick(1, 8)} diesel={pick(0, 3)}",
             "departs": pick(at(draw(st.integers(0, 20))), f"{at(1)}..{at(12)}"),
             **dict(zip(("from", "to"), pick(*ends), strict=True)), "outcome": pick("planned", "delivered", "turned_back")}
            for n in range(draw(st.integers(0, 4)))]  # fmt: skip
    rows += [convoy("carried", draw(st.integers(0, 9)), fleet="porters", loads="bread=0.6", to="village", trucks="")]
    rows += [convoy("rowed", 2, fleet="boats", loads="bread=1", trucks=2, **{"from": "city", "to": "town"})]
    events = [{"id": "fewer", "time": at(draw(st.integers(1, 20))), "kind": pick("seats", "departures"),
               "target": "ship", "value": pick(0, 5)},
              {"id": "storm", "time": at(draw(st.integers(1, 20))), "kind": "direction", "target": "lake",
               "mode": "shut"}]  # fmt: skip
    return tables | {
        "roads": ways,
        "fleets": [*tables["fleets"], *fleets],
        "services": services,
        "convoys": [*tables["convoys"], *rows],
        "events": [*tables["events"], *events],
        "groups": [row | {"transport": pick("own", "own boat", "boat foot")} for row in tables["groups"]],
    }


def check_world(tables: dict[str, Any]) -> None:
    """Nothing is lost; of each item what has been loaded is with somebody, has come in or has come back."""
    gap, largest = find_gap(tables)
    assert gap <= 1e-9 * max(largest, 1.0) + 1e-6
    record = play(tables)
    for item in ("bread", "diesel"):
        loaded, way, brought, back = (
            measure(record, f"{name}:{item}") for name in ("loaded", "on_the_way", "brought_in", "returned")
        )
        assert np.allclose(loaded, way + brought + back, rtol=1e-9, atol=1e-6)
        assert (way >= -1e-9).all()


@pytest.mark.slow
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(worlds_of_carriers())
def test_goods_are_kept_by_every_carrier(tables: dict[str, Any]) -> None:
    check_world(tables)


@pytest.mark.slow
@settings(max_examples=WORLDS, deadline=None, suppress_health_check=list(HealthCheck))
@given(worlds_of_carriers())
def test_goods_are_kept_by_every_carrier_in_many_worlds(tables: dict[str, Any]) -> None:
    check_world(tables)


@pytest.mark.slow
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(worlds_of_carriers(), st.integers(1, 22))
def test_what_goes_on_from_a_kept_state_is_what_is_simulated_from_the_beginning(
    tmp_path_factory: pytest.TempPathFactory, tables: dict[str, Any], hour: int
) -> None:
    folder: Path = tmp_path_factory.mktemp("world")
    case = relief_world(folder / "world", 24, **tables, step_minutes=60)
    document = {"change": {"events": {"fewer": {"time": at(hour)}}}}
    live = LiveCase(case, "", 3)
    ensemble = prepare(case.edit(document), "", 3)
    whole = keep_record(case.edit(document), ensemble, ensemble.simulate(np.arange(3)))
    for _ in range(2):  # the second time from a state kept by the first
        (pair,) = live.answer(document, (3,), lambda: False)
        require_same(pair.edited, whole, 3)
