"""Whoever kills a command leaves nothing half-written that looks whole, nothing lost, and the same command takes it up."""

from __future__ import annotations

import os
import random

import pytest

from .dying import KILLED, run_apart
from .tried import Tried

KILLS = int(os.environ.get("CORRIDOR_KILLS", "2"))  # of each command; `make kills` tries 50
DEAR = ("report", "forecast")  # taken up after every tenth kill only
FAST = 2  # of them among the fast tests


def test_a_kill_before_any_change_of_a_file(tried: Tried) -> None:
    changes = range(1, tried.ended.changes + 1)
    for number in [*random.Random(5).sample(changes, FAST), tried.ended.changes]:
        tried.begin()
        assert run_apart(tried.case.words, tried.at, die_before=number).code == KILLED
        tried.judge()


@pytest.mark.slow
def test_a_kill_at_any_moment(tried: Tried) -> None:
    tried.begin()
    longest = run_apart(tried.case.words, tried.at).seconds  # the first call of all took longer
    rng, killed = random.Random(11), 0
    for number in range(KILLS):  # one in each part of its time, so that the first is in time at whatever speed it runs
        moment = longest * (number + rng.random()) / KILLS
        tried.begin()
        killed += run_apart(tried.case.words, tried.at, die_after=moment).code == KILLED
        tried.judge(again=tried.case.name not in DEAR or number % 10 == 0)
    assert killed, "some were killed, at whatever speed the machine runs"
