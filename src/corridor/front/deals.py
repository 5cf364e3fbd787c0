"""Negotiations: where a settlement would land, who moves it, whether it could hold; forecasts sealed and scored."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corridor.deal.answer import answer_deal
from corridor.deal.ledger import score_ledger, seal_forecasts, summarise_scores
from corridor.deal.outcomes import read_outcomes
from corridor.deal.parties import Deal, Issue
from corridor.deal.read import take_course, take_deal
from corridor.deal.rounds import NO_COURSE, Course
from corridor.deal.rounds_told import write_day
from corridor.deal.what_if import read_what_if
from corridor.deal.words import write_answer
from corridor.scenario.chain import read_records
from corridor.scenario.draft import suggest
from corridor.scenario.faults import UsageError
from corridor.scenario.table import write_html_table
from corridor.scenario.writing import require_free, write_file
from corridor.words.language import ENGLISH, Language, choose_language

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from corridor.scenario.scenario import Scenario


@dataclass(frozen=True)
class DealAnswer:
    """The answer about a negotiation: `answer["amnesty"]` for one issue, `print(answer)` for all in words.

    `document` is the whole as JSON-ready data, distances in points of 100. `negotiation` are the inputs and
    `issues` the ones that were asked for.
    """

    document: Mapping[str, Any]
    negotiation: Deal
    issues: tuple[Issue, ...]
    language: Language = ENGLISH
    course: Course = NO_COURSE
    about: Mapping[str, Any] = field(default_factory=dict)

    def __getitem__(self, issue: str) -> dict[str, Any]:
        """Return the answer about one issue: where, who, whether, what_if. Raises UsageError for another name."""
        (found,) = _choose(self.issues, [issue])
        return next(part for part in self.document["issues"] if part["issue"] == found.id)

    def __iter__(self) -> Iterator[str]:
        """Iterate over the ids of the issues."""
        return (issue.id for issue in self.issues)

    def __len__(self) -> int:
        """Return the number of issues."""
        return len(self.issues)

    def __str__(self) -> str:
        """Return the answer in words, with the scenario's disclaimer."""
        return f"{write_answer(dict(self.document))}\n\n{self.document['disclaimer']}"

    def _repr_html_(self) -> str:
        rows = []
        for part in self.document["issues"]:
            where, low_high = part["where"], part["where"]["interval_80"]
            centre = where["verdict"] if where["too_far_apart"] else f"{where['centre']:.0f}"
            band = f"{low_high[0]:.0f} to {low_high[1]:.0f}"
            rows.append((part["title"], centre, band, part["who"][0]["name"], part["whether"]["range"]["verdict"]))
        head = ("issue", "would land at", "four chances in five", "most leverage", "bargaining range")
        return write_html_table(f"A settlement in {self.document['scenario']}, given that one is reached", head, rows)

    def what_if(self, *changes: str) -> DealAnswer:
        """Return the answer with what each change would do, and all of them together.

        A change reads `[ISSUE:]ACTOR.FIELD=VALUE`, such as "north.position=40"; FIELD is position, salience,
        capability, no_deal or veto. Of the commitment screen it reads `ISSUE.FIELD=VALUE` with power_now, power_after,
        fighting_cost, patience or guarantee. Raises UsageError for one that cannot be read or leaves nobody with
        weight.
        """
        read = [read_what_if(text, self.negotiation) for text in changes]
        document = {**self.document, **answer_deal(self.negotiation, self.issues, read, self.language, self.course)}
        return replace(self, document=document)

    def paper(self, out: Path | str, replace: bool = False) -> Path:
        """Write the negotiation for paper: one file of HTML that prints on two sheets of A4, a picture an issue.

        It has the parties' names, what can be decided, who must be moved, the newest proposals and what cannot be said.
        Raises UsageError when the file exists and was not asked to be replaced, or cannot be written.
        """
        from corridor.front.deal_papers import write_deal_paper

        path = Path(out)
        require_free(path, replace)
        write_file(path, write_deal_paper(self, self.about))
        return path

    def seal(self, ledger: Path | str, supplied_by: str = "", outcome_known: str = "unknown") -> dict[str, object]:
        """Append the forecasts to a ledger, made if absent, and return the record with its hash.

        `supplied_by` says who gave the inputs, `outcome_known` (no, yes or unknown) whether they could know the
        outcome. Raises FaultsError when the ledger was changed, UsageError when it cannot be written.
        """
        moment = datetime.now(UTC)
        return seal_forecasts(Path(ledger), self.negotiation, self.issues, moment, supplied_by, outcome_known)

    def verify(self, ledger: Path | str) -> dict[str, Any]:
        """Check a ledger's chain; return its records, last hash and when these inputs were sealed in it.

        Raises FaultsError at the first broken link, UsageError when there is no ledger.
        """
        records = read_records(Path(ledger))
        own = self.negotiation.fingerprint()
        return {
            "records": len(records),
            "last_sha256": records[-1]["sha256"] if records else None,
            "these_inputs_sealed_at": [record["sealed_at"] for record in records if record.get("input_sha256") == own],
        }

    def score(self, ledger: Path | str, outcomes: Path | str) -> dict[str, Any]:
        """Score the forecasts sealed in a ledger against a CSV file with the columns issue and outcome.

        Returns every scored forecast and a summary by whether the outcome was known when it was sealed. Raises
        FaultsError for a broken ledger or table of outcomes, UsageError when there is no ledger.
        """
        settled = read_outcomes(Path(outcomes), [issue.id for issue in self.negotiation.issues])
        scored = score_ledger(read_records(Path(ledger)), settled)
        groups = {known: [s for s in scored if s.outcome_known == known] for known in ("no", "unknown", "yes")}
        return {
            "forecasts": [asdict(s) for s in scored],
            "summary": {f"outcome_known_{known}": summarise_scores(group) for known, group in groups.items()},
        }


