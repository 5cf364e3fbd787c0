"""Folders of Flee: read one, check one, run one on counts of people, make a scenario of one, compare with Flee."""

from __future__ import annotations

from dataclasses import replace as replace_fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corridor.flee.check import check_folder
from corridor.flee.compare import Comparison, compare_case, draw_comparison, find_cases
from corridor.flee.compile import compile_folder
from corridor.flee.convert import write_scenario
from corridor.flee.origins import Origins, follow_origins
from corridor.flee.out_files import write_out
from corridor.flee.read import load_folder, read_folder
from corridor.flee.rules import FleeRules
from corridor.flee.run import FleeRun, find_stops, run_model
from corridor.flee.store import keep_run
from corridor.flee.sweep import FleeSweep, Trying, sweep_settings
from corridor.flee.tables import FleeFolder
from corridor.results.crew import hire
from corridor.scenario.faults import Fault, FaultsError
from corridor.scenario.writing import require_free
from corridor.simulate.behaviour import require_portable

if TYPE_CHECKING:
    from collections.abc import Callable


def read_flee(
    folder: Path | str, settings: Path | str | None = None, days: int | None = None, strict: bool = False
) -> FleeFolder:
    """Return a folder of Flee, read and checked, its warnings in `.warnings`.

    `folder` holds input_csv, source_data and simsetting.yml; `settings` names another settings file; `days` is the
    length instead of that in sim_period.csv. `strict` refuses also what stops Flee and makes sense all the same
    (faults of the severity "stops", else among the warnings).

    Raises UsageError without such a folder, FaultsError with every fault where it cannot be run.
    """
    return read_folder(folder, settings, days, strict)


def check_flee(folder: Path | str, settings: Path | str | None = None) -> list[Fault]:
    """Return all faults of a folder of Flee, sorted, also those that Flee passes over in silence (warnings).

    The severity "stops" is of what stops Flee and makes sense all the same: the fault says what Corridor does.

    Raises UsageError without such a folder, FaultsError where it has no places at all.
    """
    read, faults = load_folder(folder, settings)
    faults = sorted(set(faults + check_folder(read)))
    if not any(fault.severity == "error" for fault in faults):
        try:
            faults += find_stops(compile_folder(read))
        except FaultsError as error:
            faults += error.faults
    return faults


def run_flee(
    folder: FleeFolder,
    replicates: int = 100,
    seed: int | tuple[int, ...] = 1,
    workers: int = 1,
    save: Path | str | None = None,
    repaired: bool = False,
    recent_steps: int | None = None,
    progress: Callable[[int], None] | None = None,
    strict: bool = False,
    rules: FleeRules | None = None,
    cluster: Any = None,
) -> FleeRun:
    """Run a folder by Flee's daily rules and return people at each place [replicate, day, place] and on the roads.

    The same seed gives the same bytes whatever the number of `workers` (threads). A tuple of seeds gives one run for
    each, with which it is the first run of that seed; `replicates` is then how many there are. `save` keeps the run in
    a folder, as a result that can be scored, compared and exported, or takes up what is there. `repaired` switches on
    what Flee documents but does not do; `recent_steps` is how finely recent distance is kept, in steps for a full day
    (12, or 512 in a folder of up to 16 places, if not given).
    `cluster` is who does the work in place of threads, as in `run`, and changes no byte.
    `progress` is called with the number of each replicate as it is done. What stops Flee on the way stands among the
    run's notices; `strict` refuses it.

    Raises FaultsError where people are due and no place can send them, UsageError where `save` holds something else,
    InterruptedRunError where it cannot be written.
    """
    replicates = replicates if isinstance(seed, int) else len(seed)
    model = replace_fields(compile_folder(folder, repaired, recent_steps), rules=rules)
    if stops := [] if repaired else find_stops(model):
        if strict:
            raise FaultsError(stops)
        model.notices.extend(found.describe() for found in stops)
    if cluster is not None and rules is not None:
        require_portable(rules.given)
    if save is None:
        return run_model(model, replicates, seed, workers, progress, cluster)
    return keep_run(folder, model, Path(save), replicates, seed, workers, progress, cluster)


