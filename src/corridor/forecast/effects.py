"""How much each number moves the six sentences: one changed at a time, all else at its median, the same luck."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import count
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor.forecast.answer_numbers import AnswerNumber, measure_answers
from corridor.forecast.kept import identify, keep, read_kept
from corridor.results.in_memory import simulate_in_memory
from corridor.results.moments import choose_moment
from corridor.scenario.schema import load_fields
from corridor.scenario.values import Quantity
from corridor.scenario.variant import row_name
from corridor.simulate.compile import compile_model
from corridor.simulate.ensemble import Ensemble, prepare
from corridor.simulate.learnt import Learnt
from corridor.simulate.tables import DRAWN_EACH_TIME
from corridor.simulate.uncertain import name_uncertain

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Mapping
    from datetime import datetime

    from corridor.results.result import Result
    from corridor.scenario.draft import Row
    from corridor.scenario.scenario import Scenario
    from corridor.simulate.arrays import Floats
    from corridor.simulate.model import Model

LOW, HIGH = 0.05, 0.95  # points of a range between which a number is moved
SHARE = 0.2  # of a number without a claim and without a range, up and down
SCREENING, REFINED = 2, 12  # pairs of replicates for every number, and for the largest effects of these
LARGEST = 20  # numbers that get the full count of pairs
ENSEMBLE = 64  # replicates that tell the spread of each answer when there is no finished run
TOGETHER = 120  # replicates simulated in one batch
FILE = "effects.json"
# Tables whose numbers enter the simulation; those of the deal and of foods do not.
SIMULATED = (
    *("places", "roads", "checkpoints", "desks", "groups", "people", "fleets", "transport", "services", "fuel"),
    *("events", "parameters"),
    *("items", "needs", "stocks", "depots", "slots", "convoys", "clearances"),
    *("plants", "facilities"),
)


@dataclass(frozen=True)
class Change:
    """A number moved between two values, by the name `table/row/column`; `rebuilt` holds models made anew for them."""

    name: str
    low: float
    middle: float
    high: float
    rebuilt: tuple[Model, ...] = field(default=(), repr=False)


def measure_effects(
    scenario: Scenario,
    parameters: str | None = None,
    seed: int | None = None,
    run: Result | None = None,
    progress: Callable[[int, int], None] | None = None,
    moment: datetime | None = None,
) -> dict[str, Any]:
    """Return how far each uncertain or assumed number moves the answers, as a JSON-ready document.

    A range is moved from its 5 % to its 95 % point (of the fitted sample where it was fitted), the time of an
    event likewise; a number without range and claim by a fifth up and down; an event that may not happen from not
    happening to happening. The effect is the mean change over pairs of replicates with the same luck, as a share of
    the width of 9 in 10 chances in the ensemble (`run`, or a small one), for the number behind a sentence that it
    moves most; `error` is its standard error. Where that width is less than is worth a word, so is a smaller change.
    `moment` is the one the answers speak of (today if None). Every number gets two pairs, the twenty with the largest
    effects twelve. What two numbers do together is not seen.
    """
    chosen = scenario.choose_set(parameters)
    ensemble = (
        prepare(scenario, chosen, seed)
        if run is None
        else prepare(scenario, chosen, int(run.manifest["seed"]), run.rules)
    )
    whole = run or simulate_in_memory(scenario, ensemble, np.arange(ENSEMBLE))
    steps = measure_in_steps(scenario, ensemble, whole, moment or choose_moment(whole))
    while True:
        try:
            done, total = next(steps)
        except StopIteration as end:
            return dict(end.value)
        if progress is not None:
            progress(done, total)


def measure_in_steps(
    scenario: Scenario, ensemble: Ensemble, whole: Result, moment: datetime, together: int = TOGETHER
) -> Generator[tuple[int, int], None, dict[str, Any]]:
    """Measure effects as `measure_effects` does, batch by batch of at most so many replicates simulated `together`.

    Yields how many of about how many batches are done, so that other work can come between, and returns the document.
    """
    answers = measure_answers(whole, moment)
    spreads = {name: _spread(number) for name, number in answers.items()}
    still = {name for name, number in answers.items() if _measure_width(number) < number.least}
    design = Design(scenario, ensemble, [], moment)
    for change in find_changes(scenario, ensemble.model, ensemble.learnt):
        design.changes.append(change)
        if change.rebuilt:
            yield 0, _count_batches(len(design.changes), together)
    everything = range(len(design.changes))
    total, done = _count_batches(len(design.changes), together), count(1)
    for _ in design.simulate(everything, range(SCREENING), together):
        yield min(next(done), total), total
    first = [_describe(design.changes[c], design.differences(c), spreads, still) for c in everything]
    largest = sorted(everything, key=lambda c: -abs(first[c]["effect"]))[:LARGEST]
    for _ in design.simulate(sorted(largest), range(SCREENING, REFINED), together):
        yield min(next(done), total), total
    numbers = [_describe(design.changes[c], design.differences(c), spreads, still) for c in everything]
    return {
        "name": "effects",
        "title": "What moves the answers, one number at a time",
        "scenario_hash": scenario.hash,
        "parameters": ensemble.model.parameter_set,
        "seed": ensemble.seed,
        "moment": moment.isoformat(timespec="minutes"),
        "spreads": {name: spread for name, (_, spread) in spreads.items()},
        "numbers": sorted(numbers, key=lambda entry: (-abs(entry["effect"]), entry["name"])),
    }


def _count_batches(changes: int, together: int) -> int:
    """Return about how many batches are simulated."""
    return -(-changes * 2 * SCREENING // together) + -(-min(changes, LARGEST) * 2 * (REFINED - SCREENING) // together)


def read_effects(run: Result, moment: datetime) -> dict[str, Any] | None:
    """Return the effects on the answers at a moment kept in the folder of a finished run, or None."""
    return read_kept(run, FILE, {**identify(run), "moment": moment.isoformat(timespec="minutes")})


def effects_of_run(
    run: Result, progress: Callable[[int, int], None] | None = None, moment: datetime | None = None
) -> dict[str, Any]:
    """Return the effects of a finished run on the answers at a moment (today if None).

    Those kept in figures/effects.json, else measured and kept there.
    """
    when = moment or choose_moment(run)
    kept = read_effects(run, when)
    if kept is not None:
        return kept
    found = measure_effects(run.scenario, run.manifest["parameters"] or None, None, run, progress, when)
    return keep(run, FILE, found | identify(run))


def effects_by_number(scenario: Scenario, document: Mapping[str, Any]) -> dict[tuple[str, int, str], float]:
    """Return the size of each effect by file, row and column of the scenario as it is now."""
    sizes = {entry["name"]: abs(float(entry["effect"])) for entry in document["numbers"]}
    found: dict[tuple[str, int, str], float] = {}
    for name, row, column in _named_cells(scenario, str(document["parameters"])):
        keys = (name, f"events/{row_name(row)}/time") if column == "chance" else (name,)
        for key in keys:
            if key in sizes:
                cell = (row.file, row.line, column)
                found[cell] = max(found.get(cell, 0.0), sizes[key])
    return found


def list_changes(scenario: Scenario, model: Model, learnt: Learnt | None = None) -> list[Change]:
    """Return the numbers to move: every range, and every fixed number without a claim, of the model's set."""
    return list(find_changes(scenario, model, learnt))


