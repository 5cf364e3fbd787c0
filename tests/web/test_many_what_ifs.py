"""Many what-ifs: a burst of clicks ends within the work of a few, others are answered meanwhile, and memory does not grow."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest
from serving import Served

pytestmark = pytest.mark.slow
CLICKS, ASKED = 200, 60
MOST_GROWN = 12.0  # MB: what one more answer in memory is, and no more


def edit(served: Served, number: int) -> dict[str, Any]:
    (first, *_) = served.get("/api/case")["checkpoints"]
    return {"change": {"checkpoints": {first["id"]: {"lanes": f"1..{2 + number % 7}"}}}}


def test_a_burst_of_clicks(served: Served) -> None:
    """Each click makes those before it stale: the last is answered whole, and of the others hardly a line."""
    served.get("/api/levers")
    edits = [edit(served, number) for number in range(7)]

    async def click() -> list[list[str]]:
        limits = httpx.Limits(max_connections=CLICKS + 1)
        async with httpx.AsyncClient(
            base_url=served.address, cookies=served.cookie, headers={"origin": served.address}, trust_env=False, timeout=120, limits=limits
        ) as client:  # fmt: skip

            async def ask(number: int) -> list[str]:
                await asyncio.sleep(0.005 * number)
                answer = await client.post("/api/what-if", json={"edits": edits[number % 7]})
                assert answer.status_code == 200, answer.text
                return answer.text.splitlines()

            tasks = [asyncio.create_task(ask(number)) for number in range(CLICKS)]
            await asyncio.sleep(0.5)
            assert (await client.get("/api/case")).status_code == 200
            return await asyncio.gather(*tasks)

    lines = asyncio.run(click())
    whole = [one for one in lines if len(one) == 3]
    assert 1 <= len(whole) <= 3, "the one that arrived last, and hardly another"
    assert sum(map(len, lines)) < CLICKS // 4
    assert served.session.engine.waiting == 0


def test_memory_stays(served: Served) -> None:
    edits = [edit(served, number) for number in range(7)]
    with served.client() as client:
        for number in range(ASKED):
            answer = client.post("/api/what-if", json={"edits": edits[number % 7], "stages": [10]})
            assert answer.json()["replicates"] == 10
            if number == ASKED // 3:
                before = read_memory()
    assert read_memory() - before < MOST_GROWN


def read_memory() -> float:
    """Return the memory of this process, in MB."""
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1e3
