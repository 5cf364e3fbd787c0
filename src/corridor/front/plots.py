"""The pictures of a briefing, one at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from corridor.forecast.findings import find
from corridor.report.figures import FIGURES, list_figures
from corridor.report.pictures import PICTURES
from corridor.results.findings import Findings
from corridor.results.result import Result
from corridor.scenario.draft import suggest
from corridor.scenario.faults import UsageError
from corridor.scenario.writing import write_file


@dataclass(frozen=True)
class Picture:
    """A picture as SVG, and the `data` it was drawn from."""

    svg: str
    data: dict[str, Any]

    def save(self, path: Path | str, replace: bool = False) -> None:
        """Write the picture to a file, whole or not at all.

        Raises UsageError when it cannot be written, or exists and was not asked to be replaced.
        """
        write_file(Path(path), self.svg, replace)

    def _repr_svg_(self) -> str:
        return self.svg


@dataclass(frozen=True)
class Plots:
    """The pictures of a run by name: `run.plot.arrivals()`, `run.plot.map()`, and the others that `dir` lists."""

    result: Result

    @cached_property
    def _findings(self) -> Findings:
        return find(self.result, quick=True)

    def draw(self, name: str) -> Picture:
        """Return a picture by name. Raises UsageError for one that the run has no data for."""
        known = list_figures(self.result)
        if name not in known:
            message = f'no picture "{name}"; there are: {", ".join(known)}{suggest(name, known)}'
            raise UsageError(message)
        data = FIGURES[name](self.result, self._findings)
        return Picture(PICTURES[name](data), data)

    def __getattr__(self, name: str) -> Callable[[], Picture]:
        if name not in FIGURES:
            message = f"no picture {name!r}; there are: {', '.join(FIGURES)}{suggest(name, FIGURES)}"
            raise AttributeError(message)
        return partial(self.draw, name)

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *FIGURES]
