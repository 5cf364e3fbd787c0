"""Three networks in this model, in UXsim and in SUMO's mesoscopic model, beside their closed forms, in one run.

A merge before a last road of 0.05, 0.1 and 5 km; a queue that fills a road up to the town behind it, and the wave of
freed space when the gate opens; two ways, of which all take the quicker one, also when it is shut for an hour. All
have the same triangular diagram: 60 km/h, 1,800 vehicles an hour and 150 vehicles a kilometre of each lane, so that
freed space travels back at 15 km/h. Ways are fixed in the others: here all take the quickest that is open. A program
that is not installed is left out (dependency group bench).

    python benchmarks/networks.py [--replicates 200] [--repeats 3]
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from corridor.simulate.arrays import Floats
from corridor.simulate.compile import compile_model
from corridor.simulate.model import Model
from corridor.simulate.state import State
from worlds import at, place, simulate, write_world

SPEED, CAPACITY, JAM = 60.0, 1800.0, 150.0  # km/h; vehicles/h and vehicles/km a lane
WAVE = CAPACITY / (JAM - CAPACITY / SPEED)  # km/h
HEADWAY = 3600 / (WAVE * JAM)  # s that a driver takes to follow, net of the time to pass length and gap
STEP_MINUTES = 5
TAUS = ("tauff", "taufj", "taujf", "taujj")  # SUMO's headways, of free and jammed vehicles behind such


@dataclass(frozen=True)
class Road:
    """A road of one direction."""

    start: str
    end: str
    km: float
    lanes: int = 1
    capacity: float = CAPACITY  # vehicles/h a lane

    @property
    def name(self) -> str:
        return f"{self.start}-{self.end}"


@dataclass(frozen=True)
class Flow:
    """Vehicles an hour that leave evenly between two hours, and the places on their way."""

    way: tuple[str, ...]
    rate: float
    begin: float
    end: float

    @property
    def roads(self) -> list[str]:
        return [f"{start}-{end}" for start, end in pairwise(self.way)]


@dataclass(frozen=True)
class Network:
    """Roads, who drives on them, and between which hours nobody passes which place; `kind` says by what."""

    roads: tuple[Road, ...]
    flows: tuple[Flow, ...]
    hours: int
    shut: tuple[str, float, float] | None = None
    kind: str = "lanes"


@dataclass(frozen=True)
class Course:
    """Vehicles that have entered and left each road [T] by so many hours."""

    hours: Floats
    entered: dict[str, Floats]
    left: dict[str, Floats]

    def count_left(self, road: str, hour: float) -> float:
        """Return the vehicles that have left a road by an hour."""
        return float(np.interp(hour, self.hours, self.left[road]))

    def find_last(self, curve: Floats, until: float, rate: float) -> float:
        """Return the hour of the last vehicle before another, those before it `rate` an hour (steps are wider)."""
        end = curve[np.searchsorted(self.hours, until)]
        before = int(np.flatnonzero(curve < end)[-1])
        return float(self.hours[before] + (end - curve[before]) / rate)


@dataclass(frozen=True)
class Task:
    """A network, what is measured of its course, and what theory says of it: figures in the order of `names`."""

    name: str
    network: Network
    names: tuple[str, ...]
    measure: Callable[[Course], list[float]]
    exact: list[float]


Program = Callable[[Network, Path], tuple[Course, float]]  # the course, and the processor seconds of a replicate


def count(times: list[float], hours: Floats) -> Floats:
    """Return how many moments have passed by each hour."""
    return np.searchsorted(np.sort(times), hours, side="right").astype(float)


def spread(flow: Flow) -> Floats:
    """Return the second at which each vehicle of a flow leaves."""
    vehicles = round(flow.rate * (flow.end - flow.begin))
    return (flow.begin + (np.arange(vehicles) + 0.5) / flow.rate) * 3600


def run_corridor(network: Network, folder: Path, replicates: int) -> tuple[Course, float]:
    """Run this model; the seconds are those of a replicate among several together."""
    model = build_model(network, folder)
    rows: list[tuple[Floats, Floats]] = []

    def watch(state: State, step: int) -> None:
        row = ((step + 1) * model.clock.ticks - state.queues.slept[0]) % state.queues.up.shape[1]
        rows.append((state.queues.up[0, row].astype(float), state.queues.down[0, row].astype(float)))

    simulate(model, watch=watch)
    clock = time.process_time()
    simulate(model, replicates)
    spent = (time.process_time() - clock) / replicates
    hours = np.arange(1, model.clock.steps + 1) * model.clock.step_hours
    ends = [{road.name: np.zeros(len(hours)) for road in network.roads} for _ in range(2)]
    for side, curves in zip(ends, np.array(rows).transpose(1, 2, 0), strict=True):
        side.update(zip(model.network.links, curves, strict=True))
    return Course(hours, *ends), spent


def build_model(network: Network, folder: Path) -> Model:
    """Return the network as a scenario: flows are dated departures, which take the quickest open way."""
    steps = np.arange(0, network.hours * 60 + 1, STEP_MINUTES) / 60
    events, towns, goal = [], list(dict.fromkeys(flow.way[0] for flow in network.flows)), network.flows[0].way[-1]
    for town in towns:
        flows = [flow for flow in network.flows if flow.way[0] == town]
        leaving = np.diff(
            np.rint(sum(flow.rate * np.clip(steps - flow.begin, 0, flow.end - flow.begin) for flow in flows))
        )
        events += [
            {
                "id": f"{town}{i:04}",
                "time": at(steps[i]),
                "kind": "evacuation",
                "target": town,
                "to": goal,
                "value": int(n),
            }
            for i, n in enumerate(leaving)
            if n > 0
        ]
    checkpoints = []
    if network.shut and network.kind == "lanes":
        where, begin, end = network.shut
        assert begin == 0, "a checkpoint is shut from the start"
        checkpoints = [{"id": "gate", "place": where, "lanes": 0, "seconds_per_vehicle": 1, "wander": 0}]
        events.append({"id": "open", "time": at(end), "kind": "lanes", "target": "gate", "value": 10})
    elif network.shut:
        where, begin, end = network.shut
        (road,) = (road.name for road in network.roads if road.start == where)
        events += [
            {"id": mode, "time": at(hour), "kind": "direction", "target": road, "mode": mode}
            for hour, mode in ((begin, "shut"), (end, "normal"))
        ]
    names = dict.fromkeys(name for road in network.roads for name in (road.start, road.end))
    scenario = write_world(
        folder,
        network.hours,
        STEP_MINUTES,
        places=[place(name, "outside", attractiveness=1) if name == goal else place(name) for name in names],
        roads=[
            {"id": road.name, "from": road.start, "to": road.end, "length_km": road.km, "speed_kmh": SPEED,
             "lanes": road.lanes, "capacity_per_lane": road.capacity, "jam_per_km": JAM}
            for road in network.roads
        ],
        groups=[{"id": "drivers", "name": "Drivers", "transport": "own", "people_per_vehicle": 1, "fuel_litres": 0, "leave_rate": 0}],
        people=[{"place": town, "group": "drivers", "people": 100_000} for town in towns],
        events=events,
        **({"checkpoints": checkpoints} if checkpoints else {}),
    )  # fmt: skip
    return compile_model(scenario, "")


def run_uxsim(network: Network, folder: Path) -> tuple[Course, float]:
    """Run UXsim's compiled engine, each vehicle for itself.

    Its headway holds for all roads: a road of less capacity is one that lets so many in.
    """
    from uxsim import World

    world = World(
        "", deltan=1, reaction_time=HEADWAY, tmax=network.hours * 3600, print_mode=0, save_mode=0, show_progress=0,
        random_seed=1, cpp=True, vehicle_logging_timestep_interval=-1,
    )  # fmt: skip
    for i, name in enumerate(dict.fromkeys(name for road in network.roads for name in (road.start, road.end))):
        world.addNode(name, i, i)
    links = {
        road.name: world.addLink(
            road.name, road.start, road.end, road.km * 1000, SPEED / 3.6, jam_density_per_lane=JAM / 1000,
            number_of_lanes=road.lanes, merge_priority=road.lanes,
            capacity_in=None if road.capacity == CAPACITY else road.capacity * road.lanes / 3600,
        )
        for road in network.roads
    }  # fmt: skip
    for flow in network.flows:
        for second in spread(flow):
            world.addVehicle(flow.way[0], flow.way[-1], second).enforce_route(flow.roads)
    clock = time.process_time()
    if network.shut:
        where, begin, end = network.shut
        before = [links[road.name] for road in network.roads if road.end == where]
        open_rates = [link.capacity_out for link in before]
        for hour, rates in ((begin, [0.0] * len(before)), (end, open_rates)):
            if hour > 0:
                world.exec_simulation(until_t=hour * 3600)
            for link, rate in zip(before, rates, strict=True):
                link.capacity_out = rate
    world.exec_simulation()
    spent = time.process_time() - clock
    hours = np.arange(len(next(iter(links.values())).cum_arrival)) * world.DELTAT / 3600
    entered = {name: np.array(link.cum_arrival, dtype=float) for name, link in links.items()}
    left = {name: np.array(link.cum_departure, dtype=float) for name, link in links.items()}
    return Course(hours, entered, left), spent


def run_sumo(network: Network, folder: Path) -> tuple[Course, float]:
    """Run SUMO's mesoscopic model; a gate is a traffic light that shows red for hours."""
    import sumo

    write_sumo(network, folder)
    binaries, environment = Path(sumo.SUMO_HOME) / "bin", {**os.environ, "SUMO_HOME": str(sumo.SUMO_HOME)}
    convert = [
        binaries / "netconvert",
        "-n",
        "n.xml",
        "-e",
        "e.xml",
        "-t",
        "t.xml",
        "-o",
        "net.xml",
        "--no-turnarounds",
    ]
    subprocess.run(convert, cwd=folder, check=True, capture_output=True, env=environment)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [binaries / "sumo", "-n", "net.xml", "-r", "r.xml", "-a", "a.xml", "--mesosim",
         *(["--meso-junction-control"] if network.shut else []), "--no-step-log", "--time-to-teleport", "-1", "--end", str(network.hours * 3600),
         "--vehroute-output", "v.xml", "--vehroute-output.exit-times", "--vehroute-output.write-unfinished",
         "--duration-log.disable"],
        cwd=folder, check=True, capture_output=True, env=environment,
    )  # fmt: skip
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    entered: dict[str, list[float]] = {road.name: [] for road in network.roads}
    left: dict[str, list[float]] = {road.name: [] for road in network.roads}
    for vehicle in ElementTree.parse(folder / "v.xml").getroot().iter("vehicle"):
        enters = float(vehicle.get("depart", 0))
        (route,) = vehicle.iter("route")
        for name, leaves in zip(route.get("edges", "").split(), route.get("exitTimes", "").split(), strict=True):
            entered[name].append(enters / 3600)
            if float(leaves) < 0:
                break
            enters = float(leaves)
            left[name].append(enters / 3600)
    hours = np.arange(network.hours * 3600) / 3600
    curves = [{name: count(times, hours) for name, times in ends.items()} for ends in (entered, left)]
    return Course(hours, *curves), sum(after[:2]) - sum(before[:2])


