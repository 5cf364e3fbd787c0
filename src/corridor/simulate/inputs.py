"""What is drawn once per replicate: every uncertain number, the times of uncertain events, the luck of places."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

import numpy as np
from scipy.special import ndtri

from corridor.chance.draws import draw_uniform_each, entity_key
from corridor.scenario.values import Quantity
from corridor.scenario.ways import measure_to_nearest
from corridor.simulate.arrays import Floats, Integers, Keys
from corridor.simulate.model import Model

NEVER = np.iinfo(np.int64).max
BOUNDLESS = 1e9  # capacity and density of what takes no room


@dataclass(frozen=True)
class Inputs:
    """The numbers of each replicate. R replicates, O origins, G groups, L links, K checkpoints, D desks, F fleets.

    `parameters` maps a name to [R]; `event_step` [R, E] is the step at which an event happens, NEVER if not.
    """

    people: Integers  # [R, O, G]
    staying: Integers  # [R, O, G] of those, who will not leave
    people_per_vehicle: Floats  # [R, G]
    fuel_litres: Floats  # [R, G] per vehicle
    leave_rate: Floats  # [R, G] per hour
    speed: Floats  # [R, L] km/h
    lane_capacity: Floats  # [R, L] vehicles/h and lane
    jam_per_km: Floats  # [R, L] vehicles/km and lane
    lanes: Floats  # [R, K] inspection lanes
    seconds: Floats  # [R, K] per vehicle and lane
    seconds_per_person: Floats  # [R, K]
    foot_lanes: Floats  # [R, K]
    seconds_on_foot: Floats  # [R, K]
    change_rate: Floats  # [R, K] unforeseen changes of a checkpoint that works, per hour
    shut_share: Floats  # [R, K] of these, that shut it
    opening_rate: Floats  # [R, K] unforeseen openings of one that does not, per hour
    desk_pace: Floats  # [R, D] people/h
    checkpoint_wander: Floats  # [R, K]
    desk_wander: Floats  # [R, D]
    gateway_pull: Floats  # [R, gateways]
    wishes: Floats  # [R, G, gateways] how many times as attractive each is to a group
    settle_pull: Floats  # [R, settling]
    lodging_share: Floats  # [R, settling]
    lodging_rate: Floats  # [R, settling] per hour
    fleet_vehicles: Integers  # [R, F]
    seats: Floats  # [R, F]
    patience: Floats  # [R, G] hours
    turn_back_rate: Floats  # [R, G] per hour of those waiting for transport
    return_rate: Floats  # [R, groups of the user] per hour of those who have left
    beds: Floats  # [R, P] inf where nothing limits
    papers_hours: Floats  # [R, H] mean hours until those held by a rule of passage get papers
    departures: Floats  # [R, V] of services in a day
    most_departures: Floats  # [R, V] what the vehicles of a service can make in a day
    service_seats: Floats  # [R, V] people that one takes
    road_danger: Floats  # [R, roads] at the start
    window_chance: Floats  # [R, W] of each day that a window opens as agreed
    return_hours: Floats  # [R, F]
    fleet_litres: Floats  # [R, O, F] fuel a vehicle takes from the place for the way out
    fuel_stock: Floats  # [R, P] litres, inf where nothing limits
    fuel_supply: Floats  # [R, P] litres/h
    plant_working: Floats  # [R, plants] share of its most that each can make at the start
    parameters: Mapping[str, Floats]
    event_step: Integers  # [R, E]
    event_value: Floats  # [R, E]

    @cached_property
    def change_chances(self) -> dict[float, tuple[Floats, Floats]]:
        """Return what is found of the rates of unforeseen changes by the hours of a step, once asked for."""
        return {}

    @cached_property
    def turns_back(self) -> bool:
        """Tell whether anybody who waits for transport gives up."""
        return bool(self.turn_back_rate.any())

    @cached_property
    def lanes_change(self) -> bool:
        """Tell whether the lanes of some checkpoint change by chance."""
        return bool(self.change_rate.any() or self.opening_rate.any())


def draw_uniform_of(keys: Keys, *name: str) -> Floats:
    """Return one uniform per replicate key for what is named. Shape [R]."""
    return np.asarray(draw_uniform_each(keys, np.uint64(entity_key(*name))))


def draw_quantity(name: str, quantity: Quantity, keys: Keys) -> Floats:
    """Draw a named quantity once per replicate. Shape [R]."""
    if quantity.is_fixed:
        return np.full(len(keys), quantity.middle)
    return quantity.take(draw_uniform_of(keys, "quantity", name))


class Drawer:
    """Draws quantities by name for replicates with these keys [R].

    `given` holds fitted values [R] by the name of the quantity; of what is no quantity (the time of an event within
    its range, whether it happens, the luck of a destination) the chance.
    """

    def __init__(self, model: Model, keys: Keys, given: Mapping[str, Floats]) -> None:
        self.model, self.keys, self.given = model, keys, given

    def take(self, name: str, default: float = 0.0) -> Floats:
        """Return a quantity [R]; `default` where the user's cell is blank."""
        if name in self.given:
            return np.asarray(self.given[name], dtype=np.float64)
        quantity = self.model.quantities.get(name)
        return np.full(len(self.keys), default) if quantity is None else draw_quantity(name, quantity, self.keys)

    def chance(self, *name: str) -> Floats:
        """Return a uniform [R] that is no quantity: when an uncertain event happens, the luck of a place."""
        given = self.given.get("/".join(name))
        return draw_uniform_of(self.keys, *name) if given is None else np.asarray(given, dtype=np.float64)

    def columns(self, table: str, names: tuple[str, ...], column: str, default: float = 0.0) -> Floats:
        """Return a column of a table [R, rows]."""
        values = [self.take(f"{table}/{name}/{column}".lstrip("/"), default) for name in names]
        return np.stack(values, axis=1) if values else np.empty((len(self.keys), 0))


