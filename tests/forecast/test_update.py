"""A forecast that is taken up when more counts come: the same as going on, or a word on why it begins anew."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import corridor as co
from command import call
from corridor.forecast.basis import READ, describe_basis
from corridor.forecast.cloud import Cloud, begin_cloud
from corridor.forecast.filter import Effort, choose_counts, even_out, go_on
from corridor.forecast.known import find_unknown, write_known
from corridor.forecast.resume import learn_more
from corridor.forecast.saved import ABOUT, Saved, load_state, pack, trace
from corridor.scenario.faults import FaultsError, UsageError
from corridor.scenario.scenario import Scenario, read_scenario
from corridor.simulate.cloning import SHARED, _look_into, find_arrays
from corridor.simulate.ensemble import Ensemble, prepare
from corridor.simulate.learnt import make_picks
from corridor.simulate.queues import BEGUN
from hostile.cases import write_small

FIRST, SECOND = datetime(2025, 3, 5), datetime(2025, 3, 5, 18)
COUNTS = (
    "2025-03-04T20:00,arrivals,,3000,stated,,2025-03-05T12:30",  # published late
    "2025-03-05T08:00,arrivals,,5400,stated,,2025-03-05T09:30",
    "2025-03-05T12:00,registered,,4800,stated,,2025-03-05T14:00",
)
TOLD = "c9,s1,Duty officer,official,2025-03-05T10:00,,,,,,asserts,3,Told in the morning,scores"
PARTICLES, REPLICATES = 100, 20


def write_case(folder: Path) -> Path:
    """Write the template with counts that come in, so short that it is soon run."""
    write_small(folder)
    append(folder / "observations" / "arrivals.csv", *COUNTS)
    settings = folder / "scenario.toml"
    settings.write_text(settings.read_text().replace('end = "2025-03-08', 'end = "2025-03-06'))
    return folder


def append(path: Path, *lines: str) -> None:
    path.write_text("\n".join([path.read_text().rstrip("\n"), *lines]) + "\n")


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a case and the run of a forecast as of FIRST, which nobody changes."""
    place = tmp_path_factory.mktemp("first")
    co.forecast(co.read(write_case(place / "case")), FIRST, place / "run", None, REPLICATES, Effort(PARTICLES))
    return place


@pytest.fixture
def place(first: Path, tmp_path: Path) -> Path:
    """Return a copy of it to be changed."""
    shutil.copytree(first, tmp_path / "place")
    return tmp_path / "place"


def update(place: Path, as_of: datetime | str | None = SECOND, save: Path | None = None) -> co.Forecast:
    return co.forecast(co.read(place / "case"), as_of, save, None, REPLICATES, update=place / "run")


def know(case: Scenario, as_of: datetime, parameters: str, folder: Path) -> tuple[Scenario, Ensemble]:
    """Return a case as it was known at a moment, compiled."""
    chosen = write_known(case, find_unknown(case, as_of, parameters)[0], as_of, parameters, folder)
    known = read_scenario(folder)
    return known, prepare(known, chosen)


def take_both(case: Scenario, parameters: str, tmp_path: Path, moments: tuple[datetime, datetime], number: int) -> Any:
    """Return particles that went on in memory, and those that were saved on the way and taken up."""
    known, ensemble = know(case, moments[0], parameters, tmp_path / "1")
    later, newer = know(case, moments[1], parameters, tmp_path / "2")
    before, now = choose_counts(known, ensemble, moments[0])[0], choose_counts(later, newer, moments[1])[0]
    cloud = begin_cloud(newer, [count for count, _ in now], number)
    go_on(cloud, before, moments[0])
    pressed = pack(cloud, describe_basis(known, ensemble, Effort(number)))
    saved = Saved(json.loads(pressed[ABOUT].tobytes()), pressed)
    go_on(cloud, [entry for entry in now if entry not in before], moments[1])
    even_out(cloud)
    return cloud, learn_more(saved, later, newer, moments[1])