def write_sumo(network: Network, folder: Path) -> None:
    """Write nodes, edges, types of edges (for their headways), additions and vehicles with their ways.

    Gross headway at capacity: 3600 s / capacity; SUMO's is net of the time to pass a vehicle's own length and gap.
    """
    names = dict.fromkeys(name for road in network.roads for name in (road.start, road.end))
    gate, begin, end = network.shut or ("", 0, 0)
    nodes = "".join(
        f'<node id="{name}" x="{1000 * i}" y="{500 * i * i}" type="{"traffic_light" if name == gate else "priority"}"/>'
        for i, name in enumerate(names)
    )
    edges = "".join(
        f'<edge id="{r.name}" from="{r.start}" to="{r.end}" numLanes="{r.lanes}" speed="{SPEED / 3.6}" length="{r.km * 1000}"'
        f' type="t{r.capacity:.0f}" priority="{r.lanes}"/>'
        for r in network.roads
    )
    taus = {r.capacity: 3600 / r.capacity - 3600 / JAM / SPEED for r in network.roads}
    types = "".join(
        f'<type id="t{capacity:.0f}"><meso {" ".join(f"{name}={chr(34)}{tau}{chr(34)}" for name in TAUS)}/></type>'
        for capacity, tau in taus.items()
    )
    light = f'<tlLogic id="{gate}" type="static" programID="gate" offset="0">' + "".join(
        f'<phase duration="{hours * 3600:.0f}" state="{colour}"/>'
        for hours, colour in ((begin, "G"), (end - begin, "r"), (1000, "G"))
        if hours > 0
    ) + "</tlLogic>"  # fmt: skip
    leaving = sorted((second, i) for i, flow in enumerate(network.flows) for second in spread(flow))
    (folder / "n.xml").write_text(f"<nodes>{nodes}</nodes>")
    (folder / "e.xml").write_text(f"<edges>{edges}</edges>")
    (folder / "t.xml").write_text("<types>" + "".join(f'<type id="t{c:.0f}"/>' for c in taus) + "</types>")
    (folder / "a.xml").write_text(f"<additional>{types}{light if gate else ''}</additional>")
    (folder / "r.xml").write_text(
        f'<routes><vType id="car" length="{1000 / JAM - 1}" minGap="1" speedDev="0"/>'
        + "".join(f'<route id="way{i}" edges="{" ".join(flow.roads)}"/>' for i, flow in enumerate(network.flows))
        + "".join(
            f'<vehicle id="v{n}" type="car" route="way{i}" depart="{second:.2f}" departSpeed="max" departLane="free"/>'
            for n, (second, i) in enumerate(leaving)
        )
        + "</routes>"
    )


