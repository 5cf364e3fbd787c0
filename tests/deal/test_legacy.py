"""The old expected-utility model, kept for the record: the published calculation to six digits."""

from __future__ import annotations

import pytest

from deal_legacy import play_legacy_rounds

from .examples import CAR_CAPABILITIES, CAR_POSITIONS, CAR_SALIENCES, CARS

MEDIANS = (
    7.0, 8.415932, 9.610859, 9.961980, 9.961980, 9.961980, 7.472046, 8.824594, 9.671130, 9.671130, 7.0,
)  # fmt: skip
MEANS = (
    7.389956, 7.461314, 7.552501, 7.590145, 7.358131, 7.349174, 7.414878, 7.510457, 7.572447, 7.324989,
    7.242131,
)  # fmt: skip
MOVERS = {
    "belgium": (7, 8.4159, 9.6109, 9.9620, 4.8009, 5.5242, 7.4720, 8.8246, 9.6711, 4.1448, 4.2915),
    "luxembourg": (4, 7, 8.4159, 9.6109, 9.9620, 4.8009, 5.5242, 7.4720, 8.8246, 9.6711, 4.1448),
    "ireland": (7, 4, 7, 8.4159, 9.6109, 9.9620, 5.5242, 7.4720, 8.8246, 9.6711, 4.1448),
}


def test_car_emissions_rounds():
    rounds = play_legacy_rounds(CAR_POSITIONS, CAR_SALIENCES, CAR_CAPABILITIES, 10)
    assert [r.median for r in rounds] == pytest.approx(MEDIANS, abs=1e-6)
    assert [r.mean for r in rounds] == pytest.approx(MEANS, abs=1e-6)
    for actor, (name, _, start, _) in enumerate(CARS):
        expected = MOVERS.get(name, (start,) * 11)
        assert [r.positions[actor] for r in rounds] == pytest.approx(expected, abs=5e-5)


def test_it_depends_on_the_direction_of_the_scale():
    """Why it is not for forecasting: from round four on, calling the other end zero gives another answer."""
    straight = play_legacy_rounds(CAR_POSITIONS, CAR_SALIENCES, CAR_CAPABILITIES, 4)
    turned = play_legacy_rounds([14 - x for x in CAR_POSITIONS], CAR_SALIENCES, CAR_CAPABILITIES, 4)
    for number in range(4):
        assert 14 - turned[number].median == pytest.approx(straight[number].median, abs=1e-6)
    assert 14 - turned[4].mean == pytest.approx(7.604, abs=5e-4)
    assert straight[4].mean == pytest.approx(7.358, abs=5e-4)


def test_agreement_is_refused():
    with pytest.raises(ValueError, match="differ"):
        play_legacy_rounds([5.0, 5.0], [1.0, 1.0], [1.0, 1.0], 1)
