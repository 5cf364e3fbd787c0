"""What people do: who leaves, where to, which way, and who boards first.

Each is a small function from what the people of every replicate face to an array of numbers. Swap one by passing
another of the same shape in a Behaviour (`Behaviour(leave_chance=mine)`); the kernel that draws and moves stays.
What a function returns may be any array that broadcasts to the shape it names, of finite numbers of at least 0.
R replicates, O origins, G groups, D destinations, L links.
"""

from __future__ import annotations

import hashlib
import inspect
import pickle
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from functools import cached_property, partial
from typing import Any

import numpy as np

from corridor.scenario.faults import UsageError
from corridor.scenario.named import import_named
from corridor.simulate.arrays import Floats, Integers

LONGEST_LOSS, LARGEST = 600.0, 1e300  # logarithm of weights: exp(-745) is 0 in floating point


@dataclass(frozen=True)
class Situation:
    """What people at each origin face in one step; shapes [R, O] unless said otherwise.

    `gone` is the share that has decided to leave, `missing_guarantees` [R] is 1 when nothing protects those who
    stay, `announcement` the strength of calls still heard, `open` whether any way out is open, `wander` [R] the
    deviation of the logarithm of the departure rate, `leave_rate` [R, G] the base rate per hour; `parameters` [R] by
    name, `hour` since the start of the period.
    """

    origins: tuple[str, ...]
    groups: tuple[str, ...]
    danger: Floats
    shortage: Floats
    gone: Floats
    missing_guarantees: Floats
    announcement: Floats
    open: Floats
    wander: Floats
    leave_rate: Floats
    parameters: Mapping[str, Floats]
    hour: float
    step_hours: float


@dataclass(frozen=True)
class Prospects:
    """Where people may head for when they leave, or once they are registered (`origins` are then the desks' places).

    `pull` [R, D] is how attractive a destination is, `hours` [R, O, D] how long the way there is felt to be, inf
    where none is open (nobody sets out there, whatever its weight), `time_weight` [R] per hour.
    """

    origins: tuple[str, ...]
    destinations: tuple[str, ...]
    pull: Floats
    hours: Floats
    time_weight: Floats


@dataclass(frozen=True)
class Ways:
    """The links of the network: names, kilometres [L], and the speed of free flow in each replicate [R, L], km/h."""

    links: tuple[str, ...]
    length_km: Floats
    speed: Floats

    @property
    def hours(self) -> Floats:
        """Return the hours of free travel on each link in each replicate [R, L]."""
        return np.asarray(self.length_km / self.speed)


@dataclass(frozen=True)
class Boarding:
    """Who waits for a vehicle, fuel or a seat when not everybody finds one: people `waiting` [R, O, G]."""

    origins: tuple[str, ...]
    groups: tuple[str, ...]
    waiting: Integers


def leave_chance(at: Situation) -> Floats:
    """Return the chance that somebody present decides to leave within the step [R, O, G].

    1 - exp(-h dt) with h = base rate * exp(sum of effect * situation): a proportional hazard (D. R. Cox, J. R.
    Statist. Soc. B 34 (1972) 187-220), repeated each step as in the sequential binary logit of evacuation models
    (A. Pel, M. Bliemer, S. Hoogendoorn, Transportation 39 (2012) 97-123, doi:10.1007/s11116-011-9320-6).
    """
    effect = at.parameters
    pressure = (
        effect["effect_danger"][:, None] * at.danger
        + effect["effect_shortage"][:, None] * at.shortage
        + effect["effect_gone"][:, None] * at.gone
        + effect["effect_announcement"][:, None] * at.announcement
        + (effect["effect_guarantees"] * at.missing_guarantees + at.wander)[:, None]
    )
    rate = np.exp(pressure) * at.open * at.step_hours
    return np.asarray(1.0 - np.exp(-rate[:, :, None] * at.leave_rate[:, None, :]))


def choose_destination(at: Prospects) -> Floats:
    """Return weights of destinations from origins [R, O, D]: a logit on attractiveness and expected time.

    Weights are relative: where all are so far that no number could hold them, they are those of ways as much shorter.
    """
    reached = np.isfinite(at.hours)  # a weight of time of 0 times hours without end is no number
    loss = np.multiply(at.time_weight[:, None, None], at.hours, out=np.full(at.hours.shape, np.inf), where=reached)
    beyond = np.minimum(loss.min(axis=2, keepdims=True), LARGEST) - LONGEST_LOSS
    return np.asarray(at.pull[:, None, :] * np.exp(np.maximum(beyond, 0.0) - loss))


def choose_way(at: Ways) -> Floats:
    """Return how long each link is felt to be, in hours [R, L]: people take the way on which the sum is least.

    Free travel at the speeds of the replicate. Asked once, at the start; what is closed is left out of ways whenever
    it closes.
    """
    return at.hours


def load_first(at: Boarding) -> Floats:
    """Return how urgent it is that a group boards [R, O, G]; of groups as urgent the first in order of id boards first.

    All alike: what matters only where seats, vehicles or fuel do not suffice for those who wait.
    """
    return np.zeros(len(at.groups))