def write_flee_out(
    folder: FleeFolder,
    out: Path | str,
    replicates: int = 1,
    seed: int | tuple[int, ...] = 1,
    repaired: bool = False,
    rules: FleeRules | None = None,
    replace: bool = False,
) -> list[Path]:
    """Write runs as Flee writes them, out.csv and links.out.0, and return the files.

    The numbers are those of `run_flee` with the same seed. One run stands in `out`, several in RUNS/CASE_1 and so on,
    as FabFlee keeps repeats. Raises UsageError for a file that exists and was not asked to be replaced.
    """
    model = replace_fields(compile_folder(folder, repaired), rules=rules)
    return write_out(model, Path(out), replicates if isinstance(seed, int) else len(seed), seed, replace)


def trace_origins(
    folder: FleeFolder, replicates: int = 20, seed: int = 1, every: int = 30, repaired: bool = False
) -> Origins:
    """Run a folder with people told apart by where they began; return who came from where, and days outside camps.

    `every` is how many days lie between two days looked at; the last day is looked at too. The law is that of
    `run_flee`, the draws are others. Raises UsageError and FaultsError as `run_flee` does.
    """
    return follow_origins(compile_folder(folder, repaired, by_origin=True), replicates, seed, every)


def sweep_flee(
    folder: FleeFolder,
    table: Path | str,
    method: str = "morris",
    samples: int = 8,
    replicates: int = 5,
    seed: int = 1,
    measure: str = "error_rescaled",
    workers: int = 1,
    progress: Callable[[int, int], None] | None = None,
    cluster: Any = None,
) -> FleeSweep:
    """Say how much settings matter for a measure of the run.

    `table` is a CSV file with the columns setting, low, high, over which Morris' or Sobol's method of SALib (the extra
    `sensitivity`) chooses the runs; or one whose columns are settings and whose rows are runs, which needs no library.
    All runs share their luck. `workers` are processes and `cluster` is as in `run`; they change no number. `progress`
    hears how many sets of settings have been run, of how many. Raises UsageError for an unknown setting, method or
    measure and without the library.
    """
    trying = Trying(folder, replicates, seed, measure)
    with hire(workers, cluster) as crew:
        told = progress or (lambda done, total: None)
        return sweep_settings(trying, Path(table), (method, samples), crew, told)


def import_flee(folder: FleeFolder, new: Path | str) -> list[str]:
    """Write a scenario folder from a folder of Flee and return its files.

    The scenario runs by Corridor's rules, not Flee's: all people of the period are there from the start and leave as
    its shares say. Raises UsageError where `new` exists and is not empty.
    """
    return write_scenario(folder, Path(new))


def compare_flee(
    data: Path | str,
    replicates: int = 200,
    seed: int = 1,
    workers: int = 1,
    pictures: Path | str | None = None,
    tell: Callable[[str], None] | None = None,
    replace: bool = False,
) -> list[Comparison]:
    """Run cases that hold a table of Flee's own runs (flee-runs.csv) and return both sides' people in camps.

    `data` is one such case or a folder of them; `pictures` names a folder for a picture of each; `tell` is called
    with each case's name before it runs. Raises UsageError where there is no case, and for a picture that exists and
    was not asked to be replaced (`replace`).
    """
    comparisons = []
    cases = find_cases(Path(data))
    drawn = {} if pictures is None else {case: Path(pictures) / f"{case.name}.png" for case in cases}
    for picture in drawn.values():
        require_free(picture, replace)
    for case in cases:
        if tell is not None:
            tell(case.name)
        comparisons.append(compare_case(case, replicates, seed, workers))
        if case in drawn:
            draw_comparison(comparisons[-1], drawn[case], replace)
    return comparisons