def draw_inputs(model: Model, keys: Keys, given: Mapping[str, Floats] | None = None) -> Inputs:
    """Draw everything about people and roads that is drawn once per replicate, for these keys [R]."""
    draw = Drawer(model, keys, given or {})
    parameters = {
        name.partition("/")[2]: draw.take(name) for name in model.quantities if name.startswith("parameters/")
    }
    roads = _draw_links(model, draw)
    people, staying = _draw_people(model, draw, parameters)
    gateways = model.network.name(model.people.gateway_places)
    settling = model.network.name(model.people.settling_places)
    desk_of = dict(zip(model.network.name(model.servers.desk_place), model.servers.desks, strict=True))
    spread = parameters["choice_spread"]
    gateway_pull = np.stack(
        [
            draw.take(f"desks/{desk_of[g]}/attractiveness", 1.0)
            if g in desk_of
            else draw.take(f"places/{g}/attractiveness")
            for g in gateways
        ],
        axis=1,
    )
    stock, supply = _draw_fuel(model, draw)
    most_departures = _draw_most_departures(model, draw)
    event_step, event_value = _draw_events(model, draw)
    people_alone = model.fleets.haulers < 0  # those for both stand where convoys take them, and have their fuel
    return Inputs(
        people=people,
        staying=staying,
        people_per_vehicle=draw.columns("groups", model.people.sources, "people_per_vehicle"),
        fuel_litres=draw.columns("groups", model.people.sources, "fuel_litres"),
        leave_rate=_draw_leave_rates(model, draw),
        speed=roads["speed_kmh"],
        lane_capacity=roads["capacity_per_lane"],
        jam_per_km=roads["jam_per_km"],
        lanes=draw.columns("checkpoints", model.servers.checkpoints, "lanes"),
        seconds=draw.columns("checkpoints", model.servers.checkpoints, "seconds_per_vehicle"),
        seconds_per_person=draw.columns("checkpoints", model.servers.checkpoints, "seconds_per_person"),
        foot_lanes=draw.columns("checkpoints", model.servers.checkpoints, "foot_lanes"),
        seconds_on_foot=draw.columns("checkpoints", model.servers.checkpoints, "seconds_on_foot"),
        change_rate=draw.columns("checkpoints", model.servers.checkpoints, "change_rate") / 24.0,
        shut_share=draw.columns("checkpoints", model.servers.checkpoints, "shut_share"),
        opening_rate=draw.columns("checkpoints", model.servers.checkpoints, "opening_rate") / 24.0,
        desk_pace=draw.columns("desks", model.servers.desks, "people_per_hour"),
        checkpoint_wander=draw.columns("checkpoints", model.servers.checkpoints, "wander"),
        desk_wander=draw.columns("desks", model.servers.desks, "wander"),
        gateway_pull=gateway_pull * _luck(draw, gateways, spread),
        wishes=_draw_wishes(model, draw, gateways),
        settle_pull=draw.columns("places", settling, "attractiveness") * _luck(draw, settling, spread),
        lodging_share=draw.columns("places", settling, "lodging_share"),
        lodging_rate=draw.columns("places", settling, "lodging_rate") / 24.0,
        fleet_vehicles=np.rint(draw.columns("fleets", model.fleets.names, "vehicles")).astype(np.int64) * people_alone,
        seats=draw.columns("fleets", model.fleets.names, "seats"),
        patience=draw.columns("groups", model.people.sources, "patience_hours"),
        turn_back_rate=draw.columns("groups", model.people.sources, "turn_back_rate"),
        return_rate=draw.columns("groups", tuple(sorted(set(model.people.sources))), "return_rate"),
        beds=draw.columns("places", model.network.places, "beds", np.inf),
        papers_hours=draw.columns("", model.passage.names, "papers_hours", np.inf),
        departures=np.minimum(draw.columns("services", model.services.names, "departures_per_day"), most_departures),
        most_departures=most_departures,
        road_danger=draw.columns("roads", model.network.roads, "danger"),
        window_chance=draw.columns("windows", model.windows.names, "chance"),
        service_seats=draw.columns("services", model.services.names, "seats"),
        return_hours=draw.columns("fleets", model.fleets.names, "return_hours"),
        fleet_litres=_kilometres_out(model)[None, :, None]
        * people_alone
        * draw.columns("fleets", model.fleets.names, "fuel_per_100km")[:, None, :]
        / 100.0,
        fuel_stock=stock,
        fuel_supply=supply,
        plant_working=draw.columns("plants", model.plants, "working", 1.0),
        parameters=parameters,
        event_step=event_step,
        event_value=event_value,
    )


