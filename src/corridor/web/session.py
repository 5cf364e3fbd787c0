"""What one `corridor serve` shows: a case or a run, and the model once it is loaded."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import corridor as co
from corridor.web.engine import Engine
from corridor.web.forecasts import Forecasts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.requests import Request

    from corridor import Run, Scenario
    from corridor.front.live import Live
    from corridor.front.page.beside import Beside
    from corridor.front.page.now import LiveBriefing

PATIENCE = 2.0  # seconds for which the model waits for the page
FIRST, REPLICATES = 20, 200  # of a case that has not been run: shown at once, and in the end


@dataclass
class Session:
    """A case folder or a stored run, as it is served.

    `folder` is what the user named; `editable` allows writing into the case; `language` is that of the page where the
    address names none.
    """

    folder: Path
    editable: bool = False
    language: str = "en"
    parameters: str | None = None
    outline: Path | None = None
    engine: Engine = field(default_factory=Engine)
    shown: asyncio.Event = field(default_factory=asyncio.Event)  # what does not change in the case has been sent
    desk: Engine = field(default_factory=Engine)  # for tables and reports, which need no model
    forecasts: Forecasts = field(default_factory=Forecasts)
    asked_at: float = 0.0  # when something was last asked that somebody waits for (time.monotonic)
    measuring: asyncio.Task[None] | None = None
    _checks: int = 0
    _whole: LiveBriefing | None = None
    _rest: Iterator[LiveBriefing | None] | None = None

    def count_check(self) -> int:
        """Return the number of a check that is asked for: it makes older ones stale."""
        self._checks += 1
        return self._checks

    def is_stale(self, check: int) -> bool:
        """Tell whether a newer check has been asked for."""
        return check != self._checks

    def forget_case(self) -> None:
        """Forget what was read of the case, since its files have been changed."""
        for name, member in vars(Session).items():
            if isinstance(member, cached_property) and name != "stored":
                self.__dict__.pop(name, None)
        self.measuring = self._whole = self._rest = None

    def choose_language(self, request: Request) -> str:
        """Return the language that a request asks for, or else that of the session."""
        return request.query_params.get("language") or self.language

    def begin(self) -> None:
        """Load the model behind the page."""
        self._loading = asyncio.create_task(self._load())

    async def _load(self) -> None:
        with suppress(TimeoutError):  # the page first: two that read at once are slower than one after the other
            await asyncio.wait_for(self.shown.wait(), PATIENCE)
        with suppress(Exception):  # told to whoever asks for something that needs the model
            await self.engine.do(self.brief)

    @cached_property
    def stored(self) -> bool:
        """Tell whether the folder is that of a run."""
        return (self.folder / "manifest.json").is_file()

    @property
    def may_write(self) -> bool:
        """Tell whether the page may write into the case: never into that of a stored run."""
        return self.editable and not self.stored

    def read_case(self) -> Scenario:
        """Return the case as it stands on the disk now. To be asked at the desk."""
        return self.case if self.stored else co.read(self.folder)

    def close(self) -> None:
        """Stop all work and drop what goes with the session."""
        self.forecasts.close()
        self.engine.close()
        self.desk.close()

    @cached_property
    def case(self) -> Scenario:
        """Return the case that is shown."""
        return self._shown[0] if self.stored else co.read(self.folder)

    @property
    def parameters_shown(self) -> str | None:
        """Return the parameter set that is shown: of a run its own; None for the default of a case."""
        return self._shown[1] if self.stored else self.parameters

    @cached_property
    def _shown(self) -> tuple[Scenario, str]:
        from corridor.front.page.shell import read_shown

        return read_shown(self.folder)

    @property
    def run(self) -> Run:
        """Return the run that is shown, whole: the stored one, or one of the case in memory; asked in the engine."""
        for _ in self.finish():
            pass
        return self.brief().run

    @property
    def is_whole(self) -> bool:
        """Tell whether what `brief` returns is already of all replicates."""
        return self.stored or self._whole is not None

    @property
    def is_briefed(self) -> bool:
        """Tell whether `brief` has something at once."""
        return self._whole is not None or "_first" in self.__dict__

    def brief(self) -> LiveBriefing:
        """Return page one of all replicates if they are there, else of a few. To be asked in the engine."""
        return self._whole or self._first

    def finish(self) -> Iterator[None]:
        """Run the replicates that `brief` still lacks, some at a time. To be asked in the engine."""
        from corridor.front.page.now import brief_in_steps

        while not self.is_whole:
            self._rest = self._rest or brief_in_steps(self.case, self.parameters, REPLICATES)
            self._whole = next(self._rest)
            yield

    @cached_property
    def _first(self) -> LiveBriefing:
        from corridor.front.page.now import LiveBriefing

        if self.stored:
            return LiveBriefing(co.open_run(self.folder))
        return LiveBriefing(co.run(self.case, parameters=self.parameters, replicates=FIRST))

    @cached_property
    def live(self) -> Live:
        """Return the case, or the case of the run, kept in memory for what-ifs. To be asked in the engine."""
        if self.stored:
            return co.open_live(self.run)
        return co.open_live(self.folder, self.parameters)

    @cached_property
    def beside(self) -> Beside:
        """Return what can be compared with what. To be asked in the engine."""
        from corridor.front.page.beside import Beside

        return Beside(self.live, self.runs)

    @property
    def runs(self) -> Path:
        """Return the folder in which stored runs of the case are looked for: that of the run, or `runs` here."""
        return self.folder.absolute().parent if self.stored else Path("runs")