def find_changes(scenario: Scenario, model: Model, learnt: Learnt | None = None) -> Iterator[Change]:
    """Go through the numbers to move; those for which models are made anew come last, one by one."""
    cells = {name: (row, column) for name, row, column in _named_cells(scenario, model.parameter_set)}
    unclaimed = {name for name, (row, _) in cells.items() if not row.values.get("claims")}
    sample = {} if learnt is None else learnt.take_values(model)
    for name, quantity in model.quantities.items():
        if name in sample:
            low, middle, high = _points(sample[name])
        elif not quantity.is_fixed:
            low, middle, high = float(quantity.take(LOW)), quantity.median, float(quantity.take(HIGH))
        elif name in unclaimed:
            low, middle, high = _fifth(quantity.middle, cells[name])
        else:
            continue
        if low < high:
            yield Change(name, low, middle, high)
    for event in model.events:  # the time of an event is a fraction of its range
        name = f"events/{event.id}/time"
        if name in sample:
            yield Change(name, *_points(sample[name]))
        elif not event.time.is_fixed:
            yield Change(name, LOW, 0.5, HIGH)
    rest = sorted(unclaimed - set(model.quantities))
    yield from (made for name in rest if (made := _rebuild(scenario, model, name, *cells[name])))


def _points(values: Floats) -> tuple[float, float, float]:
    low, middle, high = (float(q) for q in np.quantile(values, [LOW, 0.5, HIGH]))
    return low, middle, high


def _fifth(value: float, cell: tuple[Row, str]) -> tuple[float, float, float]:
    """Return a number less and plus a fifth, within the limits of its column."""
    row, column = cell
    fields = load_fields()
    limits = fields["parameter"][row["name"]] if row.table == "parameters" else fields[row.table][column]
    low, high = sorted((value * (1 - SHARE), value * (1 + SHARE)))
    if limits.low is not None:
        low = max(low, limits.low)
    if limits.high is not None:
        high = min(high, limits.high)
    return low, value, high


def _named_cells(scenario: Scenario, parameters: str) -> Iterator[tuple[str, Row, str]]:
    """Yield (name, row, column) of every number of the simulated tables that the user wrote, for one set."""
    for table in SIMULATED:
        for row in scenario.rows(table, parameters) if table in scenario.tables else ():
            for column, spec in load_fields()[table].items():
                value = row.values.get(column)
                if spec.type not in ("range", "number") or spec.unit == "degrees":
                    continue
                if isinstance(value, Quantity | float) and row.line:
                    key = row["name"] if table == "parameters" else f"{row_name(row)}/{column}"
                    yield f"{table}/{key}", row, column


