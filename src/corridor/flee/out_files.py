"""A run written as Flee writes it: out.csv and links.out, for the scripts of those who work with Flee.

Columns and their order are those of runscripts/run.py and of write_links_par in Diagnostics.py of Flee's master.
"""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from corridor.flee.arrays import make_memory
from corridor.flee.run import check_luck, luck_of, run_one
from corridor.scenario.writing import writing

if TYPE_CHECKING:
    from pathlib import Path

    from corridor.flee.compile import FleeModel


def write_out(
    model: FleeModel, out: Path, replicates: int = 1, seed: int | tuple[int, ...] = 1, replace: bool = False
) -> list[Path]:
    """Write out.csv and links.out.0 of each replicate and return the files.

    One replicate stands in `out` itself, several in RUNS/CASE_1, RUNS/CASE_2 and so on, as FabFlee keeps repeats. The
    same seed gives the numbers that `run_model` gives. Raises UsageError where a file is there and `replace` is not
    asked for.
    """
    check_luck(replicates, seed, 1)
    memory, files = make_memory(model.world), []
    for number in range(replicates):
        entered = np.zeros((model.days, model.links), dtype=np.int64)
        at_place, _, created, memory = run_one(model, *luck_of(seed, number), memory, entered)
        place = out if replicates == 1 else out / "RUNS" / f"{model.name}_{number + 1}"
        place.mkdir(parents=True, exist_ok=True)
        texts = {"out.csv": _form_table(model, at_place, created), "links.out.0": _form_links(model, entered)}
        for name, text in texts.items():
            with writing(place / name, replace=replace) as (file,):
                file.write_text(text, encoding="utf-8", newline="")
            files.append(place / name)
    return files


def _form_table(model: FleeModel, at_place: np.ndarray, created: np.ndarray) -> str:
    """Return out.csv. Its date is that of the day after, as Flee's is: Flee counts on before it writes."""
    names = [model.place_names[camp] for camp in model.camps]
    header = ["Day", "Date", *(f"{name} {word}" for name in names for word in ("sim", "data", "error"))]
    header += ["Total error", "refugees in camps (UNHCR)", "total refugees (simulation)", "raw UNHCR refugee count"]
    header += ["refugees in camps (simulation)", "refugee_debt"]
    start, text = date.fromisoformat(model.start), io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    for day in range(model.days):
        people, counted, raw = at_place[day, model.camps], model.observed[day], int(model.raw[day])
        cells: list[object] = [day, start + timedelta(days=day + 1)]
        for here, known in zip(people.tolist(), counted.tolist(), strict=True):
            cells += [here, known, round(abs(here / known - 1.0), 4) if known > 0 else 0.0]
        if raw > 0:
            cells += [float(np.abs(people - counted).sum()) / raw, int(counted.sum()), int(created[day]), raw]
            cells += [int(people.sum()), int(model.debt[day])]
        else:
            cells += [0.0, 0, int(created[day]), 0, int(people.sum()), 0]
        writer.writerow(cells)
    return text.getvalue()


def _form_links(model: FleeModel, entered: np.ndarray) -> str:
    """Return links.out: on each day the open links in Flee's order, and how many have set foot on each so far."""
    world, names = model.world, model.place_names
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["#time", "start_location", "end_location", "cum_num_agents", "attribute"])
    for day, epoch in enumerate(model.world.days["epoch"]):
        for link in world.out["link"][world.out_from[epoch, 0] : world.out_from[epoch, -1]]:
            start, end = names[world.links["start"][link]], names[world.links["end"][link]]
            writer.writerow([day, start, end, int(entered[day, link]), "total"])
    return text.getvalue()
