"""What can be decided: what holds in every draw and with both weightings, what depends, and on what.

A statement is asked of every draw of the stated ranges (`corridor.deal.drawn`), with the weights as stated and with
all actors alike where weights enter it. Robust is what is true in all of them; of the rest the share is told, and the
number whose upper and lower half differ most.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from corridor.deal.acceptance import NEAR
from corridor.deal.drawn import DRAWS, DrawnIssue, Floats, draw_issue
from corridor.deal.guarantees import ASSUMPTIONS
from corridor.deal.moves import bring_inside
from corridor.deal.swaps import Swap, find_swaps

if TYPE_CHECKING:
    from corridor.deal.parties import Issue

LEAST_DIFFERENCE = 0.2  # between halves or weightings, below which a statement depends on no single number
MOST_SWAPS = 3
WEIGHTING = ("", "", "weighting")
Truths = NDArray[np.bool_]


@dataclass(frozen=True)
class Dependence:
    """What a statement depends on most: a number, and in which shares it holds with it low and with it high.

    For the weighting, low is as stated and high with all actors alike. `issue` is the one whose number it is.
    """

    issue: str
    actor: str
    column: str
    low: float
    high: float


@dataclass(frozen=True)
class Statement:
    """A statement on one issue or two, by its name in the catalogue (`decided.NAME`) and what it is about.

    `truths` [W, N] tell where it holds: in N draws, with W = 2 weightings or 1 where no weight enters. `actors` are
    ids, `numbers` what else it names, in points.
    """

    name: str
    issues: tuple[str, ...]
    actors: tuple[str, ...]
    numbers: tuple[float, ...]
    truths: Truths
    rests_on: Dependence | None = None

    @property
    def share(self) -> float:
        """Return the share of draws and weightings in which it holds (0 to 1)."""
        return float(self.truths.mean())

    @property
    def robust(self) -> bool:
        """Tell whether it holds in every draw and with both weightings."""
        return bool(self.truths.all())


def decide(issues: Sequence[Issue], draws: int = DRAWS) -> list[Statement]:
    """Return the statements on these issues, each with where it holds and what it depends on most."""
    drawn = {issue.id: draw_issue(issue, draws) for issue in issues}
    found = [(statement, [one]) for one in drawn.values() for statement in _state(one)]
    for swap in find_swaps(issues)[:MOST_SWAPS]:
        both = [drawn[swap.issue], drawn[swap.in_return]]
        found.append((_state_swap(swap, *both), both))
    return [_explain(statement, about) for statement, about in found]


def _state(one: DrawnIssue) -> Iterator[Statement]:
    yield from _state_range(one)
    yield from _state_centre(one)
    yield from _state_moves(one)
    yield from _state_commitment(one)
    yield from _state_lever(one)
    yield from _state_nearer(one)


def _make(
    one: DrawnIssue, name: str, actors: Sequence[str], numbers: Sequence[float], truths: NDArray[np.bool_]
) -> Statement:
    return Statement(name, (one.issue.id,), tuple(actors), tuple(numbers), np.atleast_2d(truths))


def _state_range(one: DrawnIssue) -> Iterator[Statement]:
    """Whether all veto holders accept some point, and between whom nothing is acceptable if not."""
    unscreened = any(p.veto and p.no_deal is None for p in one.issue.positions)
    if not one.accepts:
        return
    low, high = one.find_zone()
    empty = low > high
    if empty.mean() >= 0.5:
        yield _make(one, "no_range", (), (), empty)
        pairs = [(a, b) for a in one.accepts for b in one.accepts if a != b]
        between = [empty & (one.accepts[a][0] >= low) & (one.accepts[b][1] <= high) for a, b in pairs]
        if between:
            most = max(range(len(pairs)), key=lambda k: int(between[k].sum()))
            yield _make(one, "between", pairs[most], (), between[most])
    elif not unscreened and len(one.accepts) > 1:
        yield _make(one, "range", (), (), ~empty)


def _state_centre(one: DrawnIssue) -> Iterator[Statement]:
    """Whether the centre lies inside or outside what each veto holder accepts."""
    centres = one.find_centres()
    for actor, (low, high) in one.accepts.items():
        told = {"below": centres < low - NEAR, "above": centres > high + NEAR}
        told["inside"] = ~told["below"] & ~told["above"]
        name = max(told, key=lambda word: int(told[word].sum()))
        yield _make(one, f"centre_{name}", (actor,), (), told[name])


def _state_moves(one: DrawnIssue) -> Iterator[Statement]:
    """Whether the least move of one actor that brings the centre into the range of all does so."""
    for move in bring_inside(one.issue)[:1]:
        number, (low, high) = one.actors.index(move.actor), one.find_zone()
        moved = one.places.copy()
        moved[number] = move.position + move.moves
        centres = (one.find_shares() * moved).sum(axis=1)
        inside = (centres >= low - NEAR) & (centres <= high + NEAR)
        yield _make(one, "move", (move.actor,), (move.position, move.position + move.moves), inside)


def _state_commitment(one: DrawnIssue) -> Iterator[Statement]:
    if not one.shift:
        return
    needed = need_guarantees(*(one.shift[name] for name in ASSUMPTIONS))
    short = needed > one.shift["guarantee"] + NEAR
    if (needed > 0).mean() < 0.5:
        yield _make(one, "needs_none", (), (), needed <= 0)
    yield _make(one, "short" if short.mean() >= 0.5 else "enough", (), (), short if short.mean() >= 0.5 else ~short)


def need_guarantees(now: Floats, after: Floats, cost: Floats, patience: Floats) -> Floats:
    """Return the guarantee needed in each draw: `corridor.deal.screens.needed_guarantee` for arrays."""
    restraint = cost * (1 - patience) ** 2
    tempted = patience * after - now > restraint
    bearable = (now + restraint) / patience - now
    gained = np.where(tempted, after - now, 1.0)
    return np.where(tempted, np.clip(1 - bearable / gained, 0.0, 1.0), 0.0)


def _state_lever(one: DrawnIssue) -> Iterator[Statement]:
    """Who moves the centre most by coming to it: the share of the weight times the distance; nobody where several do.

    Of two actors each always moves it as far as the other.
    """
    distances = np.abs(one.places[None] - one.find_centres()[:, None, :])
    pulls = one.find_shares() * distances
    first, (second, most) = pulls.argmax(axis=1), np.moveaxis(np.sort(pulls, axis=1)[:, -2:], 1, 0)
    alone = most - second > NEAR
    if alone.any():
        actor = int(np.bincount(first[alone], minlength=len(one.actors)).argmax())
        yield _make(one, "lever", (one.actors[actor],), (), alone & (first == actor))


def _state_nearer(one: DrawnIssue) -> Iterator[Statement]:
    """Which end of the scale the centre lies nearer to; nothing where it lies in the middle."""
    centres = one.find_centres()
    told = {"nearer_high": centres > 50 + NEAR, "nearer_low": centres < 50 - NEAR}
    name = max(told, key=lambda word: int(told[word].sum()))
    if told[name].any():
        yield _make(one, name, (), (), told[name])


def _state_swap(swap: Swap, one: DrawnIssue, other: DrawnIssue) -> Statement:
    """Whether both gain by the swap as it is written and both centres end where every veto holder accepts them."""
    good, worth = np.ones_like(one.find_centres(), dtype=bool), {swap.giver: 0.0, swap.taker: 0.0}
    gains: dict[str, Floats | float] = dict(worth)
    for side, mover, moves in ((one, swap.giver, swap.giver_moves), (other, swap.taker, swap.taker_moves)):
        centres, (low, high) = side.find_centres(), side.find_zone()
        number = side.actors.index(mover)
        after = centres + side.find_shares()[:, number] * moves
        good &= (after >= low - NEAR) & (after <= high + NEAR)
        for actor in worth:
            place = side.places[side.actors.index(actor)]
            nearer = np.abs(place - centres) - np.abs(place - after)
            gains[actor] = gains[actor] + nearer * _draw_salience(side, actor) / 100
    good &= (gains[swap.giver] > 0) & (gains[swap.taker] > 0)
    actors, numbers = (swap.giver, swap.taker), (swap.giver_moves, swap.taker_moves)
    return Statement("swap", (one.issue.id, other.issue.id), actors, numbers, good)


def _draw_salience(side: DrawnIssue, actor: str) -> Floats | float:
    stated = next(p.salience.middle for p in side.issue.positions if p.actor.id == actor)
    return side.inputs.get((actor, "salience"), stated)


def _explain(statement: Statement, about: Sequence[DrawnIssue]) -> Statement:
    """Return a statement with what it depends on most, if anything does."""
    if statement.robust:
        return statement
    halves: dict[tuple[str, str, str], tuple[float, float]] = {}
    if len(statement.truths) > 1:
        halves[WEIGHTING] = (float(statement.truths[0].mean()), float(statement.truths[1].mean()))
    for one in about:
        for (actor, column), values in one.inputs.items():
            above = values > np.median(values)
            above = above if above.any() else values == values.max()  # most of them lie at the end of the scale
            if above.all():
                continue
            low, high = (float(statement.truths[:, part].mean()) for part in (~above, above))
            halves[one.issue.id, actor, column] = (low, high)
    name = max(halves, key=lambda name: abs(halves[name][1] - halves[name][0]), default=WEIGHTING)
    low, high = halves.get(name, (0.0, 0.0))
    if abs(high - low) < LEAST_DIFFERENCE:
        return statement
    return replace(statement, rests_on=Dependence(*name, low, high))
