"""New forecasts on the screen Evidence: told as they are made, stopped by a newer one; and how past ones did."""

from __future__ import annotations

import asyncio
import json
import shutil
import tempfile
import threading
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse, StreamingResponse

import corridor as co
from corridor.web.body import read_document
from corridor.web.engine import BusyError
from corridor.web.evidence import answer_anyway, read_text
from corridor.web.stream import KIND

if TYPE_CHECKING:
    from starlette.requests import Request

    from corridor.web.session import Session

Part = dict[str, Any]
Tell = Callable[[Part], None]
Work = Callable[[Tell, Callable[[], bool]], Part]
RUNS = Path("runs")  # where forecasts are kept that the page may write


@dataclass
class Forecasts:
    """The forecasts of one session: the newest, its folder, and what is being worked out."""

    newest: Path | None = None
    said: Part | None = None
    stale: threading.Event = field(default_factory=threading.Event)
    kept: list[Path] = field(default_factory=list)

    def begin(self) -> threading.Event:
        """Make older work stale and return how to tell that the new one is."""
        self.stale.set()
        self.stale = threading.Event()
        return self.stale

    def choose_folder(self, case: str, editable: bool) -> Path:
        """Return a new folder for a forecast: below runs/ where the page may write, else one that goes with it."""
        if not editable:
            self.kept.append(Path(tempfile.mkdtemp(prefix="corridor-")))
            return self.kept[-1] / "run"
        numbers = (number for number in range(1, 10_000) if not (RUNS / f"{case}-forecast-{number}").exists())
        return RUNS / f"{case}-forecast-{next(numbers)}"

    def close(self) -> None:
        """Drop what is being worked out, and the folders that go with the session."""
        self.stale.set()
        for folder in self.kept:
            shutil.rmtree(folder, ignore_errors=True)


async def make_forecast(session: Session, request: Request) -> StreamingResponse:
    """Learn from what was published by a moment and run on; lines of progress, then the answer."""
    asked = await read_document(request)
    wish = {"as_of": read_text(asked, "as_of"), "parameters": session.parameters}

    def work(tell: Tell, stale: Callable[[], bool]) -> Part:
        from corridor.front.page import forecast

        kept, case = session.forecasts, session.read_case()
        save = kept.choose_folder(str(case.settings["id"]), session.may_write)
        progress = forecast.Progress(tell, stale)
        found = forecast.forecast_for_page(case, wish, save, kept.newest, progress)
        answer = forecast.describe_forecast(found, kept.said)
        kept.newest, kept.said = save, answer
        return {**answer, "folder": save.as_posix() if session.may_write else ""}

    return _stream(session, work)


async def make_past(session: Session, request: Request) -> StreamingResponse:
    """Forecast again and again as time went on, and send how that did."""
    every = read_text(await read_document(request), "every") or "24h"
    language = session.choose_language(request)

    def work(tell: Tell, stale: Callable[[], bool]) -> Part:
        from corridor.front.page import forecast

        return forecast.forecast_anew(
            session.read_case(), every, session.parameters, forecast.Progress(tell, stale), language
        )

    return _stream(session, work)


async def send_past(session: Session, request: Request) -> JSONResponse:
    """Send how sealed forecasts did, null where no ledger is there."""

    def work() -> Part | None:
        from corridor.front.page.forecast import describe_ledger

        return describe_ledger(session.read_case(), session.choose_language(request))

    async def answer() -> JSONResponse:
        return JSONResponse({"past": await session.desk.do(work)})

    return await answer_anyway(answer())


def _stream(session: Session, work: Work) -> StreamingResponse:
    return StreamingResponse(_tell_lines(session, work), media_type=KIND)


async def _tell_lines(session: Session, work: Work) -> AsyncIterator[str]:
    """Send what a piece of work tells, line by line, then its answer, or why there is none."""
    loop, told = asyncio.get_running_loop(), asyncio.Queue[Part | None]()
    stale = session.forecasts.begin()

    def tell(part: Part | None) -> None:
        loop.call_soon_threadsafe(told.put_nowait, part)

    def do() -> None:
        from corridor.front.page.forecast import DroppedError

        try:
            tell({"dropped": True} if stale.is_set() else {"answer": work(tell, stale.is_set)})
        except DroppedError:
            tell({"dropped": True})
        except co.FaultsError as error:
            tell(co.faults_document(error.faults))
        except co.UsageError as error:
            tell({"error": str(error)})
        finally:
            tell(None)

    doing = asyncio.ensure_future(session.engine.do(do))
    doing.add_done_callback(lambda _: told.put_nowait(None))
    try:
        while (part := await told.get()) is not None:
            yield json.dumps(part) + "\n"
        await doing  # what went wrong on our side is told by the server
    except BusyError:
        yield json.dumps({"busy": True}) + "\n"
    finally:
        stale.set()
