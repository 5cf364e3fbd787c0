"""Many clicks cannot pile up work: the line is bounded, what is stale leaves it, and the newest question is answered."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from corridor.web.engine import MOST_WAITING, BusyError, Engine

STEPS = 3
SECONDS = 0.01  # of one step


def count_to(begun: list[int], number: int) -> Callable[[Callable[[], bool]], Iterator[int]]:
    def work(cancelled: Callable[[], bool]) -> Iterator[int]:
        begun.append(number)
        for _ in range(STEPS):
            if cancelled():
                return
            time.sleep(SECONDS)
            yield number

    return work


async def hear(engine: Engine, begun: list[int], number: int, kind: str = "what-if") -> list[int]:
    return [found async for found in engine.follow(kind, count_to(begun, number))]


def test_a_burst_ends_within_the_work_of_a_few() -> None:
    """Two hundred questions at once: the last is answered whole, nearly none of the others is begun, nobody is refused."""

    async def burst() -> tuple[list[list[int]], list[int]]:
        engine, begun = Engine(), []
        found = await asyncio.gather(*(hear(engine, begun, number) for number in range(200)))
        assert engine.waiting == 0
        engine.close()
        return found, begun

    found, begun = asyncio.run(burst())
    assert found[-1] == [199] * STEPS
    assert len(begun) <= 3
    assert sum(map(len, found[:-1])) <= STEPS


def test_clicks_one_after_the_other() -> None:
    async def click() -> tuple[list[int], int]:
        engine, begun = Engine(), []
        tasks = []
        for number in range(50):
            tasks.append(asyncio.create_task(hear(engine, begun, number)))
            await asyncio.sleep(SECONDS / 5)
            assert engine.waiting <= 2
        last = (await asyncio.gather(*tasks))[-1]
        engine.close()
        return last, len(begun)

    last, begun = asyncio.run(click())
    assert last == [49] * STEPS
    assert begun < 50


def test_kinds_do_not_make_each_other_stale() -> None:
    async def both() -> list[list[int]]:
        engine, begun = Engine(), []
        return await asyncio.gather(hear(engine, begun, 1, "now"), hear(engine, begun, 2, "what-if"))

    assert asyncio.run(both()) == [[1] * STEPS, [2] * STEPS]


def test_the_line_is_bounded() -> None:
    async def fill() -> int:
        engine, gate = Engine(), threading.Event()
        tasks = [asyncio.create_task(engine.do(gate.wait)) for _ in range(3 * MOST_WAITING)]
        await asyncio.sleep(0)
        assert engine.waiting == MOST_WAITING
        gate.set()
        done = await asyncio.gather(*tasks, return_exceptions=True)
        assert await engine.do(lambda: 1) == 1
        return sum(isinstance(one, BusyError) for one in done)

    assert asyncio.run(fill()) == 2 * MOST_WAITING


def test_who_goes_away_leaves_the_line() -> None:
    async def leave() -> None:
        engine, gate, begun = Engine(), threading.Event(), []
        first = asyncio.create_task(engine.do(gate.wait))
        task = asyncio.create_task(hear(engine, begun, 1))
        await asyncio.sleep(SECONDS)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert engine.waiting == 1
        gate.set()
        await first
        assert begun == []

    asyncio.run(leave())


def test_an_error_reaches_who_asked_and_nobody_else() -> None:
    async def fail() -> int:
        engine = Engine()
        with pytest.raises(ZeroDivisionError):
            await engine.do(lambda: 1 // 0)
        with pytest.raises(ZeroDivisionError):
            async for _ in engine.follow("x", lambda cancelled: (1 // 0 for one in range(1))):
                pass
        return await engine.do(lambda: 7)

    assert asyncio.run(fail()) == 7


def test_closing_drops_what_has_not_begun() -> None:
    async def close() -> int:
        engine, gate, done = Engine(), threading.Event(), []
        tasks = [asyncio.create_task(engine.do(lambda: done.append(gate.wait()))) for _ in range(5)]
        await asyncio.sleep(SECONDS)
        engine.close()
        gate.set()
        await asyncio.gather(*tasks, return_exceptions=True)
        return len(done)

    assert asyncio.run(close()) <= 1