def plan_merge(exit_km: float) -> Task:
    """Two roads, of two lanes and of one, join before a last road that carries a third of what they could bring."""
    roads = (Road("north", "join", 15, lanes=2), Road("south", "join", 15), Road("join", "city", exit_km))
    flows = (Flow(("north", "join", "city"), 3600, 0, 5), Flow(("south", "join", "city"), 1800, 0, 5))

    def measure(course: Course) -> list[float]:
        north, south, out = (course.count_left(road.name, 5) - course.count_left(road.name, 2) for road in roads)
        return [out / 3, 100 * north / (north + south), 100 * south / (north + south)]

    names = ("vehicles out an hour", "of them by two lanes, per cent", "of them by one lane, per cent")
    return Task(
        f"merge, exit of {exit_km:g} km", Network(roads, flows, 5), names, measure, [CAPACITY, 200 / 3, 100 / 3]
    )


def plan_spill_back() -> Task:
    """A gate shut for three hours at the end of a road of 12 km, at which 1,500 vehicles an hour come to stand."""
    km, rate, opens = 12, 1500, 3
    roads = (Road("town", "gate", km), Road("gate", "city", 5))
    network = Network(roads, (Flow(("town", "gate", "city"), rate, 0, 6),), 8, ("gate", 0, opens))

    def measure(course: Course) -> list[float]:
        entered, left = course.entered[roads[0].name], course.left[roads[0].name]
        full = np.searchsorted(course.hours, opens - 0.01)
        later = float(np.interp(5, course.hours, entered) - entered[full])  # at capacity since the wave is there
        begins = course.find_last(entered, opens - 0.01, rate)
        return [float(entered[full] - left[full]), begins, 5 - later / CAPACITY - opens]

    names = ("vehicles on the full road", "hour at which the town's queue begins", "hours until freed space is there")
    return Task("spill-back", network, names, measure, [JAM * km, JAM * km / rate, km / WAVE])


