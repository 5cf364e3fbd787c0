"""Evidence: whether it holds, what a report may say, and binding the one to the other."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from corridor.evidence.accept import Accepted, accept
from corridor.evidence.check import EvidenceReport
from corridor.evidence.decision_file import write_decisions
from corridor.evidence.draft import Blank, draft_from_report
from corridor.evidence.grammar.text import Text, read_text
from corridor.evidence.proposed import propose_claims
from corridor.evidence.review import Reviewed, write_reviewed
from corridor.evidence.scenario_rows import check_scenario, judge_scenario, known_of
from corridor.evidence.suggest import Proposal, Suggestion
from corridor.evidence.suggest import suggest as suggest_from
from corridor.evidence.words import write_report, write_suggestion
from corridor.front.accepting import AcceptedAll, accept_all
from corridor.scenario.draft import show
from corridor.scenario.faults import Fault, FaultsError, UsageError, fault
from corridor.scenario.files import read_toml
from corridor.scenario.read import read_draft
from corridor.scenario.scenario import Scenario, load_draft
from corridor.scenario.table import write_html_table
from corridor.scenario.writing import write_file

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from corridor.front.runs import Run
    from corridor.scenario.faults import Where

_RENEWED = ("changed_since_review", "review_unread")  # what a review anew mends


@dataclass(frozen=True)
class Evidence:
    """What a check of the evidence found; `print(evidence)` says it in words.

    `report` holds faults, conflicts, support, assumptions and counts; `notes` are for the person who reads on.
    """

    report: EvidenceReport
    notes: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Tell whether there is no error among the faults."""
        return not self.report.failed

    @property
    def document(self) -> dict[str, object]:
        """Return the report as JSON-ready data; an open end of a range is null."""
        return self.report.to_document()

    def __str__(self) -> str:
        """Return the report in words: counts, faults, conflicts, the assumptions that matter most."""
        return write_report(self.report)

    def _repr_html_(self) -> str:
        rows = [(fault.severity, fault.code, f"{fault.file} {fault.row}", fault.found) for fault in self.report.faults]
        counts = ", ".join(f"{number} {name}" for name, number in self.report.counts.items())
        verdict = "The evidence holds" if self.holds else "The evidence does not hold"
        return write_html_table(f"{verdict}: {counts}", ("severity", "code", "where", "found"), rows)


def evidence(
    case: Scenario, effects: bool = False, run: Run | Path | str | None = None, parameters: str | None = None
) -> Evidence:
    """Check that sources, claims, kept texts and numbers of a scenario still hold together.

    With `effects` what each number moves is measured, one at a time with the same luck (about a minute), and
    numbers without a claim come in that order; a finished `run` keeps what was measured. `parameters` names the set
    to measure under, else it is the default. Raises UsageError without such a set or run.
    """
    if run is None and not effects:
        return Evidence(check_scenario(case))
    # loads the simulation, which a check without effects does not need
    from corridor.forecast.effects import effects_by_number, effects_of_run, measure_effects
    from corridor.front.runs import take_result

    if run is None:
        return Evidence(check_scenario(case, effects_by_number(case, measure_effects(case, parameters))))
    result = take_result(run)
    notes: tuple[str, ...] = ()
    if result.manifest["scenario_hash"] != case.hash:
        notes = (
            f"{result.name} was made from another state of the scenario; effects are of the scenario as it was then",
        )
    return Evidence(check_scenario(case, effects_by_number(case, effects_of_run(result))), notes)


def review(case: Scenario, by: str, day: date | None = None, judged: bool = False) -> tuple[Reviewed, ...]:
    """Write into a scenario's folder that a person, `by`, has looked at every row of its tables; return what is new.

    From then on the check of the evidence notes each row that is changed, a number without a claim too. `day` is today
    unless given. With `judged` each number that no claim states and that has no row in evidence/judged.csv is added
    there first; rows that are there are changed by hand alone. Raises UsageError without a name, FaultsError when the
    check finds any other error.
    """
    if not by.strip():
        message = "say who has reviewed it"
        raise UsageError(message)
    if judged:
        judge_scenario(case)
    wrong = [fault for fault in check_scenario(case).faults if fault.severity == "error" and fault.code not in _RENEWED]
    if wrong:
        raise FaultsError(wrong)
    return tuple(write_reviewed(case.folder, day or date.today(), by.strip()))


