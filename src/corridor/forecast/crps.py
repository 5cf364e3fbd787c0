"""How far an ensemble is from a count: one number, one with an error, or only the ends of it."""

from __future__ import annotations

import numpy as np

from corridor.results.result import Values


def measure_crps(ensemble: Values, value: float, error: float = 0.0) -> float:
    """Return the continuous ranked probability score of an ensemble [R] for one value, in its unit; lower is better.

    The fair (unbiased) estimator: mean |x - y| - sum |x - x'| / (2 R (R - 1)). C. Ferro, Q. J. R. Meteorol. Soc.
    140 (2014) 1917-1923, doi:10.1002/qj.2270; computed from the sorted ensemble. With an error of the value it is the
    mean of that score over the truths that the value allows, each within the error as likely (G. Candille, O.
    Talagrand, Q. J. R. Meteorol. Soc. 134 (2008) 959-971, doi:10.1002/qj.268).
    """
    count = len(ensemble)
    ordered = np.sort(ensemble)
    near = float(expect_distance(ordered, value, error).mean())
    if count < 2:
        return near
    weights = 2.0 * np.arange(count) - count + 1.0
    return near - float((weights * ordered).sum()) / (count * (count - 1))


def measure_plain_crps(ensemble: Values, value: float, error: float = 0.0) -> float:
    """Return the CRPS of an ensemble [R] taken for the whole distribution: mean |x - y| - sum |x - x'| / (2 R R).

    It is higher than the fair one by half the mean distance between members over R - 1, which is what a small ensemble
    costs; the two say the same of a large one.
    """
    count = len(ensemble)
    if count < 2:
        return measure_crps(ensemble, value, error)
    near = float(expect_distance(np.asarray(ensemble), value, error).mean())
    return near - (near - measure_crps(ensemble, value, error)) * (count - 1) / count


def measure_quantile_crps(levels: Values, quantiles: Values, value: float, error: float = 0.0) -> float:
    """Return the CRPS of quantiles [L] at rising levels [L]: twice the mean pinball loss.

    Each level stands for the chances nearest to it, so that levels need not be evenly apart. F. Laio, S. Tamea, Hydrol.
    Earth Syst. Sci. 11 (2007) 1267-1277, doi:10.5194/hess-11-1267-2007. With an error of the value it is the mean over
    the truths that the value allows, as in `measure_crps`.
    """
    edges = np.concatenate([[0.0], (levels[1:] + levels[:-1]) / 2, [1.0]])
    away = expect_distance(quantiles, value, error)
    # pinball loss: level times what the truth lies above, 1 - level times what it lies below; |d| and d give both
    loss = away / 2 + (levels - 0.5) * (value - quantiles)
    return float(2 * (np.diff(edges) * loss).sum())


def expect_distance(said: Values, value: float, error: float) -> Values:
    """Return the mean distance of numbers from a truth that lies anywhere within the error of a value."""
    distance = np.abs(said - value)
    if error == 0.0:
        return np.asarray(distance)
    return np.where(distance >= error, distance, (distance**2 + error**2) / (2 * error))


def measure_censored_crps(ensemble: Values, low: float, high: float) -> float:
    """Return the CRPS of an ensemble [R] for a truth of which only the ends are known (infinite where none is).

    The part of the score that the ends decide: of what falls short of `low`, and of what lies above `high`. That is
    the CRPS weighted by threshold (T. Gneiting, R. Ranjan, J. Bus. Econ. Stat. 29 (2011) 411-422,
    doi:10.1198/jbes.2010.08110), for censored outcomes as in A. Avati et al., Proc. UAI 2019, arXiv:1806.08324.
    """
    short = measure_crps(np.minimum(ensemble, low), low) if np.isfinite(low) else 0.0
    above = measure_crps(np.maximum(ensemble, high), high) if np.isfinite(high) else 0.0
    return short + above


def share_within(low: float, high: float, value: float, error: float) -> float:
    """Return the chance that the truth lies in an interval, if it lies anywhere within the error of a value."""
    if error == 0.0:
        return float(low <= value <= high)
    return max(min(high, value + error) - max(low, value - error), 0.0) / (2 * error)
