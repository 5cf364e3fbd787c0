"""The oracle of person.py with its two passes over persons compiled, so that whole published cases can be run.

The rules around them (conflicts, spawning, closures, scores, routes) are person.py's own. Here each person is a row
of arrays, taken in creation order, as there; nothing is counted together.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from tests.flee.person import PersonFlee


class Persons(NamedTuple):
    place: np.ndarray  # -1 on a link
    link: np.ndarray
    km: np.ndarray
    today: np.ndarray
    recent: np.ndarray
    legs: np.ndarray
    route: np.ndarray  # row of Routes, -1 none
    stop: np.ndarray  # how many of its places lie behind


class Today(NamedTuple):
    """What holds on one day: places, links, the links out of each place, and the routes to choose from there."""

    chance: np.ndarray
    town: np.ndarray
    camp: np.ndarray
    capacity: np.ndarray
    link_end: np.ndarray
    link_start: np.ndarray
    link_km: np.ndarray
    link_speed: np.ndarray
    link_walk: np.ndarray
    link_closed: np.ndarray
    out_from: np.ndarray
    out_link: np.ndarray
    option_from: np.ndarray
    option_route: np.ndarray
    option_weight: np.ndarray
    route_place: np.ndarray
    route_length: np.ndarray
    rules: np.ndarray  # speed, walking speed, start on foot, avoid short stints, buffer, weight power


@njit(cache=True)
def see_room(day, people, place):
    capacity, buffer = day.capacity[place], day.rules[4]
    if capacity < 1 or people[place] <= buffer * capacity:
        return 1.0
    if people[place] >= capacity:
        return 0.0
    return 1.0 - (people[place] - buffer * capacity) / (capacity * (1.0 - buffer))


@njit(cache=True)
def choose(day, people, place, weights):
    begin, end = day.option_from[place], day.option_from[place + 1]
    total = 0.0
    for i in range(begin, end):
        route = day.option_route[i]
        last = day.route_place[route, day.route_length[route] - 1]
        weights[i - begin] = (day.option_weight[i] * see_room(day, people, last)) ** day.rules[5]
        total += weights[i - begin]
    if end == begin:
        return -1
    point = np.random.random()
    if total <= 0.0:
        return day.option_route[begin + int(point * (end - begin))]
    point *= total
    for i in range(begin, end - 1):
        point -= weights[i - begin]
        if point < 0.0:
            return day.option_route[i]
    return day.option_route[end - 1]


@njit(cache=True)
def evolve(day, persons, people, i, force, weights):
    place = persons.place[i]
    chance = 1.0 if (day.town[place] and force) or persons.route[i] >= 0 else day.chance[place]
    if np.random.random() >= chance:
        return
    if persons.route[i] < 0:
        persons.route[i], persons.stop[i] = choose(day, people, place, weights), 0
    route, stop = persons.route[i], persons.stop[i]
    persons.route[i] = -1
    if route < 0:
        return
    last = day.route_place[route, day.route_length[route] - 1]
    for entry in range(day.out_from[place], day.out_from[place + 1]):
        link = day.out_link[entry]
        if day.link_end[link] == day.route_place[route, stop]:
            if day.camp[last] and see_room(day, people, last) < 0.5:
                return
            if stop + 1 < day.route_length[route]:
                persons.route[i], persons.stop[i] = route, stop + 1
            persons.place[i], persons.link[i], persons.km[i] = -1, link, 0.0
            people[place] -= 1
            return


@njit(cache=True)
def travel(day, persons, people, i, weights):
    while persons.place[i] < 0:
        link = persons.link[i]
        speed = day.link_speed[link]
        if persons.legs[i] == 1 and day.rules[2] > 0:
            speed = day.rules[1]
        if np.random.random() < day.link_walk[link]:
            speed = day.rules[1]
        persons.km[i] += speed
        persons.today[i] += speed
        if persons.km[i] <= day.link_km[link]:
            return
        persons.legs[i] += 1
        persons.today[i] += day.link_km[link] - persons.km[i]
        closed = day.link_closed[link]
        place = day.link_start[link] if closed else day.link_end[link]
        persons.place[i] = place
        people[place] += 1
        if closed or persons.today[i] >= speed:
            return
        short = (persons.recent[i] + persons.today[i] / day.rules[0]) / 2 < 0.5
        evolve(day, persons, people, i, day.rules[3] > 0 and short, weights)


@njit(cache=True)
def pass_day(day, persons, people, count, seed, shuffled):
    np.random.seed(seed)
    order = np.random.permutation(count) if shuffled else np.arange(count)
    weights = np.zeros(max(1, (day.option_from[1:] - day.option_from[:-1]).max()))
    for i in order:
        if persons.place[i] >= 0:
            evolve(day, persons, people, i, False, weights)
    for i in order:
        travel(day, persons, people, i, weights)
    for i in range(count):
        persons.recent[i] = (persons.recent[i] + persons.today[i] / day.rules[0]) / 2
        persons.today[i] = 0.0


class CrowdFlee(PersonFlee):
    """PersonFlee with its persons in arrays and its two passes compiled.

    Flee takes persons in creation order; `shuffled` takes them in a new order each day, which shows what the order does.
    """

    def __init__(self, folder, seed, shuffled=False):
        self.shuffled = shuffled
        self.waiting, self.count, self.links, self.known, self.routes_known, self.key = [], 0, [], {}, {}, None
        self.persons = Persons(*(np.zeros(1024, kind) for kind in (np.int32,) * 2 + (float,) * 3 + (np.int32,) * 3))
        super().__init__(folder, seed)
        self.index = {id(spot): i for i, spot in enumerate(self.spots.values())}

    def add(self, spot):
        spot.people += 1
        self.waiting.append(spot)

    def enrol(self):
        size = self.count + len(self.waiting)
        if size > len(self.persons.place):
            grown = [np.concatenate([field, np.zeros(size, field.dtype)]) for field in self.persons]
            self.persons = Persons(*grown)
        self.persons.place[self.count : size] = [self.index[id(spot)] for spot in self.waiting]
        self.persons.legs[self.count : size] = 1
        self.persons.route[self.count : size] = -1
        self.count, self.waiting = size, []

    def number_of(self, link):
        if id(link) not in self.known:
            self.known[id(link)] = len(self.links)
            self.links.append(link)
        return self.known[id(link)]

    def route_number(self, route):
        return self.routes_known.setdefault(tuple(self.index[id(spot)] for spot in route), len(self.routes_known))

    def see_today(self):
        """Return the day's arrays; routes are listed as if every camp had room, which is seen at the choice."""
        spots = list(self.spots.values())
        outs, options = [], []
        self.room, kept = lambda spot: 1.0, self.room
        power, self.rules["move_rules.weight_power"] = self.rule("weight_power"), 1.0
        for spot in spots:
            outs.append([self.number_of(link) for link in spot.links])
            found = [option for link in spot.links for option in self.routes(link, 0.0, [spot], 1)]
            options.append([(self.route_number(route), weight) for route, weight in found])
        self.room, self.rules["move_rules.weight_power"] = kept, power
        for spot in spots:
            for link in spot.closed_links:
                self.number_of(link)
        places = np.full((len(self.routes_known), 1 + max(map(len, self.routes_known))), -1)
        for number, route in enumerate(self.routes_known):
            places[number, : len(route)] = route
        flat = [option for row in options for option in row]
        links = self.links
        return Today(
            chance=np.array([spot.chance for spot in spots], float),
            town=np.array([spot.town for spot in spots]),
            camp=np.array([spot.camp for spot in spots]),
            capacity=np.array([spot.capacity * self.rule("capacity_scaling") for spot in spots], float),
            link_end=np.array([self.index[id(link.end)] for link in links]),
            link_start=np.array([self.index[id(link.start)] for link in links]),
            link_km=np.array([link.km for link in links], float),
            link_speed=np.array([link.speed for link in links], float),
            link_walk=np.array([link.walk for link in links], float),
            link_closed=np.array([link.closed for link in links]),
            out_from=np.cumsum([0, *map(len, outs)]),
            out_link=np.array([number for row in outs for number in row], np.int64),
            option_from=np.cumsum([0, *map(len, options)]),
            option_route=np.array([route for route, _ in flat], np.int64),
            option_weight=np.array([weight for _, weight in flat], float),
            route_place=places,
            route_length=np.array([len(route) for route in self.routes_known]),
            rules=np.array([self.rule(name) for name in ("max_move_speed", "max_walk_speed", "start_on_foot",
                            "avoid_short_stints", "capacity_buffer", "weight_power")], float),
        )  # fmt: skip

    def step(self):
        self.begin_day()
        self.enrol()
        key = tuple((s.score, s.chance, s.town, s.camp, s.capacity, len(s.links)) for s in self.spots.values())
        key = (key, len(self.links), any(self.day in (c.since, c.until) for c in self.folder.closures))
        if key != self.key:
            self.today = self.see_today()
            self.key = (key[0], len(self.links), False)
        people = np.array([spot.people for spot in self.spots.values()])
        pass_day(self.today, self.persons, people, self.count, self.random.randrange(1 << 32), self.shuffled)
        for spot, number in zip(self.spots.values(), people, strict=True):
            spot.people = int(number)
        self.day += 1
        return list(people)
