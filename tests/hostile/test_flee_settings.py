"""Settings of Flee that a few lines make dear: repeats inside repeats, deep nesting, length."""

from __future__ import annotations

import pytest

from bounded import no_longer_than
from corridor.flee.settings import read_settings

LEVELS = "".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}' if i else 'x'] * 9)}]\n" for i in range(9))


@pytest.mark.parametrize(
    "text",
    [
        LEVELS + "move_rules: *a8\n",
        "a: &a [1]\nmove_rules:\n  <<: *a\n",
        "log_levels: " + "[" * 3000 + "]" * 3000,
        "move_rules:\n" + "".join(f"  key{i}: {i}\n" for i in range(60_000)),
        "spawn_rules: " + "x" * 900_000,
    ],
    ids=["repeats", "merge", "deep", "many keys", "long"],
)
def test_dear_settings_are_refused_soon(tmp_path, text):
    path = tmp_path / "simsetting.yml"
    path.write_text(text)
    faults = []
    with no_longer_than(30.0):
        read_settings(path, faults)
    assert [fault.code for fault in faults] == ["flee.settings.unreadable"]
    assert len(faults[0].found) < 300
