"""What a forecast has learnt: the courses of luck and numbers that agree with counts, as a genealogy of particles.

N particles began with numbers and luck of their own. At each stage (a moment at which counts were read) each goes on as
the copy of one of them, with new luck and numbers moved a little. So a file of which particle each came from is
enough to pass through the same courses again, in a run or in a variant of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from corridor.scenario.draws import UNKNOWN
from corridor.simulate.arrays import Flags, Floats, Integers
from corridor.simulate.batch import Moves
from corridor.simulate.luck import Luck, make_keys
from corridor.simulate.model import Model
from corridor.simulate.moved import may_move
from corridor.simulate.uncertain import draw_scores, give_values, name_uncertain

MOVE = 0.15  # of the spread of a number among the particles, by which it moves at a stage
GOLDEN = (5**0.5 - 1) / 2


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
        """Return the particle that each replicate goes through [R].

        They are spread evenly over the particles however many there are (a Kronecker sequence), whoever else is asked
        for.
        """
        places = np.mod(0.5 + replicates * GOLDEN, 1.0)
        order = np.random.default_rng([self.seed, len(self.steps)]).permutation(self.particles)
        return np.asarray(order[(places * self.particles).astype(np.int64)])

    def _trace(self, particles: Integers) -> list[Integers]:
        """Return which particle each of these descended from, at the start and after each stage [K + 1][R]."""
        rows = [particles]
        for parents in self.parents[::-1]:
            rows.append(parents[rows[-1]])
        return rows[::-1]

    def follow(self, model: Model, own: Luck, replicates: Integers) -> tuple[Luck, dict[str, Floats], tuple[Moves, ...]]:
        """Return luck that repeats that of particles and is the run's own afterwards, and their numbers at each stage.

        The numbers [R] are those at the start, by name, and those from each stage on.
        """
        rows = self._trace(self.choose(replicates))
        keys = tuple(make_keys(self.seed, k * self.particles + row) for k, row in enumerate(rows[:-1]))
        names = name_uncertain(model)
        scores = draw_scores(model, names, self.seed, np.arange(self.particles))
        moving = np.array([may_move(name) for name in names])
        begin, moves = give_values(model, names, scores[rows[0]]), []
        for k, step in enumerate(self.steps):
            scores = move_scores(scores, self.parents[k], moving, self.seed, k)
            moves.append(Moves(step, give_values(model, names, scores[rows[k + 1]])))
        return Luck(own.own, keys, self.steps), begin, tuple(moves)


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