def _draw_links(model: Model, draw: Drawer) -> dict[str, Floats]:
    """Return speed (km/h), capacity (vehicles/h and lane) and jam density (vehicles/km and lane) of links [R, L].

    What moves beside the vehicles goes at its own speed, less its rests, and takes no room; a service takes its hours.
    """
    network, services = model.network, model.services
    links = {
        c: np.take(draw.columns("roads", network.roads, c), network.link_road, axis=1)
        for c in ("speed_kmh", "capacity_per_lane", "jam_per_km")
    }
    for name in sorted({*network.beside} - {""}):
        transport = model.transports[name]
        speed = draw.take(f"transport/{name}/speed_kmh", transport.speed_kmh.middle)
        links["speed_kmh"][:, [beside == name for beside in network.beside]] = (speed * transport.moving_share)[:, None]
    hours = draw.columns("services", services.names, "hours")
    links["speed_kmh"][:, services.link] = network.length_km[services.link] / hours
    for column in ("capacity_per_lane", "jam_per_km"):
        links[column][:, ~network.layout.link_driven] = BOUNDLESS
    return links


def _draw_most_departures(model: Model, draw: Drawer) -> Floats:
    """Return how often in a day the vehicles of services can depart [R, V].

    In W hours of service a vehicle that is back after h hours departs at most W / h + 1 times, and 24 / h a day.
    """
    names = model.services.names
    vehicles = draw.columns("services", names, "vehicles", np.inf)
    hours = 2.0 * (draw.columns("services", names, "hours") + draw.columns("services", names, "turn_round_hours"))
    return vehicles * np.minimum(24.0, model.services.hours_a_day + hours) / hours


