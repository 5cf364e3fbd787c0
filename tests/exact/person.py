"""A simulator with one record per person, by the same rules as the model and with other random numbers.

One town, a road of `lag` whole steps, a gate that lets `rate` vehicles pass in a step, everybody in a vehicle of
their own. Numbers of R independent runs are held side by side; people never share a draw.
"""

from __future__ import annotations

import numpy as np


def simulate_people(people, rates, follow, pull, lag, rate, steps, step_hours, runs, seed):
    """Return who has left the town and who has arrived after each step, by group and destination.

    `people` [G] in each group leave at `rates` [G] per hour times exp(follow * share gone), and head for a destination
    with chance proportional to `pull` [D]. Shapes [runs, steps, G, D].
    """
    generator = np.random.default_rng(seed)
    groups, goals = len(people), len(pull)
    group = np.repeat(np.arange(groups), people)
    count = len(group)
    cumulative = np.cumsum(pull) / np.sum(pull)
    left = np.zeros((runs, steps, groups, goals), dtype=np.int64)
    arrived = np.zeros_like(left)
    for run in range(runs):
        decided = np.full(count, np.iinfo(np.int64).max)
        passed = np.full(count, np.iinfo(np.int64).max)
        goal = np.searchsorted(cumulative, generator.random(count))
        order = generator.random(count)  # who is first among those who enter the road in one step
        carry = 0.0
        for step in range(steps):
            home = decided > step
            gone = 1.0 - home.mean()
            chance = 1.0 - np.exp(-np.asarray(rates)[group] * np.exp(follow * gone) * step_hours)
            decided[home & (generator.random(count) < chance)] = step
            waiting = np.flatnonzero((decided <= step - lag) & (passed > step))
            allowed = min(len(waiting), rate) + carry
            going = min(int(allowed + 1e-9), len(waiting))
            carry = min(allowed - going, 1.0) if going < len(waiting) else 0.0
            first = np.lexsort((order[waiting], decided[waiting]))[:going]
            passed[waiting[first]] = step
            for who, table in ((decided <= step, left), (passed <= step, arrived)):
                np.add.at(table[run, step], (group[who], goal[who]), 1)
    return left, arrived
