"""A crew does every task once, asks for no more than it can take, and hands on what a task raises."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator

import pytest

from corridor.results.crew import hire, in_order
from corridor.scenario.faults import InterruptedRunError, UsageError


@pytest.mark.parametrize("workers", [1, 2])
def test_everything_is_done_once_and_an_error_comes_out(workers: int) -> None:
    with hire(workers) as crew:
        assert dict(crew.do(math.sqrt, range(9))) == {n: math.sqrt(n) for n in range(9)}
        assert [n for n, _ in in_order(crew.do(math.sqrt, range(9)), range(9))] == list(range(9))
        with pytest.raises(ValueError, match=r"nonnegative|math domain"):
            list(crew.do(math.sqrt, [4, -1, 9]))
        assert not list(crew.do(math.sqrt, []))


def test_no_more_is_asked_for_than_workers_can_take() -> None:
    asked: list[int] = []

    def count() -> Iterator[int]:
        for number in range(100):
            asked.append(number)
            yield number

    with hire(1) as crew:
        done = crew.do(math.sqrt, count())
        for _ in range(3):
            next(done)
    assert len(asked) == 3


def test_a_killed_process_is_told_as_an_interruption() -> None:
    with hire(2) as crew, pytest.raises(InterruptedRunError, match="killed"):
        list(crew.do(os._exit, [1, 1]))


def test_no_worker_is_none() -> None:
    with pytest.raises(UsageError, match="at least 1"), hire(0):
        pass


def test_what_comes_early_waits_for_its_turn() -> None:
    done = iter([(2, "c"), (0, "a"), (1, "b")])
    assert list(in_order(done, range(3))) == [(0, "a"), (1, "b"), (2, "c")]