def require_same(one: Cloud, other: Cloud) -> None:
    assert (one.moment, one.steps, one.errors, one.names) == (other.moment, other.steps, other.errors, other.names)
    for name in ("scores", "tracked", "logs", "origins"):
        assert getattr(one, name).tobytes() == getattr(other, name).tobytes(), name
    assert np.array_equal(one.parents, other.parents)
    assert [str(stage) for stage in one.stages] == [str(stage) for stage in other.stages]
    assert one.gaps.last.keys() == other.gaps.last.keys()
    for where, (hour, gap) in one.gaps.last.items():
        assert (hour, gap.tobytes()) == (other.gaps.last[where][0], other.gaps.last[where][1].tobytes())
    for step in range(0, one.state.model.clock.steps, 5):
        assert one.state.luck.at(step).tobytes() == other.state.luck.at(step).tobytes()
    mine, theirs = (dict(find_arrays(cloud.state)) for cloud in (one, other))
    assert mine.keys() == theirs.keys()
    for name, values in mine.items():
        assert find_used(one, name, values) == find_used(other, name, theirs[name]), name


def find_used(cloud: Cloud, name: str, values: np.ndarray) -> bytes:
    """Return the bytes of an array, of the memory of queues those in use."""
    if name not in ("queues.lines.cohorts", "queues.lines.cells"):
        return values.tobytes()
    used = values[:, : int(cloud.state.queues.lines.pool[:, BEGUN].max())].copy()
    if name.endswith("cells"):
        used[(used["vehicles"] == 0) & (used["people"] == 0)] = 0
    return used.tobytes()


@pytest.mark.slow
def test_what_was_not_counted_before_gets_an_error_of_the_model_when_it_first_is(place, tmp_path):
    one, other = take_both(co.read(place / "case"), "", tmp_path, (FIRST, SECOND), PARTICLES)
    assert one.moment == other.moment == 114
    assert set(one.errors) == set(other.errors) == {"error/arrivals", "error/registered"}
    assert [len(stage.readings) for stage in one.stages] == [len(stage.readings) for stage in other.stages]
    assert np.isfinite(other.error_scores).all()


@pytest.mark.slow
@pytest.mark.parametrize("hours", [(30, 60), (80, 84), (96, 114)])
def test_taken_up_particles_are_the_same_bytes(place, tmp_path, hours):
    text = (place / "case" / "observations" / "arrivals.csv").read_text().replace(",registered,", ",arrivals,")
    (place / "case" / "observations" / "arrivals.csv").write_text(text)
    case = co.read(place / "case")
    moments = tuple(case.start + timedelta(hours=hour) for hour in hours)
    require_same(*take_both(case, "", tmp_path, moments, PARTICLES))


def test_nothing_of_a_state_is_left_out(worked_case):
    """What is no array, shared or found out again is saved by name: the day of permissions."""

    def walk(thing: Any, name: str) -> list[str]:
        if isinstance(thing, np.ndarray) or thing is None:
            return []
        parts = [(part, inner) for part, inner in _look_into(thing) if part not in SHARED]
        return [one for part, inner in parts for one in walk(inner, part)] if parts else [name]

    cloud = begin_cloud(prepare(co.read(worked_case), "replay"), [], 2)
    assert walk(cloud.state, "") == ["today"]


def test_the_program_is_known_by_every_source_that_decides_what_particles_are():
    room = Path(co.__file__).parent
    left, seen = {"forecast/filter.py"}, set()
    while left:
        seen.add(path := left.pop())
        names = re.findall(r"^from corridor\.(\w+)\.(\w+) import", (room / path).read_text(), re.MULTILINE)
        left |= {f"{one}/{other}.py" for one, other in names if one == "forecast"} - seen
    assert seen <= set(READ)


@pytest.mark.slow
def test_an_update_reads_what_became_known_since_and_its_run_passes_through_the_same_courses(place, tmp_path):
    found = update(place, None, tmp_path / "second")
    assert found.as_of == datetime(2025, 3, 5, 14)
    assert found.document["update"] == {
        "of": str(place / "run"), "as_of": "2025-03-05T00:00:00", "counts": 3, "begun_anew": "",
    }  # fmt: skip
    require_replayed(found)
    third = co.forecast(co.read(place / "case"), SECOND, None, None, REPLICATES, update=tmp_path / "second")
    assert third.document["update"]["counts"] == 0
    require_replayed(third)