def _draw_leave_rates(model: Model, draw: Drawer) -> Floats:
    """Return the base rates at which parts of groups leave [R, G]: the onward rate, if given, for those displaced."""
    rates = []
    for part, source in zip(model.people.parts, model.people.sources, strict=True):
        rate = draw.take(f"groups/{source}/leave_rate")
        onward = draw.take(f"groups/{source}/onward_rate", np.nan)
        rates.append(np.where(np.isnan(onward) | (not part.displaced), rate, onward))
    return np.stack(rates, axis=1)


def _draw_wishes(model: Model, draw: Drawer, gateways: tuple[str, ...]) -> Floats:
    """Return how many times as attractive each destination is to a group as to others [R, G, gateways]."""
    groups = sorted(set(model.people.sources))
    names = [f"wishes/{group}/{place}/weight" for group in groups for place in gateways]
    weights = np.stack([draw.take(name, 1.0) for name in names], axis=1)
    return weights.reshape(len(draw.keys), len(groups), len(gateways))


def _luck(draw: Drawer, places: tuple[str, ...], spread: Floats) -> Floats:
    """Return the lognormal factor of each destination in each replicate [R, places]."""
    uniforms = [draw.chance("pull", place) for place in places]
    return np.asarray(np.exp(spread[:, None] * ndtri(np.stack(uniforms, axis=1))))


def _draw_people(model: Model, draw: Drawer, parameters: Mapping[str, Floats]) -> tuple[Integers, Integers]:
    """Return people at the start and those who stay whatever happens, whole numbers [R, O, G]."""
    people = np.zeros((len(draw.keys), len(model.people.origins), model.people.leavers))
    for origin, group, name in model.people.cells:
        people[:, origin, group] += draw.take(name) * parameters["people_scale"]
    whole = np.rint(people).astype(np.int64)
    for held, free, name in zip(model.passage.held, model.passage.free, model.passage.names, strict=True):
        passing = np.rint(whole[:, :, free] * draw.take(f"{name}/share")[:, None]).astype(np.int64)
        whole[:, :, held], whole[:, :, free] = whole[:, :, free] - passing, passing
    staying = np.rint(whole * parameters["share_staying"][:, None, None]).astype(np.int64)
    return whole, staying


def _kilometres_out(model: Model) -> Floats:
    """Return the shortest way from each origin to a gateway, whatever the traffic rules [O]; 0 where there is none."""
    network, people = model.network, model.people
    ends, goals = network.layout.link_to, people.gateway_places
    left = measure_to_nearest(network.link_from, ends, network.length_km, goals, len(network.places))[people.origins]
    return np.where(np.isfinite(left), left, 0.0)


def _draw_fuel(model: Model, draw: Drawer) -> tuple[Floats, Floats]:
    stock = np.full((len(draw.keys), len(model.network.places)), np.inf)
    supply = np.zeros_like(stock)
    for place in model.network.fuel_places:
        stock[:, place] = draw.take(f"fuel/{model.network.places[place]}/litres")
        supply[:, place] = draw.take(f"fuel/{model.network.places[place]}/litres_per_hour")
    return stock, supply


def _draw_events(model: Model, draw: Drawer) -> tuple[Integers, Floats]:
    """Return when each event happens (a step) and its size, [R, E]."""
    steps = np.full((len(draw.keys), len(model.events)), NEVER, dtype=np.int64)
    values = np.zeros(steps.shape)
    length = timedelta(hours=model.clock.step_hours)
    for index, event in enumerate(model.events):
        name = f"events/{event.id}"
        begin, end = (event.time.start - model.clock.start) / length, (event.time.end - model.clock.start) / length
        if begin == end:
            moment = np.full(len(draw.keys), begin)
        else:
            moment = begin + (end - begin) * draw.chance(name, "time")
        happens = draw.chance(name, "chance") < event.chance if event.chance < 1 else True
        # an event at 13:07 takes effect with the step that begins at or after it
        steps[:, index] = np.where(happens, np.ceil(moment - 1e-9).astype(np.int64), NEVER)
        values[:, index] = draw.take(f"{name}/value")
    return steps, values
