"""An oracle: Flee's day on one object for each person, in creation order, written from the rules alone.

It shares with the package only the reading of a folder. Slow on purpose, and without any counting.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field

import numpy as np

from corridor.flee.observed import interpolate


@dataclass
class Spot:
    name: str
    country: str
    population: int
    capacity: int
    chance: float = 1.0
    conflict: float = -1.0
    since: int = -1
    town: bool = False
    camp: bool = False
    marker: bool = False
    score: float = 1.0
    weight: float = 0.0
    people: int = 0
    links: list = field(default_factory=list)
    closed_links: list = field(default_factory=list)


@dataclass
class Link:
    start: Spot
    end: Spot
    km: float
    speed: float
    walk: float
    closed: bool = False


@dataclass
class Person:
    at: Spot | None
    link: Link | None = None
    km: float = 0.0
    today: float = 0.0
    recent: float = 0.0
    legs: int = 1
    route: list = field(default_factory=list)


class PersonFlee:
    """Daily rules for the settings that the four published cases use, awareness and markers included."""

    def __init__(self, folder, seed):
        self.folder, self.rules, self.random = folder, folder.settings, random.Random(seed)
        self.numpy = np.random.default_rng(seed)
        self.spots, self.people, self.day = {}, [], 0
        hasten = self.rules["optimisations.hasten"]
        for place in folder.places:
            spot = Spot(place.name, place.country, 0, -1)
            if place.is_camp:
                spot.capacity = place.people // hasten
            else:
                spot.population = place.people // hasten
            kind = "town" if "conflict" in place.kind and place.conflict_day > 0 else place.kind
            self.become(spot, kind)
            self.spots[place.name] = spot
        for road in folder.roads:
            a, b = self.spots[road.start], self.spots[road.end]
            for first, second in ((a, b), (b, a)):
                speed = road.speed or self.rule("max_move_speed")
                first.links.append(Link(first, second, road.distance, speed, road.walk_chance))
        self.series = {s.name: interpolate(s, folder.days) for s in folder.layout}
        self.camps = [spot for spot in self.spots.values() if spot.camp]
        self.debt = 0
        for camp in self.camps:
            for _ in range(int(self.series[camp.name][0])):
                self.add(camp)
        self.refresh_weights()

    def rule(self, name):
        return self.rules[f"move_rules.{name}"]

    def become(self, spot, kind):
        spot.camp, spot.town = "camp" in kind, kind in {"town", "default"}
        spot.marker, spot.conflict = kind == "marker", -1.0
        if spot.camp:
            spot.chance = self.rule("camp_movechance")
        elif "conflict" in kind:
            spot.chance, spot.conflict = self.rule("conflict_movechance"), 1.0
        else:
            spot.chance = self.rule("default_movechance") if spot.town else 1.0

    def add(self, spot):
        spot.people += 1
        self.people.append(Person(spot))

    def decay(self, spot):
        steps = self.rules["spawn_rules.conflict_spawn_decay"]
        if not steps:
            return 1.0
        return steps[
            min((self.day - spot.since) // self.rules["spawn_rules.conflict_spawn_decay_interval"], len(steps) - 1)
        ]

    def refresh_weights(self):
        for spot in self.spots.values():
            spot.weight = spot.population * spot.conflict * self.decay(spot) if spot.conflict > 0 else 0.0

    def change_conflicts(self):
        table = self.folder.conflicts
        for column, name in enumerate(table.names):
            now = table.values[self.day, column]
            before = table.values[self.day - 1, column] if self.day else 0.0
            if now > 0 and before == 0:
                spot = self.spots[name]
                spot.chance, spot.conflict, spot.town, spot.since = (
                    self.rule("conflict_movechance"),
                    now,
                    False,
                    self.day,
                )
                self.refresh_weights()
            elif before > 0 and now == 0:
                spot = self.spots[name]
                spot.chance, spot.conflict, spot.town = self.rule("default_movechance"), -1.0, True
                self.refresh_weights()

    def spawn(self):
        names = [s.name for s in self.folder.layout][1:]
        if self.day == 0:
            for camp in self.camps:
                if camp.capacity > 0:
                    camp.capacity -= int(self.series[camp.name][0])
            return
        new = sum(int(self.series[n][self.day]) - int(self.series[n][self.day - 1]) for n in names) - self.debt
        self.debt = max(-new, 0)
        spots = list(self.spots.values())
        weights = np.array([s.weight for s in spots])
        for i in self.numpy.choice(len(spots), max(new, 0), p=weights / weights.sum()):
            self.add(spots[i])

    def close_roads(self):
        for closure in self.folder.closures:
            if self.day in (closure.since, closure.until):
                close = self.day == closure.since
                if closure.kind == "camp":
                    self.become(self.spots[closure.first], "town" if close else "camp")
                for spot in self.spots.values():
                    source = spot.links if close else spot.closed_links
                    hit = [link for link in source if self.is_hit(closure, link)]
                    kept = [link for link in source if not self.is_hit(closure, link)]
                    if close:
                        for link in hit:
                            link.closed = True
                        spot.links, spot.closed_links = kept, spot.closed_links + hit
                    else:
                        fresh = [Link(x.start, x.end, x.km, x.speed, x.walk) for x in hit]
                        spot.closed_links, spot.links = kept, spot.links + fresh

    def is_hit(self, closure, link):
        if closure.kind == "country":
            return {link.start.country, link.end.country} == {closure.first, closure.second}
        return closure.kind == "location" and closure.first in (link.start.name, link.end.name)

    def score_places(self):
        home = self.folder.places[0].country
        for spot in self.spots.values():
            spot.score = self.rule("foreign_weight") if spot.country != home else 1.0
            if spot.camp:
                spot.score *= self.rule("camp_weight")
            if spot.conflict > 0:
                spot.score *= self.rule("conflict_weight") ** (self.decay(spot) * spot.conflict)

    def room(self, spot):
        capacity, buffer = spot.capacity * self.rule("capacity_scaling"), self.rule("capacity_buffer")
        if capacity < 1 or spot.people <= buffer * capacity:
            return 1.0
        if spot.people >= capacity:
            return 0.0
        return 1.0 - (spot.people - buffer * capacity) / (capacity * (1.0 - buffer))

    def routes(self, link, prior, visited, step):
        found = []
        km = prior + link.km
        if link.end.marker:
            step -= 1
        else:
            weight = (self.rule("weight_softening") + link.end.score) / (self.rule("softening") + km) ** self.rule(
                "distance_power"
            )
            found.append(([*visited[1:], link.end], (weight * self.room(link.end)) ** self.rule("weight_power")))
        if self.rule("awareness_level") > step:
            for further in link.end.links:
                if further.end not in visited:
                    found += self.routes(further, km, [*visited, link.end], step + 1)
        return found

    def choose(self, spot):
        found = [option for link in spot.links for option in self.routes(link, 0.0, [spot], 1)]
        if not found:
            return []
        weights = [weight for _, weight in found]
        if sum(weights) <= 0:
            weights = [1.0] * len(found)
        return list(self.random.choices([route for route, _ in found], weights)[0])

    def evolve(self, person, force):
        if person.link is not None:
            return
        spot = person.at
        chance = 1.0 if (spot.town and force) or person.route else spot.chance
        if self.random.random() >= chance:
            return
        if not person.route:
            person.route = self.choose(spot)
        route, person.route = person.route, []
        for link in spot.links if route else []:
            if link.end is route[0]:
                if route[-1].camp and self.room(route[-1]) < 0.5:
                    return
                person.route, person.at, person.link, person.km = route[1:], None, link, 0.0
                spot.people -= 1
                return

    def travel(self, person):
        if person.link is None:
            return
        link = person.link
        speed = link.speed
        if person.legs == 1 and self.rule("start_on_foot"):
            speed = self.rule("max_walk_speed")
        if self.random.random() < link.walk:
            speed = self.rule("max_walk_speed")
        person.km += speed
        person.today += speed
        if person.km <= link.km:
            return
        person.legs += 1
        person.today += link.km - person.km
        person.link, person.km = None, 0.0
        person.at = link.start if link.closed else link.end
        person.at.people += 1
        if not link.closed and person.today < speed:
            far = person.today / self.rule("max_move_speed")
            self.evolve(person, self.rule("avoid_short_stints") and (person.recent + far) / 2 < 0.5)
            self.travel(person)

    def begin_day(self):
        """Do all that comes before anybody moves."""
        self.change_conflicts()
        self.spawn()
        self.close_roads()
        self.refresh_weights()
        self.score_places()

    def step(self):
        """Run one day; return people at each place."""
        self.begin_day()
        for person in self.people:
            self.evolve(person, force=False)
        for person in self.people:
            self.travel(person)
        for person in self.people:
            person.recent = (person.recent + person.today / self.rule("max_move_speed")) / 2
            person.today = 0.0
        self.day += 1
        return [spot.people for spot in self.spots.values()]
