"""What a forecast has learnt: the courses of luck and numbers that agree with counts, as a genealogy of particles.

N particles began with numbers and luck of their own. At each stage (a moment at which counts were read) each goes on as
the copy of one of them, with new luck and numbers moved a little. So a file of which particle each came from is
enough to pass through the same courses again, in a run or in a variant of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from corridor.scenario.draws import UNKNOWN, Draws, parse_draws, write_draws
from corridor.scenario.scenario import Scenario
from corridor.simulate.arrays import Flags, Floats, Integers
from corridor.simulate.batch import Moves
from corridor.simulate.luck import Luck, make_keys
from corridor.simulate.model import Model
from corridor.simulate.moved import may_move
from corridor.simulate.uncertain import draw_scores, give_values, name_uncertain

MOST_SCORED = 3  # lists of names whose scores are kept
MOVE = 0.15  # of the spread of a number among the particles, by which it moves at a stage
GOLDEN = (5**0.5 - 1) / 2


class Course(NamedTuple):
    """What replicates go through: their luck, the values [R] given to numbers at the start, and those given later."""

    luck: Luck
    given: dict[str, Floats]
    moves: tuple[Moves, ...] = ()

    def override(self, given: Mapping[str, Floats]) -> Course:
        """Return the course with other values [R] for some numbers, throughout; where one is nan, it stays as it is."""

        def change(values: Mapping[str, Floats]) -> dict[str, Floats]:
            kept = {n: np.where(np.isnan(new), values[n], new) for n, new in given.items() if n in values}
            return {**values, **given, **kept}

        moves = tuple(Moves(move.step, change(move.given)) for move in self.moves)
        return Course(self.luck, change(self.given), moves)

    @property
    def last(self) -> Mapping[str, Floats]:
        """Return the values in force in the end."""
        return self.moves[-1].given if self.moves else self.given


@dataclass(frozen=True)
class Learnt:
    """N particles over K stages: at step `steps[k]` particle i goes on as a copy of particle `parents[k, i]`.

    `hash` is that of the file's content; `made_for` begins the state of the scenario it was made for.
    """

    seed: int
    steps: tuple[int, ...]
    parents: Integers  # [K, N]
    hash: str = ""
    made_for: str = UNKNOWN

    @property
    def particles(self) -> int:
        """Return the number of particles."""
        return int(self.parents.shape[1])

    @cached_property
    def origins(self) -> Integers:
        """Return from which particle of the start each of the end descends [N]."""
        return self._trace(np.arange(self.particles))[0]

    def choose(self, replicates: Integers) -> Integers:
        """Return the particle that each replicate goes through [R]."""
        return make_picks(self.seed, len(self.steps), self.particles, replicates)

    def _trace(self, particles: Integers) -> list[Integers]:
        """Return which particle each of these descended from, at the start and after each stage [K + 1][R]."""
        rows = [particles]
        for parents in self.parents[::-1]:
            rows.append(parents[rows[-1]])
        return rows[::-1]

    def take_values(self, model: Model) -> dict[str, Floats]:
        """Return the values that the particles have in the end, by name [N]."""
        names = name_uncertain(model)
        return give_values(model, names, self._score(model, names)[-1])

    def follow(self, model: Model, own: Luck, replicates: Integers) -> Course:
        """Return the course of replicates: the luck of particles, then the run's own, and the numbers of each stage."""
        rows = self._trace(self.choose(replicates))
        keys = tuple(make_keys(self.seed, k * self.particles + row) for k, row in enumerate(rows[:-1]))
        names = name_uncertain(model)
        begin, *later = (
            give_values(model, names, scores[row]) for scores, row in zip(self._score(model, names), rows, strict=True)
        )
        moves = (Moves(step, given) for step, given in zip(self.steps, later, strict=True))
        return Course(Luck(own.own, keys, self.steps), begin, tuple(moves))

    @cached_property
    def _scored(self) -> dict[tuple[tuple[str, bool], ...], list[Floats]]:
        """Return the scores of the particles by the names asked for, the latest few."""
        return {}

    def _score(self, model: Model, names: tuple[str, ...]) -> list[Floats]:
        """Return the scores of the particles at the start and after each stage [K + 1][N, names].

        They are the same for every batch of replicates, and kept for the next.
        """
        asked = tuple((name, name in model.quantities) for name in names)
        if asked not in self._scored:
            moving = np.array([may_move(name) for name in names])
            scores = [draw_scores(model, names, self.seed, np.arange(self.particles))]
            for k, parents in enumerate(self.parents):
                scores.append(move_scores(scores[-1], parents, moving, self.seed, k))
            while len(self._scored) >= MOST_SCORED:
                self._scored.pop(next(iter(self._scored)))
            self._scored[asked] = scores
        return self._scored[asked]


def make_picks(seed: int, stages: int, particles: int, replicates: Integers) -> Integers:
    """Return the particle that each replicate goes through [R].

    They are spread evenly over the particles however many there are (a Kronecker sequence), whoever else is asked for.
    """
    places = np.mod(0.5 + replicates * GOLDEN, 1.0)
    order = np.random.default_rng([seed, stages]).permutation(particles)
    return np.asarray(order[(places * particles).astype(np.int64)])


def move_scores(scores: Floats, parents: Integers, moving: Flags, seed: int, stage: int) -> Floats:
    """Return the scores [N, names] of the particles that go on: those of their parents, moved a little.

    A kernel that keeps mean and covariance (J. Liu, M. West, in: Sequential Monte Carlo Methods in Practice, 2001,
    197-223): each is drawn towards the mean and moves by a share of the difference of two others, drawn at random.
    """
    kept = scores[parents]
    generator = np.random.default_rng([seed, stage])
    first, second = (generator.integers(len(parents), size=len(parents)) for _ in range(2))
    mean = kept.mean(axis=0)
    moved = mean + np.sqrt(1.0 - MOVE**2) * (kept - mean) + MOVE * np.sqrt(0.5) * (kept[first] - kept[second])
    return np.where(moving, moved, kept)


def read_learnt(scenario: Scenario, parameters: str, step_hours: float) -> Learnt | None:
    """Return what the file that a parameter set names has learnt, or None where it names none."""
    file = scenario.sets.get(parameters, {}).get("draws")
    if not file:
        return None
    draws = parse_draws((scenario.folder / file).read_text(encoding="utf-8"))  # checked when the scenario was read
    steps = tuple(round(hour / step_hours) for hour in draws.hours)
    return Learnt(draws.seed, steps, np.array(draws.parents, dtype=np.int64), draws.hash, draws.made_for)


def write_learnt(learnt: Learnt, step_hours: float, notes: list[str]) -> str:
    """Return the text of the file of what was learnt; `notes` say for people how it was made."""
    hours = tuple(step * step_hours for step in learnt.steps)
    parents = tuple(tuple(row) for row in learnt.parents.tolist())
    return write_draws(Draws(learnt.seed, hours, parents, "", learnt.made_for), notes)