@pytest.mark.slow
def test_a_count_published_late_is_read_where_the_particles_stand(tmp_path):
    """Also where they have just read another: two stages at one moment, which a run goes through as well."""
    case = write_case(tmp_path / "case") / "observations" / "arrivals.csv"
    lines = [line for line in case.read_text().splitlines() if line not in COUNTS]
    late = "2025-03-05T02:00,arrivals,,2500,stated,,2025-03-05T09:00"
    case.write_text("\n".join([*lines, "2025-03-05T08:00,arrivals,,5400,stated,,2025-03-05T08:00", late]) + "\n")
    moment = datetime(2025, 3, 5, 8)
    first = co.forecast(co.read(tmp_path / "case"), moment, tmp_path / "run", None, 5, Effort(PARTICLES))
    found = update(tmp_path, datetime(2025, 3, 5, 9))
    assert found.document["update"]["counts"] == 1
    assert first.cloud.steps[-1] == found.cloud.steps[-2] == found.cloud.steps[-3] == 4 * 104
    hour, _ = next(iter(found.cloud.gaps.last.values()))
    assert hour == 104, "the gap of the later hour is the one that says what comes"
    require_replayed(found)


def require_replayed(found: co.Forecast) -> None:
    """Require that the run shows what its particles recorded, up to the last moment learnt."""
    cloud = found.cloud
    picks = make_picks(cloud.seed, len(cloud.steps), cloud.number, np.arange(REPLICATES))
    for i, column in enumerate(cloud.columns):
        said = found.run.result.take(column.series, *column.labels)[:, : cloud.moment + 1]
        assert (np.rint(said) == cloud.tracked[: cloud.moment + 1, picks, i].T).all(), column
    assert np.array_equal(trace(cloud.parents, cloud.number)[0], cloud.origins)


@pytest.mark.slow
def test_an_update_says_what_a_cold_start_says(place, tmp_path):
    """Of so many particles that the few families of a hundred do not decide it."""
    case = co.read(place / "case")
    co.forecast(case, FIRST, tmp_path / "first", None, 200, Effort(500))
    warm = co.forecast(case, SECOND, None, None, 200, update=tmp_path / "first")
    cold = co.forecast(case, SECOND, None, None, 200, Effort(500))
    end = case.end
    for series in ("arrivals", "registered"):
        for one, other in ((warm, cold), (cold, warm)):
            low, high = np.quantile(one.run.result.at(series, end), [0.05, 0.95])
            assert low <= np.median(other.run.result.at(series, end)) <= high


def revise(case: Path) -> None:
    append(case / "observations" / "arrivals.csv", "2025-03-04T08:00,arrivals,,1300,stated,,2025-03-05T10:00")


def take_back(case: Path) -> None:
    path = case / "observations" / "arrivals.csv"
    path.write_text(path.read_text().replace("2025-03-04T08:00,arrivals,,1200", "2025-03-04T08:00,arrivals,,1201"))


def change_table(case: Path) -> None:
    path = case / "people.csv"
    path.write_text(path.read_text().replace("14000", "15000"))


def tell_of_the_past(case: Path) -> None:
    append(case / "evidence" / "claims.csv", TOLD)
    append(case / "events.csv", "more_danger,2025-03-04T12:00,danger,*,,0.9,,,c9")


def change_event(case: Path) -> None:
    path = case / "events.csv"
    path.write_text(path.read_text().replace(",0.3,", ",0.35,"))


REASONS: dict[str, Callable[[Path], None]] = {
    "a count that it has read was revised or taken back: arrivals 1200 of 2025-03-04T08:00:00": revise,
    "a count that it has read was revised or taken back": take_back,
    "table people changed": change_table,
    "event more_danger of 04 March 12:00 is newly known and lies before it": tell_of_the_past,
    "event truce changed": change_event,
}


@pytest.mark.slow
@pytest.mark.parametrize("why", REASONS)
def test_what_no_longer_stands_is_learnt_anew_and_said(place, why):
    REASONS[why](place / "case")
    found = update(place)
    assert why in found.document["update"]["begun_anew"]
    cold = co.forecast(co.read(place / "case"), SECOND, None, None, REPLICATES, Effort(PARTICLES))
    assert found.learnt == cold.learnt


@pytest.mark.slow
def test_other_wishes_are_learnt_anew_and_said(place):
    case = co.read(place / "case")

    def ask(effort: Effort | None = None, as_of: datetime = SECOND, behaviour: co.Behaviour | None = None) -> str:
        found = co.forecast(case, as_of, None, None, 5, effort, behaviour, update=place / "run")
        return str(found.document["update"]["begun_anew"])

    assert "seed" in ask(Effort(PARTICLES, 5))
    assert "number of particles (100)" in ask(Effort(PARTICLES + 1))
    assert "later moment" in ask(as_of=datetime(2025, 3, 4, 12))
    assert "other rules" in ask(
        behaviour=co.Behaviour(leave_chance=lambda at: at.danger[:, :, None] * at.leave_rate[:, None])
    )


