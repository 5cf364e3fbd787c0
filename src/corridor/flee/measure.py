"""How far a run is from what was registered: Flee's own measure, naive rules beside it, and scores of an ensemble.

Arrays are [day, camp]; an ensemble is [replicate, day, camp].
"""

from __future__ import annotations

import numpy as np


def measure_error(people: np.ndarray, registered: np.ndarray, *, rescaled: bool = True) -> float:
    """Return Flee's averaged relative difference: the mean over days of the people misplaced over those registered.

    A day counts sum over camps |people - registered| / max(registered, 1). Rescaled, the people of each day are first
    multiplied by one number of that day, so that their sum over camps is that of the registered (by 0 on a day on which
    nobody is in a camp). Every day of the run counts alike, whether anybody was counted on it or not.
    Source: Flee's post-processing, extract-validation-results. 0 is perfect, 2 the worst when rescaled.
    """
    people = np.asarray(people, dtype=np.float64)
    known = registered.sum(axis=1)
    if rescaled:
        total = people.sum(axis=1)
        people = people * np.where(total > 0, known / np.maximum(total, 1e-300), 0.0)[:, None]
    daily = np.abs(people - registered).sum(axis=1) / np.maximum(known, 1.0)
    return float(daily.mean())


def split_error(ensemble: np.ndarray, registered: np.ndarray) -> np.ndarray:
    """Return the part of each camp in Flee's rescaled error, mean over replicates; the parts add up to it [camp]."""
    known, total = registered.sum(axis=1), ensemble.sum(axis=2)
    scale = np.where(total > 0, known / np.maximum(total, 1e-300), 0.0)
    wrong = np.abs(ensemble * scale[:, :, None] - registered) / np.maximum(known, 1.0)[:, None]
    return np.asarray(wrong.mean(axis=(0, 1)))


def keep_shares(registered: np.ndarray, day: int) -> np.ndarray:
    """Return the naive forecast that every camp keeps its share of the total as on `day`; the total is known."""
    total = registered[day].sum()
    camps = registered.shape[1]
    shares = registered[day] / total if total > 0 else np.full(camps, 1.0 / camps)
    return np.asarray(registered.sum(axis=1, keepdims=True) * shares)


def grow_equally(registered: np.ndarray, day: int) -> np.ndarray:
    """Return the naive forecast that every camp gets the same part of the total's growth since `day`."""
    growth = registered.sum(axis=1, keepdims=True) - registered[day].sum()
    return np.asarray(np.maximum(registered[day] + growth / registered.shape[1], 0.0))


def score_ensemble(ensemble: np.ndarray, registered: np.ndarray) -> float:
    """Return the continuous ranked probability score, mean over days and camps, in people.

    For a set of m members the score is mean |x - y| - sum |x_i - x_j| / (2 m^2); T. Gneiting and A. Raftery, J. Am.
    Stat. Assoc. 102 (2007) 359-378, doi:10.1198/016214506000001437.
    """
    members = np.sort(np.asarray(ensemble, dtype=np.float64), axis=0)
    count = len(members)
    ranks = (2 * np.arange(1, count + 1) - count - 1).reshape(-1, *[1] * (members.ndim - 1))
    spread = (ranks * members).sum(axis=0) / count**2
    return float((np.abs(members - registered).mean(axis=0) - spread).mean())


def measure_coverage(ensemble: np.ndarray, registered: np.ndarray, level: float = 0.9) -> float:
    """Return the share of days and camps whose registered people lie in the ensemble's central `level` interval."""
    low, high = np.quantile(ensemble, [(1 - level) / 2, (1 + level) / 2], axis=0)
    return float(((registered >= low) & (registered <= high)).mean())


def summarise_errors(
    ensemble: np.ndarray, registered: np.ndarray, origins: tuple[int, ...] = (7, 30)
) -> dict[str, float]:
    """Return the measures of an ensemble beside the two naive rules, by name.

    `kept` and `equal` are the naive rules told everything up to day 7 (or 30) and the totals afterwards; the model's
    own error over those later days stands beside them, so that it can be seen what skill there is.
    """
    single = [measure_error(people, registered) for people in ensemble]
    plain = [measure_error(people, registered, rescaled=False) for people in ensemble]
    result = {
        "error_rescaled": float(np.mean(single)),
        "error_not_rescaled": float(np.mean(plain)),
        "crps_people": score_ensemble(ensemble, registered),
        "coverage_90": measure_coverage(ensemble, registered),
    }
    for day in origins:
        if day + 1 < len(registered):
            later = slice(day + 1, None)
            result[f"error_after_day_{day}"] = float(
                np.mean([measure_error(p[later], registered[later]) for p in ensemble])
            )
            result[f"kept_shares_after_day_{day}"] = measure_error(
                keep_shares(registered, day)[later], registered[later]
            )
            result[f"equal_growth_after_day_{day}"] = measure_error(
                grow_equally(registered, day)[later], registered[later]
            )
    return result