def plan_two_ways(shut: bool) -> Task:
    """3,000 vehicles/h for 4 h: 20 km whose second half carries 900 an hour, or 26 km; all take the quickest open way.

    What is shut for an hour are 100 m at the bridge: on a shut road nothing moves. Exact are a point queue before the
    bridge, and free travel on the other way for those who leave in that hour.
    """
    roads = (
        Road("town", "bridge", 10, lanes=2), Road("bridge", "ford", 0.1, capacity=900), Road("ford", "city", 9.9, capacity=900),
        Road("town", "hill", 13, lanes=2), Road("hill", "city", 13, lanes=2),
    )  # fmt: skip
    short, long = ("town", "bridge", "ford", "city"), ("town", "hill", "city")
    flows = [Flow(short, 3000, 0, 4)]
    if shut:
        flows = [Flow(short, 3000, 0, 1), Flow(long, 3000, 1, 2), Flow(short, 3000, 2, 4)]
    network = Network(roads, tuple(flows), 16, ("bridge", 1, 2) if shut else None, "direction")

    def measure(course: Course) -> list[float]:
        ways = [course.left[road.name] for road in (roads[2], roads[4])]
        middle = course.hours - np.diff(course.hours, prepend=0) / 2
        arrive = float((np.diff(sum(ways), prepend=0) * middle).sum() / 12_000)
        return [course.find_last(ways[0], 15.9, 900), arrive - 2, float(ways[1][-1])]

    hours = np.arange(0, 16 * 3600) / 3600
    capacity = np.cumsum(np.where(shut & (hours >= 1) & (hours < 2), 0, 900 / 3600))
    free = hours - 10 / SPEED
    come = sum(flow.rate * np.clip(free - flow.begin, 0, flow.end - flow.begin) for flow in flows if flow.way == short)
    passed = np.minimum.accumulate(come - capacity) + capacity  # Newell: the lower envelope
    around = 3000.0 if shut else 0.0
    passing = float((np.diff(passed) * hours[1:]).sum())
    arrive = (passing + (12_000 - around) * 10 / SPEED + around * (1.5 + 26 / SPEED)) / 12_000
    last = float(hours[np.searchsorted(passed, 12_000 - around - 1e-6)]) + 10 / SPEED
    names = ("hour of the last arrival", "mean trip, hours", "vehicles on the longer way")
    return Task("two ways" + ", one shut for an hour" * shut, network, names, measure, [last, arrive - 2, around])


