"""Random numbers that depend only on what they are drawn for.

Every draw is a pure function of a *key* (seed and replicate), an *entity* (what is drawn, for whom: the hash of
the place, group and purpose), a *step* and an *attempt*. Nothing is carried from draw to draw, so the order of
rows, the number of workers and the roads added elsewhere change no number, and two variants of a scenario share
their luck.

The generator is Philox4x32-10: J. Salmon, M. Moraes, R. Dror, D. Shaw, "Parallel random numbers: as easy as
1, 2, 3", SC11, doi:10.1145/2063384.2063405. Large binomials and Poissons use W. Hormann's transformed rejection
(BTRS, J. Stat. Comput. Simul. 46 (1993) 101-110, doi:10.1080/00949659308811496; PTRS, Insurance: Mathematics and
Economics 12 (1993) 39-45, doi:10.1016/0167-6687(93)90997-4), small ones the inverse of the distribution function.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from corridor.chance.compiled import compiled, inlined, inner

_MULTIPLIER_0 = np.uint64(0xD2511F53)
_MULTIPLIER_1 = np.uint64(0xCD9E8D57)
_WEYL_0 = np.uint64(0x9E3779B9)
_WEYL_1 = np.uint64(0xBB67AE85)
_LOW = np.uint64(0xFFFFFFFF)
_SHIFT_32 = np.uint64(32)
_SHIFT_11 = np.uint64(11)
_SHIFT_27 = np.uint64(27)
_SHIFT_30 = np.uint64(30)
_SHIFT_31 = np.uint64(31)
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)
FIRST, LATER = (
    np.int64(0),
    np.int64(1 << 20),
)  # attempts at a draw: the first, and those of a second use of the same key
_INVERSION_LIMIT = 10.0  # below this mean one uniform is inverted, above it rejection is cheaper


def entity_key(*parts: str) -> int:
    """Return the 64-bit key of an entity named by `parts`, for example ("departures", "town", "families").

    The same words give the same key on every machine and in every version.
    """
    text = "\x1f".join(parts)
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little")


def entity_keys(*parts: Sequence[str] | str) -> np.ndarray:
    """Return keys for the outer product of lists of names; a plain string is one name. Shape: one axis per list."""
    lists = [[part] if isinstance(part, str) else part for part in parts]
    shape = tuple(len(names) for part, names in zip(parts, lists, strict=True) if not isinstance(part, str))
    keys = np.empty([len(names) for names in lists], dtype=np.uint64)
    for index in np.ndindex(*keys.shape):
        keys[index] = entity_key(*(names[i] for names, i in zip(lists, index, strict=True)))
    return keys.reshape(shape)


@inlined
def _mix(value):  # type: ignore[no-untyped-def]
    value = (value ^ (value >> _SHIFT_30)) * _MIX_1
    value = (value ^ (value >> _SHIFT_27)) * _MIX_2
    return value ^ (value >> _SHIFT_31)


@compiled
def replicate_key(seed, replicate):  # type: ignore[no-untyped-def]
    """Return the 64-bit key of one replicate of one seed (both integers >= 0)."""
    return _mix(_mix(np.uint64(seed) + _GOLDEN) + (np.uint64(replicate) + np.uint64(1)) * _GOLDEN)


@compiled
def philox(c0, c1, c2, c3, k0, k1):  # type: ignore[no-untyped-def]
    """Return the four 32-bit words of Philox4x32-10 for a 128-bit counter and a 64-bit key, as uint64 values."""
    for _ in range(10):
        product_0 = _MULTIPLIER_0 * c0
        product_1 = _MULTIPLIER_1 * c2
        c0, c1, c2, c3 = (
            (product_1 >> _SHIFT_32) ^ c1 ^ k0,
            product_1 & _LOW,
            (product_0 >> _SHIFT_32) ^ c3 ^ k1,
            product_0 & _LOW,
        )
        k0 = (k0 + _WEYL_0) & _LOW
        k1 = (k1 + _WEYL_1) & _LOW
    return c0, c1, c2, c3


@compiled
def draw_uniforms(key, entity, step, attempt):  # type: ignore[no-untyped-def]
    """Return two independent uniforms in (0, 1) with 53 random bits."""
    key = np.uint64(key)
    entity = np.uint64(entity)
    w0, w1, w2, w3 = philox(
        np.uint64(attempt) & _LOW,
        np.uint64(step) & _LOW,
        entity & _LOW,
        entity >> _SHIFT_32,
        key & _LOW,
        key >> _SHIFT_32,
    )
    first = np.float64(((w0 << _SHIFT_32) | w1) >> _SHIFT_11)
    second = np.float64(((w2 << _SHIFT_32) | w3) >> _SHIFT_11)
    scale = 1.0 / 9007199254740992.0
    return (first + 0.5) * scale, (second + 0.5) * scale


@compiled
def draw_uniform(key, entity, step, attempt):  # type: ignore[no-untyped-def]
    """Return one uniform in (0, 1)."""
    return draw_uniforms(key, entity, step, attempt)[0]


@compiled
def _fill_uniforms(keys, entity, values):  # type: ignore[no-untyped-def]
    for i in range(keys.shape[0]):
        values[i] = draw_uniforms(keys[i], entity, FIRST, FIRST)[0]


def draw_uniform_each(keys: NDArray[np.uint64], entity: np.uint64) -> NDArray[np.float64]:
    """Return one uniform for each key [R], at step 0."""
    values = np.empty(len(keys))
    _fill_uniforms(keys, entity, values)
    return values


@compiled
def draw_normal(key, entity, step, attempt):  # type: ignore[no-untyped-def]
    """Return one standard normal (Box and Muller 1958)."""
    first, second = draw_uniforms(key, entity, step, attempt)
    return math.sqrt(-2.0 * math.log(first)) * math.cos(2.0 * math.pi * second)


@inner
def _invert_binomial(uniform, trials, chance):  # type: ignore[no-untyped-def]
    if uniform <= 1.0 - trials * chance:  # at most the chance of none, by Bernoulli's inequality
        return 0
    odds = chance / (1.0 - chance)
    term = math.exp(trials * math.log1p(-chance))
    total = term
    count = 0
    while uniform > total and count < trials:
        count += 1
        term *= odds * (trials - count + 1) / count
        if term == 0.0:
            break
        total += term
    return count


@inner
def _stirling(value):  # type: ignore[no-untyped-def]
    """Return log(k!) minus its Stirling approximation, exactly for k < 10."""
    if value < 10.0:
        return math.lgamma(value + 1.0) - ((value + 0.5) * math.log(value + 1.0) - (value + 1.0) + 0.9189385332046727)
    inverse = 1.0 / (value + 1.0)
    square = inverse * inverse
    return (1.0 / 12 - (1.0 / 360 - 1.0 / 1260 * square) * square) * inverse


@inner
def _reject_binomial(key, entity, step, attempt, trials, chance):  # type: ignore[no-untyped-def]
    spread = math.sqrt(trials * chance * (1.0 - chance))
    b = 1.15 + 2.53 * spread
    a = -0.0873 + 0.0248 * b + 0.01 * chance
    c = trials * chance + 0.5
    v_r = 0.92 - 4.2 / b
    alpha = (2.83 + 5.1 / b) * spread
    mode = math.floor((trials + 1) * chance)
    log_odds = math.log(chance / (1.0 - chance))
    while True:
        u, v = draw_uniforms(key, entity, step, attempt)
        attempt += 1
        u -= 0.5
        us = 0.5 - abs(u)
        count = math.floor((2.0 * a / us + b) * u + c)
        if count < 0 or count > trials:
            continue
        if us >= 0.07 and v <= v_r:
            return np.int64(count)
        v = math.log(v * alpha / (a / (us * us) + b))
        bound = (
            (mode + 0.5) * math.log((mode + 1.0) / (trials - mode + 1.0))
            + _stirling(mode)
            + _stirling(trials - mode)
            + (trials + 1.0) * math.log((trials - mode + 1.0) / (trials - count + 1.0))
            + (count + 0.5) * math.log((trials - count + 1.0) / (count + 1.0))
            - _stirling(count)
            - _stirling(trials - count)
            + (count - mode) * log_odds
        )
        if v <= bound:
            return np.int64(count)


@compiled
def draw_binomial(key, entity, step, attempt, trials, chance):  # type: ignore[no-untyped-def]
    """Return how many of `trials` (a whole number >= 0) succeed, each with `chance` (clipped to [0, 1])."""
    if trials <= 0 or chance <= 0.0:
        return np.int64(0)
    if chance >= 1.0:
        return np.int64(trials)
    flipped = chance > 0.5
    small = 1.0 - chance if flipped else chance
    if trials * small < _INVERSION_LIMIT:
        uniform = draw_uniform(key, entity, step, attempt)
        # the larger the uniform the more succeed, also when the complement is drawn: variants stay coupled
        count = _invert_binomial(1.0 - uniform if flipped else uniform, trials, small)
    else:
        count = _reject_binomial(key, entity, step, attempt, trials, small)
    return np.int64(trials - count) if flipped else np.int64(count)


@compiled
def draw_poisson(key, entity, step, attempt, mean):  # type: ignore[no-untyped-def]
    """Return a Poisson count with the given mean (>= 0)."""
    if mean <= 0.0:
        return np.int64(0)
    if mean < _INVERSION_LIMIT:
        uniform = draw_uniform(key, entity, step, attempt)
        term = math.exp(-mean)
        total = term
        count = 0
        while uniform > total and term > 0.0:
            count += 1
            term *= mean / count
            total += term
        return np.int64(count)
    log_mean = math.log(mean)
    b = 0.931 + 2.53 * math.sqrt(mean)
    a = -0.059 + 0.02483 * b
    inverse_alpha = 1.1239 + 1.1328 / (b - 3.4)
    v_r = 0.9277 - 3.6224 / (b - 2.0)
    while True:
        u, v = draw_uniforms(key, entity, step, attempt)
        attempt += 1
        u -= 0.5
        us = 0.5 - abs(u)
        count = math.floor((2.0 * a / us + b) * u + mean + 0.43)
        if us >= 0.07 and v <= v_r:
            return np.int64(count)
        if count < 0 or (us < 0.013 and v > us):
            continue
        left = math.log(v) + math.log(inverse_alpha) - math.log(a / (us * us) + b)
        if left <= -mean + count * log_mean - math.lgamma(count + 1.0):
            return np.int64(count)


@compiled
def draw_multinomial(key, entity, step, trials, weights, counts):  # type: ignore[no-untyped-def]
    """Split `trials` over `weights` (>= 0, not all zero) into `counts` (written), by conditional binomials.

    If all weights are zero nothing is drawn and `counts` is zero. Attempts are spaced so that the parts do not
    share random numbers.
    """
    rest_weight = 0.0
    for i in range(weights.shape[0]):
        rest_weight += weights[i]
        counts[i] = 0
    rest = trials
    for i in range(weights.shape[0]):
        if rest <= 0 or rest_weight <= 0.0:
            break
        weight = weights[i]
        if weight <= 0.0:
            continue
        if weight >= rest_weight * (1.0 - 1e-12):
            counts[i] = rest
            rest = 0
            break
        taken = draw_binomial(key, entity, step, np.int64((i + 1) << 16), rest, weight / rest_weight)
        counts[i] = taken
        rest -= taken
        rest_weight -= weight
    if rest > 0:
        for i in range(weights.shape[0] - 1, -1, -1):
            if weights[i] > 0.0:
                counts[i] += rest
                break
