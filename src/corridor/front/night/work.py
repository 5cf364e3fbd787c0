"""One case of a night: checked, its new counts added, forecast or run, its briefing written, its numbers kept."""

from __future__ import annotations

import os
import shutil
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corridor.forecast.filter import Effort
from corridor.forecast.known import LAST_MINUTE
from corridor.front.briefing import write_report
from corridor.front.cases import check, read
from corridor.front.count_files import add_count_file
from corridor.front.forecasts import forecast
from corridor.front.night.folder import list_earlier, runs_folder, summary_path
from corridor.front.night.headline import measure_headline
from corridor.front.runs import open_run, run
from corridor.results.seal import hash_document, read_document
from corridor.results.store import MANIFEST
from corridor.scenario.counts import known_counts, read_counts
from corridor.scenario.faults import FaultsError, InterruptedRunError, UsageError
from corridor.scenario.version import __version__
from corridor.scenario.writing import building

if TYPE_CHECKING:
    from corridor.front.runs import Run
    from corridor.scenario.scenario import Scenario

Summary = dict[str, Any]
Tell = Callable[[str, float, str], None]  # a step, how many seconds it took, and how it ended
DONE, FAULTY, FAILED, UNFINISHED = "done", "faulty", "failed", "unfinished"  # states of a case
COUNTS, MAPPING = "counts", "columns.toml"  # where files of new counts lie in a case, and what their columns are
TABLES = (".csv", ".xlsx")


@dataclass(frozen=True)
class Nightly:
    """How each case of a night is worked: replicates of its run, particles of its forecast, and its briefing.

    `quick` leaves out of the briefing what each number moves; `language` is that of briefings and index.
    """

    replicates: int = 200
    particles: int = 1000
    quick: bool = False
    language: str = "en"


def work_on_case(case: Path, night: Path, asked: Nightly, tell: Tell) -> Summary:
    """Work on a case into the folder of a night and return what there is to say of it; whatever goes wrong is said.

    A case that this night has done already, and that is still the same, is left as it is; what the night before did
    with the same content and settings is taken over, for it would come out the same.
    """
    summary: Summary = {"case": case.name, "corridor": __version__, "state": DONE, "refused": []}
    try:
        _carry_out(case, night, asked, tell, summary)
    except FaultsError as error:
        summary |= {"state": FAULTY, "faults": [asdict(found) for found in error.faults]}
    except UsageError as error:
        summary |= {"state": FAULTY, "said": str(error)}
    except InterruptedRunError as error:
        summary |= {"state": UNFINISHED, "said": str(error)}
    except Exception:
        summary |= {"state": FAILED, "said": traceback.format_exc()}
    return summary


def _carry_out(case: Path, night: Path, asked: Nightly, tell: Tell, summary: Summary) -> None:
    with _timed("check", tell):
        found = check(case)
        if found.errors:
            raise FaultsError(found.errors)
    with _timed("counts", tell):
        summary["refused"] = add_new_counts(case)
    scenario = read(case)
    parameters = scenario.choose_set(None)
    work = hash_document([scenario.hash, asdict(asked), __version__])
    refused = summary["refused"]
    if done := _find_done(night, case.name, work):
        summary |= {**done, "refused": refused, "kept": True}
        return
    summary |= {
        "work": work,
        "hash": scenario.hash,
        "title": str(scenario.settings["title"]),
        "sensitivity": str(scenario.settings["sensitivity"]),
        "warnings": len(scenario.warnings),
        "parameters": parameters,
        "counts": len(read_counts(scenario, parameters)),
    }
    if scenario.talks_alone:
        summary["kind"] = "talks"
        return
    out = runs_folder(night) / f"{case.name}-{work[:8]}"
    ran = _simulate(scenario, parameters, out, asked, tell, summary)
    with _timed("briefing", tell):
        said = write_report(ran.result, quick=asked.quick, language=asked.language)
    summary |= {
        "seed": ran.manifest["seed"],
        "replicates": ran.replicates,
        "report": (out / "report.html").relative_to(night).as_posix(),
        "today": said["moment"],
        "headline": measure_headline(ran.result, datetime.fromisoformat(said["moment"])),
    }


def _find_done(night: Path, name: str, work: str) -> Summary | None:
    """Return what was said of the very same work on a case, this night or the one before; None where it is not whole.

    A run of the night before is taken over: its files are linked, which costs no room.
    """
    for there in (night, *list_earlier(night)[:1]):
        summary = read_document(summary_path(there, name))
        if summary is None or summary["state"] != DONE or summary.get("work") != work:
            continue
        page = summary.get("report", "")
        if (night / page).exists() or _take_over((there / page).parent, (night / page).parent):
            return summary
    return None


def _take_over(run_folder: Path, here: Path) -> bool:
    """Link the files of a run with its page into another night; tell whether it was whole."""
    try:
        open_run(run_folder)
        with building(here, last=MANIFEST) as fresh:
            shutil.copytree(run_folder, fresh, copy_function=os.link, dirs_exist_ok=True)
    except (FaultsError, UsageError, OSError):  # then it is made anew
        return False
    return (here / "report.html").exists()


def _simulate(scenario: Scenario, parameters: str, out: Path, asked: Nightly, tell: Tell, summary: Summary) -> Run:
    """Return a forecast as of the newest that is known where something was counted by then, else a run as written."""
    as_of = find_newest(scenario, parameters)
    if as_of is None or not known_counts(scenario, parameters, as_of):
        summary["kind"] = "run"
        with _timed("run", tell):
            return run(scenario, out, parameters, asked.replicates)
    summary |= {"kind": "forecast", "as_of": as_of.isoformat(timespec="minutes"), "particles": asked.particles}
    with _timed("forecast", tell):
        return forecast(scenario, as_of, out, parameters, asked.replicates, Effort(asked.particles)).run


def find_newest(scenario: Scenario, parameters: str) -> datetime | None:
    """Return the newest moment within the period as of which something is known; None where there is none.

    That is the end of data_date, or when the newest count became known, whichever is later.
    """
    counts = read_counts(scenario, parameters)
    known = [max(count.thing.time, count.published or count.thing.time) for count in counts]
    known.append(scenario.settings["data_date"].replace(hour=0, minute=0, second=0) + LAST_MINUTE)
    return max((moment for moment in known if scenario.start < moment < scenario.end), default=None)


def add_new_counts(case: Path) -> list[str]:
    """Add every file under counts/ of a case to it, in order of name, and return what was refused and why.

    A columns.toml beside the files says what their columns are, who published them and what is counted. What the case
    has already is not added again.
    """
    refused = []
    for file in sorted(path for path in (case / COUNTS).rglob("*") if path.suffix.lower() in TABLES):
        mapping = file.with_name(MAPPING)
        try:
            add_count_file(case, file, mapping if mapping.exists() else None)
        except (FaultsError, UsageError) as error:
            refused.append(f"{file.relative_to(case).as_posix()}: {error}")
    return refused


@contextmanager
def _timed(step: str, tell: Tell) -> Iterator[None]:
    began = time.monotonic()
    outcome = FAILED
    try:
        yield
        outcome = DONE
    except (FaultsError, UsageError):
        outcome = FAULTY
        raise
    except InterruptedRunError:
        outcome = UNFINISHED
        raise
    finally:
        tell(step, round(time.monotonic() - began, 3), outcome)
