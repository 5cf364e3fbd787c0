"""Many cases in one table: scenarios, variants and settings of a design, simulated with the same luck and compared."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corridor.front.plots import Picture
from corridor.report.influence import FEWEST, Sample, rank_inputs
from corridor.report.pictures.bars import draw_influence
from corridor.results.crew import hire
from corridor.results.in_memory import Unstored
from corridor.results.manifest import describe_run
from corridor.results.moments import choose_moment
from corridor.results.store import write_texts
from corridor.scenario.table import load_pandas, write_html_table
from corridor.scenario.writing import locked
from corridor.simulate.ensemble import prepare
from corridor.sweep.run import Swept, sweep_design
from corridor.sweep.sampling import Block, Sampling
from corridor.sweep.sensitivity import average_rows, list_numbers, measure_numbers
from corridor.sweep.simulate import AT_MOMENT, AT_THE_END, Asked
from corridor.sweep.table import tabulate, write_table

if TYPE_CHECKING:
    import pandas

Progress = Callable[[str, int, int], None]  # what is done, how much of it, and of how much
Design = Path | str | Iterable[Mapping[str, object]]


@dataclass(frozen=True)
class Sweep:
    """A design that was simulated: its table of answers, what each number does to them, and the pictures of that."""

    swept: Swept

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """Return the table of answers, a dictionary for each row; see docs/sweep.md for its columns."""
        return tabulate(self.swept)

    @cached_property
    def sensitivity(self) -> list[dict[str, Any]]:
        """Return what each number does to each answer, those that go with it most first."""
        return measure_numbers(self.swept)

    @cached_property
    def pictures(self) -> dict[str, Picture]:
        """Return by name the briefing's picture of what matters, of every case with rows enough to say it."""
        blocks = [block for block in self.swept.blocks if len(block.rows) >= FEWEST and self._varies(block)]
        found = {}
        for number, block in enumerate(blocks, 1):
            name = "influence" if len(blocks) == 1 else f"influence-{number}"
            data = self._describe(block)
            found[name] = Picture(draw_influence(data), data)
        return found

    def __getitem__(self, answer: str) -> Any:
        """Return the values of an answer, one for each row and replicate [rows, replicates]; nan where it has none."""
        return self.swept.answers[answer]

    @property
    def answers(self) -> list[str]:
        """Return the names of the answers."""
        return list(self.swept.answers)

    def to_frame(self) -> pandas.DataFrame:
        """Return the table of answers. Raises UsageError without pandas (extra `notebook`)."""
        frame: pandas.DataFrame = load_pandas().DataFrame(self.rows)
        return frame

    def write(self, folder: Path | str) -> list[Path]:
        """Write answers.csv, sensitivity.csv and figures/ into a folder, all or none, and return the files.

        Raises InterruptedRunError when they cannot be written.
        """
        to = Path(folder)
        texts = {to / "answers.csv": write_table(self.rows), to / "sensitivity.csv": write_table(self.sensitivity)}
        for name, picture in self.pictures.items():
            data = json.dumps(picture.data, ensure_ascii=False, indent=1, allow_nan=False)
            texts |= {to / "figures" / f"{name}.json": data + "\n", to / "figures" / f"{name}.svg": picture.svg}
        write_texts(texts)
        return list(texts)

    def _repr_html_(self) -> str:
        shown = self.rows[:20]
        title = f"{len(self.rows)} rows, {self.swept.asked.replicates} replicates each"
        return write_html_table(title, tuple(shown[0]) if shown else (), [tuple(row.values()) for row in shown])

    def _varies(self, block: Block) -> bool:
        return bool(list_numbers(self.swept, block))

    def _describe(self, block: Block) -> dict[str, Any]:
        """Return what matters in a block, as the figure of the briefing says it of a run."""
        row = self.swept.rows[block.rows[0]]
        case = self.swept.cases.read((row.scenario, row.variant))
        ensemble = prepare(case, case.choose_set(row.parameters or None), row.seed)
        manifest = describe_run(case, ensemble, self.swept.asked.replicates)
        result = Unstored(Path(), manifest, ensemble.behaviour, records=(), read_from=case)
        numbers = list_numbers(self.swept, block)
        arrived, at_end = (average_rows(self.swept, block.rows, name) for name in (AT_MOMENT, AT_THE_END))
        moment = choose_moment(result, self.swept.asked.moment)
        return {**rank_inputs(result, moment, Sample(numbers, arrived, at_end)), "rows": len(block.rows)}


def sweep(
    folder: Path | str,
    design: Design | None = None,
    save: Path | str | None = None,
    replicates: int = 100,
    workers: int = 1,
    sampling: Sampling | None = None,
    moment: str | None = None,
    progress: Progress | None = None,
    cluster: Any = None,
) -> Sweep:
    """Simulate every row of a design and return one table of answers.

    `folder` is a case, or a folder of cases that the design's column `scenario` names. `design` is a CSV file or rows
    (dictionaries): columns scenario, variant, set, seed, and numbers by name such as `groups/families/leave_rate` or
    `parameters/effect_gone`; a blank cell leaves the case as it is. With `sampling` each row becomes a block in which
    its ranges are varied by a method of SALib (extra `sensitivity`): latin, sobol or morris; without a design all
    ranges of the case are. `save` is a folder, in which one process at a time may take up an
    unfinished sweep; `workers` and `cluster` are as in `run` and change no result. All rows of one seed share their
    luck.

    Raises FaultsError with every fault of the design (where, found, allowed, fix), UsageError for an unknown method,
    without the library and for a folder in use, InterruptedRunError when the work stopped but can be taken up.
    """
    told = progress or (lambda what, done, total: None)
    asked, how = Asked(replicates, moment), sampling or Sampling()
    kept = None if save is None else Path(save)
    out = Path(tempfile.mkdtemp(prefix="corridor-")) / "sweep" if kept is None else kept
    try:
        with ExitStack() as held:
            if kept is not None:
                held.enter_context(locked(kept, patience=0.0))
            crew = held.enter_context(hire(workers, cluster))
            done = Sweep(sweep_design(Path(folder), design, out, asked, how, crew, told))
            if kept is not None:
                done.write(kept)
            return done
    finally:
        if kept is None:
            shutil.rmtree(out.parent, ignore_errors=True)