def deal(
    case: Scenario,
    issues: Sequence[str] = (),
    what_if: Sequence[str] = (),
    parameters: str | None = None,
    language: str = "en",
    as_of: datetime | str | None = None,
) -> DealAnswer:
    """Return where a settlement of each issue would land, who moves it, and whether it could hold.

    `issues` are the ids asked for, all if none is named; `what_if` are changes to try (see
    `DealAnswer.what_if`); `parameters` names the parameter set, else it is the scenario's default. What is decided is
    said in `language`, by code or name. `as_of` is a day or moment (local time): where positions have dates, those that
    held then count, the newest if it is not given. The answer is never a chance of peace. Raises UsageError without
    such a set, issue, language or negotiation, FaultsError when the negotiation is not sound, ValueError for a text
    that is no time.
    """
    chosen, spoken = case.choose_set(parameters), choose_language(language)
    until = case.read_moment(as_of) if as_of else None
    negotiation, course = take_deal(case, chosen, until), take_course(case, chosen, until)
    asked = _choose(negotiation.issues, issues) if issues else negotiation.issues
    document = {
        "scenario": case.settings["id"],
        "variant": case.variant_name,
        "parameters": chosen,
        "as_of": write_day(until) if until else None,
        **answer_deal(negotiation, asked, (), spoken, course),
        "disclaimer": case.settings["disclaimer"],
    }
    about = {name: str(case.settings[name]) for name in ("title", "sensitivity", "disclaimer")}
    about["data_date"] = case.settings["data_date"].date().isoformat()
    others = {row["id"]: row["other_names"] for row in case.rows("actors", chosen)}
    answer = DealAnswer(document, negotiation, asked, spoken, course, {**about, "other_names": others})
    return answer.what_if(*what_if) if what_if else answer


def _choose(issues: Sequence[Issue], names: Sequence[str]) -> tuple[Issue, ...]:
    known = [issue.id for issue in issues]
    for name in names:
        if name not in known:
            message = f"there is no issue {name!r}{suggest(name, known)} (issues: {', '.join(known)})"
            raise UsageError(message)
    return tuple(issue for issue in issues if issue.id in names)
