"""All cases of a folder in one night: worked apart from each other, told of on one page, with what changed."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from corridor.front.night.folder import (
    TIMINGS,
    find_before,
    list_cases,
    list_earlier,
    open_night,
    read_timings,
    summary_path,
    tell_why_unnamed,
    write_document,
)
from corridor.front.night.headline import compare_nights
from corridor.front.night.seats import Work, work_apart
from corridor.front.night.work import DONE, FAILED, FAULTY, Nightly
from corridor.report.night_page import render_night
from corridor.scenario.faults import UsageError
from corridor.scenario.table import write_html_table
from corridor.scenario.visible import make_visible
from corridor.scenario.writing import locked, write_files
from corridor.words.language import choose_language

Log = Callable[[dict[str, Any]], None]  # a line: time, case, step, seconds, outcome
Progress = Callable[[str, int, int], None]  # what is done, how much of it, and of how much
LONGEST = 60.0  # minutes for one case, if nothing else is asked
EXIT = {DONE: 0, FAULTY: 3, FAILED: 1}  # of the command, by the worst state; another one can be taken up: 5


@dataclass(frozen=True)
class Night:
    """A night as it ended: a row for each case, those first that need somebody.

    A row holds case, state (done; faulty: its files; failed: a fault in Corridor; killed, late or unfinished: the same
    night again takes it up), title, sensitivity, kind (forecast, run, talks), seed, replicates, as_of, today, headline
    (quantity, time, q05, median, q95), `changes` since the night `since`, report, faults or what was said, and
    `refused`, files of counts that could not be added. `left_out` names folders that are no cases.
    """

    folder: Path
    rows: list[dict[str, Any]]
    left_out: list[str]

    @property
    def states(self) -> dict[str, int]:
        """Return how many cases there are of each state."""
        return dict(Counter(row["state"] for row in self.rows))

    @property
    def exit_code(self) -> int:
        """Return what the command ends with: 0, 3 where files are faulty, 5 where cases are unfinished, 1 our fault."""
        codes = {EXIT.get(row["state"], 5) for row in self.rows} | {3 for row in self.rows if row["refused"]}
        return next((code for code in (1, 5, 3) if code in codes), 0)

    @property
    def document(self) -> dict[str, Any]:
        """Return it as JSON-ready data."""
        return {"night": self.folder.name, "cases": self.rows, "states": self.states, "left_out": self.left_out}

    def _repr_html_(self) -> str:
        rows = [(row["case"], row["state"], row.get("as_of", ""), len(row["changes"])) for row in self.rows]
        return write_html_table(f"Night of {self.folder.name}", ("case", "state", "as of", "changes"), rows)


def night(
    folder: Path | str,
    save: Path | str,
    asked: Nightly | None = None,
    day: date | str | None = None,
    workers: int = 1,
    longest: float = LONGEST,
    log: Log | None = None,
    progress: Progress | None = None,
) -> Night:
    """Check every case of a folder, add its new counts, forecast or run it, write its briefing, and one page of all.

    What lies under counts/ of a case is added to its counts first (a columns.toml there says what its columns are).
    A case in which something was counted is forecast as of the newest that is known, others are run. All goes into the
    folder `save`/DAY (today if not given), where the same night is taken up: cases that are done and still the same are
    left as they are, and what the night before made of the same content is taken over. index.html tells of each case
    its state, its headline numbers and what changed since the latest earlier night in `save`. Each case is worked in a
    process of its own, of which there are `workers`: one that is faulty, killed, or takes more than `longest` minutes
    stops no other. What is stored depends on cases, seeds and settings alone. `log` hears a dictionary for each step:
    time, case, step, seconds, outcome.

    Raises UsageError where there is no case, when the night's folder holds something else or another process works in
    `save`, and for a language that there is not.
    """
    cases, left_out = list_cases(Path(folder))
    asked, out = asked or Nightly(), Path(save)
    choose_language(asked.language)
    tell = _write_lines(log or (lambda line: None))
    with locked(out / "night", patience=0.0):
        where = open_night(out, _read_day(day), Path(folder), asdict(asked))
        earlier = list_earlier(where)
        seconds, told = read_timings([where, *earlier]), progress or (lambda what, done, total: None)
        cases.sort(key=lambda case: -seconds.get(case.name, 0.0))  # the longest first, so that workers end together
        tell("", "begin", _estimate([case.name for case in cases], seconds), f"{len(cases)} cases")
        rows = [_refuse(case, why) for case in cases if (why := tell_why_unnamed(case))]
        cases = [case for case in cases if not tell_why_unnamed(case)]
        for case, summary, spent in work_apart(cases, Work(where, asked), workers, longest * 60.0, tell):
            if not summary.pop("kept", False):
                seconds[case.name] = round(spent, 3)
                write_document(where / TIMINGS, {"seconds": seconds})
            write_document(summary_path(where, case.name), summary)
            rows.append({**summary, **_look_back(earlier, summary)})
            tell(case.name, "case", spent, summary["state"])
            told("cases", 1, len(cases))
        found = Night(where, sorted(rows, key=_rank), [make_visible(name) for name in left_out])
        _write_index(found, asked)
    return found


def _read_day(day: date | str | None) -> date:
    """Return the day of a night. Raises UsageError for a text that is none."""
    try:
        return date.fromisoformat(day) if isinstance(day, str) else day or datetime.now().date()
    except ValueError:
        message = f'"{day}" is no day; write it as 2025-03-04'
        raise UsageError(message) from None


def _estimate(names: list[str], seconds: dict[str, float]) -> float:
    """Return how many seconds of work cases will take, by earlier nights; new ones as the others on average."""
    known = [seconds[name] for name in names if name in seconds]
    return len(names) * sum(known) / len(known) if known else 0.0


def _write_lines(log: Log) -> Callable[[str, str, float, str], None]:
    def tell(case: str, step: str, seconds: float, outcome: str) -> None:
        moment = datetime.now(UTC).isoformat(timespec="seconds")
        log({"time": moment, "case": case, "step": step, "seconds": round(seconds, 3), "outcome": outcome})

    return tell


def _refuse(case: Path, why: str) -> dict[str, Any]:
    """Return the row of a case that cannot be worked."""
    return {"case": make_visible(case.name), "state": FAULTY, "said": why, "refused": [], "since": "", "changes": []}


def _look_back(earlier: list[Path], summary: dict[str, Any]) -> dict[str, Any]:
    """Return what changed in a case since the latest night before in which it was done, and when that was."""
    before = find_before(earlier, summary["case"])
    return {"since": before[0] if before else "", "changes": compare_nights(summary, before[1] if before else None)}


def _rank(row: dict[str, Any]) -> tuple[bool, bool, bool, str]:
    """Return the order of a row: what needs somebody first, then what is beyond what was expected, then changes."""
    well = row["state"] == DONE and not row["refused"]
    return well, not any(change["beyond"] for change in row["changes"]), not row["changes"], row["case"]


def _write_index(found: Night, asked: Nightly) -> None:
    page = render_night(found.document, choose_language(asked.language))
    text = json.dumps(found.document, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    write_files({found.folder / "index.json": text, found.folder / "index.html": page})