def race(programs: dict[str, Program], repeats: int) -> None:
    """Print a table of what each says, how far that is from theory, and how long it takes."""
    tasks = [*(plan_merge(km) for km in (0.05, 0.1, 5)), plan_spill_back(), plan_two_ways(False), plan_two_ways(True)]
    print("| network | figure | theory |" + "".join(f" {name} |" for name in programs))
    print("|---|---|" + "---:|" * (1 + len(programs)))
    for task in tasks:
        found, seconds = {}, {}
        for name, program in programs.items():
            spent = []
            for _ in range(repeats):
                with tempfile.TemporaryDirectory() as folder:
                    course, once = program(task.network, Path(folder))
                spent.append(once)
            found[name], seconds[name] = task.measure(course), statistics.median(spent)
        for i, figure in enumerate(task.names):
            cells = [write_deviation(values[i], task.exact[i]) for values in found.values()]
            print(f"| {task.name} | {figure} | {task.exact[i]:,.3f} |" + "".join(f" {cell} |" for cell in cells))
        ours = seconds["Corridor"]
        cells = [f"{1000 * s:,.2f} ms" + (f", {s / ours:,.0f} times" if s != ours else "") for s in seconds.values()]
        print(
            f"| {task.name} | processor time of a replicate | |" + "".join(f" {cell} |" for cell in cells), flush=True
        )


def write_deviation(value: float, exact: float) -> str:
    """Return a figure with its deviation from theory."""
    return f"{value:,.3f}" + (f" ({value / exact - 1:+.2%})" if exact else "")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--replicates", type=int, default=200)
    parser.add_argument("--repeats", type=int, default=3)
    given = parser.parse_args()
    taking_part: dict[str, Program] = {"Corridor": partial(run_corridor, replicates=given.replicates)}
    for title, package, run in (("UXsim", "uxsim", run_uxsim), ("SUMO mesoscopic", "sumo", run_sumo)):
        if importlib.util.find_spec(package):
            taking_part[title] = run
        else:
            print(f"{title} is not installed and takes no part: uv sync --group bench")
    race(taking_part, given.repeats)
