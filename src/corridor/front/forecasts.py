"""A forecast as of a moment: what was published by then is learnt from, nothing later is read; then it is run on."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from corridor.forecast.board import AsOf
from corridor.forecast.cloud import Cloud, move_to
from corridor.forecast.describe import describe_learning, note_learning, say_of_counts, tell_ahead
from corridor.forecast.filter import Effort, Move, make_learnt
from corridor.forecast.islands import move_apart
from corridor.forecast.known import find_unknown, name_learnt, write_known
from corridor.forecast.resume import ask_as_saved, describe_update, learn_on
from corridor.forecast.saved import load_state, save_state
from corridor.forecast.sealed import describe_forecast, seal_forecast
from corridor.front.runs import Run
from corridor.front.runs import run as run_case
from corridor.results.counts import Compared
from corridor.results.crew import hire
from corridor.results.drawn import draw_leaving
from corridor.results.learning import keep_learning
from corridor.results.result import Values
from corridor.scenario.chain import Record
from corridor.scenario.content import hash_state
from corridor.scenario.counts import known_counts
from corridor.scenario.faults import UsageError
from corridor.scenario.remote import is_remote
from corridor.scenario.scenario import Scenario, read_scenario
from corridor.scenario.values import parse_day_or_time
from corridor.scenario.writing import working_beside, write_file
from corridor.simulate.behaviour import Behaviour, require_portable
from corridor.simulate.ensemble import prepare
from corridor.simulate.learnt import write_learnt

Progress = Callable[[str, int, int], None]  # what is done, how much of it, and of how much
REPLICATES = 300


class _Folder:
    """A folder that is removed once nobody holds it any more."""

    def __init__(self) -> None:
        self.path = Path(tempfile.mkdtemp(prefix="corridor-"))
        weakref.finalize(self, shutil.rmtree, self.path, ignore_errors=True)


@dataclass(frozen=True)
class Forecast:
    """What was learnt from the counts known at a moment, and the run that goes on from there.

    `case` is the case as it was known then. `run` is an ordinary run: its first part passes through courses that agree
    with the counts, with the people, queues, stocks and trucks that they lead to; what follows is forecast.
    """

    case: Scenario
    as_of: datetime
    cloud: Cloud
    learnt: str  # text of the file that a parameter set names as `draws`
    document: dict[str, Any]
    run: Run
    leaving: Values  # [R] people who will have left in the end by the model's own prior, before any count
    _folder: _Folder | None = field(default=None, repr=False)  # kept while it may be read

    def __getitem__(self, name: str | tuple[str, ...]) -> Any:
        """Return a series of the run. Raises UsageError when it is not recorded."""
        return self.run[name]

    def expect_counts(self) -> tuple[Compared, ...]:
        """Return the later counts of the case with what the forecast says of them: the run's, and the model's error."""
        return say_of_counts(self.run.result, self.cloud, self.as_of)

    def as_of_counts(self) -> AsOf:
        """Return what is scored: the counts known then, and the later ones with what the forecast says of them."""
        known = known_counts(self.case, self.run.manifest["parameters"], self.as_of)
        return AsOf(self.as_of, known, self.expect_counts(), self.leaving)

    def seal(self, ledger: Path | str) -> Record:
        """Write the forecast to a sealed ledger; `score_ledger` scores it as counts come true.

        Raises UsageError when the ledger cannot be written, FaultsError when its chain is broken.
        """
        known, method = self.as_of_counts().known, f"particle filter, {self.cloud.number} particles"
        result = self.run.result
        described = describe_forecast(result, self.as_of, known, self.leaving, method, None, self.cloud.seed)
        return seal_forecast(Path(ledger), described, datetime.now(UTC))

    def save_learnt(self, path: Path | str, replace: bool = False) -> None:
        """Write what was learnt to a file that a parameter set names as `draws`.

        Raises UsageError when it cannot be written, or exists, unless `replace` says to write over it.
        """
        write_file(Path(path), self.learnt, replace)

    def _repr_html_(self) -> str:
        return self.run._repr_html_()


def forecast(
    case: Scenario,
    as_of: datetime | str | None = None,
    save: Path | str | None = None,
    parameters: str | None = None,
    replicates: int = REPLICATES,
    effort: Effort | None = None,
    behaviour: Behaviour | None = None,
    progress: Progress | None = None,
    update: Path | str | None = None,
    workers: int = 1,
    cluster: Any = None,
) -> Forecast:
    """Learn from the counts of a case that were published by a moment, and run it to its end from there.

    `as_of` is a day (its end) or a time, fitted_until of the parameter set if none is given. Counts and events of
    which nobody had told by then are never read. `save` keeps the run in a folder, where an unfinished one is taken
    up, and beside it the particles; `effort` says with how many particles and with which seed. `progress` hears
    "moments" learnt and "replicates" run.

    `update` is the folder of an earlier forecast: only what became known since is read, by default up to the newest
    count. If something it has read no longer stands, all is learnt anew, and the document says why ("update").

    Raises UsageError for a moment outside the period or none, for a case that is a variant, and for a folder without
    particles; FaultsError when these are damaged or of another run.
    """
    saved = None if update is None else load_state(Path(update))
    if saved is not None:
        as_of, parameters, effort = ask_as_saved(saved, case, as_of, parameters, effort)
    asked, moment = ask_moment(case, as_of, parameters)
    effort, told = effort or Effort(), progress or (lambda what, done, total: None)
    folder = _Folder()
    where = folder.path
    unknown, hindsight = find_unknown(case, moment, asked)
    chosen = write_known(case, () if effort.all_events else unknown, moment, asked, where)
    known = read_scenario(where)
    ensemble = prepare(known, chosen, effort.seed, behaviour)
    keep = None if save is None else asked
    with ExitStack() as held:
        move: Move = move_to
        if save is not None and (workers > 1 or cluster is not None) and not is_remote(Path(save)):
            require_portable(ensemble.behaviour.changed)
            crew = held.enter_context(hire(workers, cluster))
            move = partial(move_apart, crew, held.enter_context(working_beside(Path(save))))
            cluster = getattr(crew, "client", None)  # one that was begun serves the run too
        learning = learn_on(saved, known, ensemble, moment, effort, partial(told, "moments"), keep, move)
        cloud = learning.cloud
        state = hash_state(known.settings, known.tables, chosen, moment)
        text = write_learnt(
            make_learnt(cloud, state), ensemble.model.clock.step_hours, note_learning(cloud, moment, chosen)
        )
        name_learnt(where, chosen, text)
        known = read_scenario(where)
        found = run_case(
            known,
            save,
            chosen,
            replicates,
            effort.seed,
            workers,
            behaviour,
            lambda done: told("replicates", done, replicates),
            cluster=cluster if save is not None else None,
        )
    document = describe_learning(cloud, moment, unknown, hindsight, effort.all_events)
    document["ahead"] = tell_ahead(found.result, moment)
    document["update"] = None if saved is None else describe_update(saved, cloud, Path(update or ""), learning.why)
    keep_learning(found.result, document)
    if save is not None:
        save_state(Path(save), found.manifest, learning.packed)
    leaving = draw_leaving(ensemble, replicates)
    return Forecast(known, moment, cloud, text, document, found, leaving, folder)


def ask_moment(case: Scenario, as_of: datetime | str | None, parameters: str | None) -> tuple[str, datetime]:
    """Return the parameter set and the moment asked for."""
    chosen = case.choose_set(parameters)
    as_of = case.sets.get(chosen, {}).get("fitted_until") if as_of is None else as_of
    if as_of is None:
        message = f"say as of when to forecast: as_of, or fitted_until of set {chosen or '-'} in scenario.toml"
        raise UsageError(message)
    try:
        text = as_of if isinstance(as_of, str) else as_of.isoformat()
        moment = parse_day_or_time(text, ZoneInfo(str(case.settings["time_zone"])))
    except ValueError as error:
        message = f'"{as_of}" is no day and no time such as 2023-09-26T20:00'
        raise UsageError(message) from error
    if not case.start < moment < case.end:
        message = f"{moment:%Y-%m-%d %H:%M} is outside the period of the case, {case.start} to {case.end}"
        raise UsageError(message)
    if case.variant_name:
        message = f'"{case.variant_name}" is a variant: forecast the case, then run the variant of the forecast\'s case'
        raise UsageError(message)
    return chosen, moment