def test_a_newly_known_event_to_come_is_taken_over(place):
    append(place / "case" / "evidence" / "claims.csv", TOLD)
    append(place / "case" / "events.csv", "shut,2025-03-05T10:00..2025-03-05T16:00,lanes,bridge_checkpoint,,0,,,c9")
    found = update(place)
    assert found.document["update"]["begun_anew"] == ""
    require_replayed(found)
    passed = found.run.result.take("passed_vehicles", "bridge_checkpoint")
    assert (passed[:, -1] == passed[:, 114]).all(), "shut in the end"
    assert (passed[:, 113] > passed[:, 97]).any(), "not from the start"


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1000])


def change_a_byte(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))


def put_something_else(path: Path) -> None:
    path.write_text("no archive")


def put_another(path: Path) -> None:
    with path.open("wb") as file:
        np.savez(file, about=np.zeros(3))


@pytest.mark.parametrize("damage", [cut, change_a_byte, put_something_else, put_another])
def test_damage_is_one_fault(place, damage):
    damage(place / "run" / "state.npz")
    done = call("forecast", place / "case", "--update", place / "run", "--replicates", "5")
    assert done.code == 3
    assert "damaged_run" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    with pytest.raises(FaultsError):
        load_state(place / "run")


@pytest.mark.slow
def test_particles_of_another_run_are_a_fault_and_none_at_all_is_said(place, tmp_path):
    case = co.read(place / "case")
    co.forecast(case, FIRST, tmp_path / "other", None, 5, Effort(PARTICLES, 7))
    shutil.copyfile(tmp_path / "other" / "state.npz", place / "run" / "state.npz")
    with pytest.raises(FaultsError):
        load_state(place / "run")
    (place / "run" / "state.npz").unlink()
    with pytest.raises(UsageError, match=r"holds a run but no state\.npz"):
        load_state(place / "run")
    with pytest.raises(UsageError, match="holds no run"):
        load_state(place)


@pytest.mark.slow
def test_the_same_forecast_again_brings_its_particles_back(place):
    kept = (place / "run" / "state.npz").read_bytes()
    cut(place / "run" / "state.npz")
    words = ("--as-of", "2025-03-05T00:00", "--replicates", REPLICATES, "--particles", PARTICLES)
    done = call("forecast", place / "case", *words, "--out", place / "run")
    assert done.code == 0, done.stderr
    assert (place / "run" / "state.npz").read_bytes() == kept
    done = call("forecast", place / "case", "--update", place / "run", "--replicates", "5")
    assert "as of 2025-03-05 00:00: 3 counts more" in done.stdout
    done = call(
        "forecast",
        place / "case",
        "--update",
        place / "run",
        "--replicates",
        "5",
        "--seed",
        "3",
        "--particles",
        PARTICLES,
    )
    assert "learnt anew: it is of another seed" in done.stdout
    done = call("forecast", place / "case", "--update", place / "run", "--backtest", "12h")
    assert done.code == 2
    assert "--update" in done.stderr


@pytest.mark.slow
def test_the_worked_case_with_its_relief_is_taken_up_as_the_same_bytes(worked_case, tmp_path):
    moments = datetime(2023, 9, 28), datetime(2023, 9, 28, 6)
    require_same(*take_both(co.read(worked_case), "replay", tmp_path, moments, 60))


@pytest.mark.slow
def test_an_update_of_the_worked_case_says_what_a_cold_start_says(worked_case, tmp_path):
    case, second = co.read(worked_case), datetime(2023, 9, 28, 12)
    co.forecast(case, datetime(2023, 9, 28), tmp_path / "run", "replay", 5, Effort(PARTICLES))
    warm = co.forecast(case, second, None, None, 60, update=tmp_path / "run")
    cold = co.forecast(case, second, None, "replay", 60, Effort(PARTICLES))
    assert warm.document["update"]["begun_anew"] == ""
    for hours in (24, 72):
        moment = second + timedelta(hours=hours)
        one, other = (found.run.result.at("arrivals", moment) for found in (warm, cold))
        low, high = np.quantile(other, [0.05, 0.95])
        assert low <= np.median(one) <= high