@dataclass(frozen=True)
class Reading:
    """What a report may say, for a person to accept or not; `print(reading)` lists it.

    `suggestion` holds the proposals, each with its place in `text`, and warnings for the person who reads on.
    `folder` is that of the scenario whose places and actors were looked for, and to which claims are added; `language`
    and `encoding` are those in which it was asked to be read.
    """

    path: Path
    text: Text
    suggestion: Suggestion
    folder: Path | None = None
    language: str = ""
    encoding: str = "utf-8"

    @property
    def proposals(self) -> tuple[Proposal, ...]:
        """Return the proposals in the order of the text: id, kind, start, end, text and more by kind."""
        return self.suggestion.proposals

    @property
    def document(self) -> dict[str, object]:
        """Return day, warnings and proposals as JSON-ready data."""
        return self.suggestion.to_document()

    def __str__(self) -> str:
        """Return the proposals as lines: id, and what was read."""
        return write_suggestion(self.suggestion)

    def _repr_html_(self) -> str:
        rows = [(proposal["id"], proposal["kind"], proposal["text"]) for proposal in self.proposals]
        return write_html_table(f"What {self.path.name} may say", ("id", "kind", "text"), rows)

    def accept(
        self,
        proposals: Sequence[str],
        source: Mapping[str, str],
        details: Mapping[str, str],
        keep_text: bool = False,
    ) -> Accepted:
        """Add proposals, named by id, as claims to the scenario, and their source if it is not there yet.

        `source` gives columns of sources.csv: `id`, and for a new source `publisher`. `details` gives columns of
        claims.csv: at least `wording`, the claim in our own words. `keep_text` keeps the report in the folder, if
        the user has the right to. Raises UsageError for what is missing or taken, or when the reading was made
        without a scenario; FaultsError for a table that cannot be read.
        """
        if self.folder is None:
            message = "the report was read without a scenario to add claims to"
            raise UsageError(message)
        kept = self.path if keep_text else None
        return accept(self.folder, self.text, self.suggestion, proposals, source, details, kept)

    def write(self, path: Path | str, replace: bool = False) -> int:
        """Write one file in which a person decides on all proposals, and return how many there are.

        Each stands there with its sentence and what it would become; `accept` takes the file. Raises UsageError when
        the reading was made without a scenario or the file is there and not to be replaced, FaultsError for a folder
        that cannot be judged.
        """
        if self.folder is None:
            message = "the report was read without a scenario to add claims to"
            raise UsageError(message)
        case, path = load_draft(self.folder, None), Path(path)
        if not case.settings:
            raise FaultsError(case.faults)
        names = {str(row.values.get("id")): str(row.values.get("name") or "") for row in case.tables.get("places", ())}
        proposed = propose_claims(self.text, self.suggestion, names)
        content = write_decisions(
            path, self.path, self.text, self.suggestion, proposed, case, (self.language, self.encoding)
        )
        write_file(path, content, replace)
        return len(proposed)

    def draft(
        self,
        folder: Path | str,
        proposals: Sequence[str] = (),
        source: Mapping[str, str] | None = None,
        details: Mapping[str, str] | None = None,
        keep_text: bool = False,
    ) -> list[Blank]:
        """Begin a new scenario folder with proposals, all quantities and statements if none is named.

        Returns the cells that the report does not fill, each marked with `?`; counts and events are drafted too. The
        rest is as in `accept`. Raises UsageError if the folder is not empty or a proposal is unknown.
        """
        kept = self.path if keep_text else None
        row, details = source or {}, details or {}
        return draft_from_report(Path(folder), self.text, self.suggestion, proposals, row, details, kept)


def accept_decisions(path: Path | str, case: Scenario | Path | str | None = None, write: bool = True) -> AcceptedAll:
    """Add all that a person accepted in a file of decisions (`Reading.write`) to its case, or to another one.

    All or nothing is written, and nothing twice; `write` off only says what would be. Raises FaultsError with all
    that is wrong, in the file and in what the case would become.
    """
    path, faults = Path(path), list[Fault]()
    document, rows = read_toml(path, faults, str(path)) or ({}, {})
    if faults:
        raise FaultsError(faults)
    folder = (
        case.folder if isinstance(case, Scenario) else Path(case or path.parent / str(document.get("scenario", "")))
    )
    report = path.parent / str(document.get("report") or "")
    if not os.path.isfile(report):  # noqa: PTH113, is_file raises for names too long
        raise FaultsError([fault("missing_file", (str(path), rows.get("report", 0), "report"), file=str(report))])
    day = _read_day(document.get("date"), (str(path), rows.get("date", 0), "date"))
    encoding, language = str(document.get("encoding") or "utf-8"), str(document.get("language") or "")
    reading = suggest(report, folder, day, encoding, language)
    said = show(str(document.get("hash") or ""))
    if said != show(reading.text.hash) and (said or document.get("keep_text") in ("yes", True)):
        where = (str(path), rows.get("hash", 0), "hash")  # only who has read a text can say that it is to be kept
        raise FaultsError([fault("report_changed", where, said=said, found=reading.text.hash)])
    read = (reading.text, reading.suggestion)
    return accept_all(folder, read, document, report, write, str(path), rows)


def _read_day(value: object, where: Where) -> date | None:
    if isinstance(value, date) or not value:
        return value if isinstance(value, date) else None
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise FaultsError([fault("bad_date", where, text=show(str(value)), allowed="a day", hint="")]) from None


def suggest(
    report: Path | str,
    case: Scenario | Path | str | None = None,
    day: date | None = None,
    encoding: str = "utf-8",
    language: str = "",
) -> Reading:
    """Propose quantities, dates, places, actors and statements of a report, offline; a person decides.

    `case` gives the places and actors to look for under all their names: a scenario, or its folder, of which only
    these two tables are read, so that its other tables may name claims yet to be accepted. `day` is the day of the
    report; else it is taken from the page's head, unless the weekdays of the text speak against that. `language` is
    the code of a language that is read (`en`, `fr`) or a folder with the data of another; else the text's commonest
    words tell it. Raises FaultsError for a text or a folder that cannot be read, UsageError if there is no such file,
    encoding or language.
    """
    path = Path(report)
    text = read_text(path, encoding)
    if case is None:
        return Reading(path, text, suggest_from(text, [], day, language), None, language, encoding)
    read = case if isinstance(case, Scenario) else read_draft(Path(case))
    if not read.settings:  # no scenario folder, or one that cannot be judged
        raise FaultsError(read.faults)
    return Reading(path, text, suggest_from(text, known_of(read), day, language), read.folder, language, encoding)