def _rebuild(scenario: Scenario, model: Model, name: str, row: Row, column: str) -> Change | None:
    """Return the change of a number that is compiled and not drawn, with the two models; None if nothing can change."""
    value = row[column]
    ends: tuple[Quantity, Quantity] | tuple[float, float]
    if isinstance(value, Quantity) and column in DRAWN_EACH_TIME:  # luck and no number of a replicate: moved as a whole
        ends = value.scale(1 - SHARE), value.scale(1 + SHARE)
        low, middle, high = ends[0].median, value.median, ends[1].median
    elif isinstance(value, float) and f"{value:g}" != load_fields()[row.table][column].default:
        low, middle, high = (0.0, value, 1.0) if column == "chance" else _fifth(value, (row, column))
        ends = low, high
    else:
        return None
    if not low < high:
        return None
    models = []
    for end in ends:
        changed = replace(row, values={**row.values, column: end})
        rows = tuple(changed if other is row else other for other in scenario.tables[row.table])
        models.append(
            compile_model(replace(scenario, tables={**scenario.tables, row.table: rows}), model.parameter_set)
        )
    return Change(name, low, middle, high, tuple(models))


End = tuple[int, int, int]  # number of a change, its side (0 low, 1 high), pair


@dataclass
class Design:
    """The replicates of a one-at-a-time design that have been simulated, and what each gave."""

    scenario: Scenario
    ensemble: Ensemble
    changes: list[Change]
    moment: datetime
    values: dict[End, dict[str, float]] = field(default_factory=dict)

    def simulate(self, chosen: Iterable[int], pairs: Iterable[int], at_once: int = TOGETHER) -> Iterator[None]:
        """Simulate pairs of replicates for the chosen changes, a batch whenever the next is asked for."""
        ends = [(c, side, pair) for c in chosen for pair in pairs for side in (0, 1)]
        together = [end for end in ends if not self.changes[end[0]].rebuilt]
        for first in range(0, len(together), at_once):
            self._simulate_batch(self.ensemble, together[first : first + at_once])
            yield
        for c in sorted({end[0] for end in ends if self.changes[end[0]].rebuilt}):
            for side, model in enumerate(self.changes[c].rebuilt):
                self._simulate_batch(replace(self.ensemble, model=model), [end for end in ends if end[:2] == (c, side)])
                yield

    def _simulate_batch(self, ensemble: Ensemble, ends: list[End]) -> None:
        pairs = np.array([pair for _, _, pair in ends])
        learnt = set() if ensemble.learnt is None else set(name_uncertain(ensemble.model))  # stay as they were learnt
        given = {
            change.name: np.full(len(ends), np.nan if change.name in learnt else change.middle)
            for change in self.changes
            if not change.rebuilt
        }
        for position, (c, side, _) in enumerate(ends):
            if not self.changes[c].rebuilt:
                given[self.changes[c].name][position] = self.changes[c].high if side else self.changes[c].low
        answers = measure_answers(simulate_in_memory(self.scenario, ensemble, pairs, given), self.moment)
        for position, end in enumerate(ends):
            self.values[end] = {name: float(number.values[position]) for name, number in answers.items()}

    def differences(self, c: int) -> dict[str, Floats]:
        """Return the differences, high less low, of each number behind an answer for a change [pairs]."""
        pairs = sorted(pair for change, side, pair in self.values if change == c and side == 0)
        names = self.values[c, 0, pairs[0]]
        return {
            name: np.array([self.values[c, 1, p][name] - self.values[c, 0, p][name] for p in pairs]) for name in names
        }


def _spread(number: AnswerNumber) -> tuple[str, float]:
    """Return the sentence of a number and the width of its 9 in 10 chances, at least what is worth a word."""
    return number.sentence, max(_measure_width(number), number.least)


def _measure_width(number: AnswerNumber) -> float:
    values = number.values[np.isfinite(number.values)]
    low, high = np.quantile(values, [LOW, HIGH]) if len(values) else (0.0, 0.0)
    return float(high - low)


def _describe(
    change: Change, differences: Mapping[str, Floats], spreads: Mapping[str, tuple[str, float]], still: Collection[str]
) -> dict[str, Any]:
    """Return the effects of a change; one on a number that stands `still` counts if it is itself worth a word."""
    effects: dict[str, tuple[float, float, str]] = {}  # sentence -> effect, error, number behind it
    for name, values in differences.items():
        sentence, spread = spreads[name]
        known = values[np.isfinite(values)]
        effect = float(known.mean()) / spread if len(known) else 0.0
        error = float(known.std(ddof=1)) / np.sqrt(len(known)) / spread if len(known) > 1 else 0.0
        if name in still and abs(effect) < 1.0:
            effect, error = 0.0, 0.0
        if sentence not in effects or abs(effect) > abs(effects[sentence][0]):
            effects[sentence] = (effect, float(error), name)
    most = max(effects, key=lambda sentence: abs(effects[sentence][0]))
    effect, error, moved = effects[most]
    return {
        "name": change.name,
        "low": change.low,
        "middle": change.middle,
        "high": change.high,
        "effect": round(effect, 4),
        "error": round(error, 4),
        "moves": moved,
        "sentence": most,
        "sentences": {sentence: round(found[0], 4) for sentence, found in effects.items()},
        "pairs": max(len(values) for values in differences.values()),
    }
