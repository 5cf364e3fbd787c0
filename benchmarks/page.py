"""Print what the page costs on the worked case: until it can be used, until a what-if is answered, its bytes, its memory.

    python benchmarks/page.py [CASE] [--what-ifs N] [--column TABLE/ROW/COLUMN=TEXT]

Seconds are of one core, of the process of `corridor serve` as the system counts them: from the command until the page and
the facts of the case are answered, while the model is being loaded behind it; and what a what-if says of itself. The lever
acts from the first hour unless another is named. With --what-ifs memory is measured after a tenth of them and at the end.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import httpx

from corridor.web.files import list_files
from markers import ROOT

START = [sys.executable, "-c", "from corridor.cli.main import main; main()", "serve", "--no-browser"]
LEVER = "groups/families_with_vehicle@replay/leave_rate=0.007 ± 150%"
TICKS = os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Serve a case, ask, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("case", nargs="?", type=Path, default=ROOT / "scenarios" / "karabakh-2023")
    parser.add_argument("--what-ifs", type=int, default=0)
    parser.add_argument("--column", default=LEVER)
    asked = parser.parse_args()
    print("| what | measured |\n|---|---|")
    with subprocess.Popen([*START, str(asked.case)], stderr=subprocess.PIPE, text=True) as process:
        try:
            measure(process, asked)
        finally:
            process.kill()


def measure(process: subprocess.Popen[str], asked: argparse.Namespace) -> None:
    """Print the rows of the table."""
    assert process.stderr is not None
    address = next(found[1] for line in process.stderr if (found := re.search(r"open (\S+)", line)))
    with httpx.Client(follow_redirects=True, trust_env=False, timeout=600) as client:
        page = client.get(address)
        client.headers["origin"] = str(page.url).rstrip("/")
        client.base_url = str(page.url)
        facts = client.get("/api/case").json()
        tell("processor seconds until the page and the facts of the case are answered", f"{spent(process.pid):.2f}")
        client.get("/api/now")
        tell("processor seconds until page one of 20 replicates is answered", f"{spent(process.pid):.2f}")
        files = list_files()
        sizes = {name: len(content) for name, content in files.items()}
        tell("bytes of the page's files", f"{sum(sizes.values()):,} in {len(sizes)}")
        answers = [client.get(path) for path in ("/api/words", "/api/case")]
        tell("bytes of words and facts", f"{sum(len(answer.content) for answer in answers):,}")
        table, row, rest = asked.column.split("/", 2)
        column, _, text = rest.partition("=")
        edits = {"change": {table: {row: {column: text}}}}
        client.post("/api/what-if", json={"edits": {}})
        for answer in ask(client, edits):
            tell(f"processor seconds of a what-if, {answer['replicates']} replicates", f"{answer['cpu_seconds']:.2f}")
        count_memory(client, process.pid, asked.what_ifs, edits)
    assert facts["title"]


def ask(client: httpx.Client, edits: dict[str, object]) -> list[dict[str, object]]:
    """Return the answers to a what-if."""
    lines = client.post("/api/what-if", json={"edits": edits}).text.splitlines()
    found = [json.loads(line) for line in lines]
    if "faults" in found[0]:
        raise SystemExit(json.dumps(found[0]))
    return found


def count_memory(client: httpx.Client, process: int, number: int, edits: dict[str, object]) -> None:
    """Ask so many what-ifs of 10 replicates and print the memory after a tenth of them and after all."""
    began = time.monotonic()
    for done in range(1, number + 1):
        client.post("/api/what-if", json={"edits": edits, "stages": [10]})
        if done in (number // 10, number):
            tell(f"memory after {done:,} what-ifs, MB", f"{resident(process):,.0f}")
    if number:
        tell(f"seconds for {number:,} what-ifs", f"{time.monotonic() - began:,.0f}")


def spent(process: int) -> float:
    """Return the processor seconds of a process so far."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def resident(process: int) -> float:
    """Return the memory of a process, in MB."""
    line = next(line for line in Path(f"/proc/{process}/status").read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1e3


def tell(what: str, measured: str) -> None:
    """Print a row."""
    print(f"| {what} | {measured} |", flush=True)


if __name__ == "__main__":
    main()