@dataclass(frozen=True)
class Behaviour:
    """The functions a run uses. A run in several processes needs functions that a module holds by name."""

    leave_chance: Callable[[Situation], Floats] = leave_chance
    choose_destination: Callable[[Prospects], Floats] = choose_destination
    choose_way: Callable[[Ways], Floats] = choose_way
    load_first: Callable[[Boarding], Floats] = load_first

    @cached_property
    def changed(self) -> dict[str, Callable[[Any], Floats]]:
        """Return the functions that are not Corridor's, by field."""
        return {f.name: getattr(self, f.name) for f in fields(self) if getattr(self, f.name) is not f.default}

    def ask(self, name: str, at: Any, shape: tuple[int, ...]) -> Floats:
        """Return what a function answers, filled out to a shape.

        Raises UsageError where somebody's own function gives another shape, or numbers that are not at least 0.
        """
        function = getattr(self, name)
        answer = function(at)
        if name in self.changed:
            who = f"{name} of the behaviour ({_name_function(function)})"
            try:
                filled = np.broadcast_to(np.asarray(answer, dtype=np.float64), shape)
            except (TypeError, ValueError) as error:
                message = f"{who} gives {np.shape(answer)}; it must fit an array of numbers of shape {shape}"
                raise UsageError(message) from error
            if not (np.isfinite(filled) & (filled >= 0)).all():
                message = f"{who} gives a number below 0, or one that is none or without end"
                raise UsageError(message)
            answer = filled
        elif answer.shape == shape:
            return np.ascontiguousarray(answer)
        return np.ascontiguousarray(np.broadcast_to(answer, shape))


def describe_behaviour(behaviour: Behaviour) -> dict[str, dict[str, str]]:
    """Return for each function that is not Corridor's its qualified name and a SHA-256 of what it was made from.

    That is its source, that of its module, and the values it holds (defaults, what a function within a function
    refers to, arguments given beforehand); not what it imports. Where it cannot be told, `sha256` is "" and `note`
    says so.
    """
    return describe_functions(behaviour.changed)


def describe_functions(functions: Mapping[str, Callable[..., Any]]) -> dict[str, dict[str, str]]:
    """Return what `describe_behaviour` says of functions, by the names they have here."""
    return {name: _describe_function(function) for name, function in functions.items()}


def _describe_function(function: Callable[..., Any]) -> dict[str, str]:
    named = {"function": _name_function(function)}
    inner = function.func if isinstance(function, partial) else function
    held: list[Any] = [function.args, function.keywords] if isinstance(function, partial) else []
    try:
        held += [cell.cell_contents for cell in getattr(inner, "__closure__", None) or ()]
        held += [getattr(inner, name, None) for name in ("__defaults__", "__kwdefaults__")]
        told = (inspect.getsource(inner) + _find_module_source(inner)).encode() + pickle.dumps(held, protocol=4)
    except Exception:  # what the user's own objects raise when they are pickled
        note = "its source, or a value it holds, could not be found, so a change of it cannot be noticed"
        return {**named, "sha256": "", "note": note}
    return {**named, "sha256": hashlib.sha256(told).hexdigest()}


def _find_module_source(function: Callable[..., Any]) -> str:
    """Return the source of the module that a function stands in; nothing for one of a notebook or a prompt."""
    module = inspect.getmodule(function)
    try:
        return "" if module is None else inspect.getsource(module)
    except (OSError, TypeError):
        return ""


def _name_function(function: Callable[..., Any]) -> str:
    function = function.func if isinstance(function, partial) else function
    named = function if hasattr(function, "__qualname__") else type(function)
    return f"{named.__module__}.{named.__qualname__}"


def load_behaviour(name: str) -> Behaviour:
    """Return the behaviour at "module:name", looked for in the working folder too.

    The name is that of a Behaviour, or of a function called like one of its fields, which replaces that one. Raises
    UsageError when there is no such thing.
    """
    known = [field.name for field in fields(Behaviour)]
    found, attribute = import_named(name, "my_rules:leave_chance")
    if isinstance(found, Behaviour):
        return found
    if attribute in known and callable(found):
        return Behaviour(**{attribute: found})
    message = f'"{name}" is neither a Behaviour nor a function named {", ".join(known[:-1])} or {known[-1]}'
    raise UsageError(message)


def require_portable(functions: Mapping[str, Callable[..., Any]]) -> None:
    """See to it that other processes can be handed rules, by name. Raises UsageError for one that cannot be."""
    main = sys.modules.get("__main__")
    for name, function in functions.items():
        at_prompt = getattr(function, "__module__", "") == "__main__" and not hasattr(main, "__file__")
        try:
            pickle.dumps(function)
        except Exception as error:  # pickle raises what the object's own methods raise
            reason = str(error)
        else:
            if not at_prompt:
                continue
            reason = "it was typed at a prompt"
        message = (
            f"{name} of the behaviour ({_name_function(function)}) cannot be handed to other processes: {reason}; "
            "put it into a module, or use one worker"
        )
        raise UsageError(message)
