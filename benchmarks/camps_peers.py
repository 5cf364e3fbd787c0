"""AutoETS (damped trend) and Theta of statsforecast on one camp's counts at a time, as quantiles."""

from __future__ import annotations

import importlib.util
import warnings

import numpy as np
from scipy.special import ndtri

from corridor.forecast.camp_history import Known

Quantiles = np.ndarray  # [level, day, place]; a single level where a method says one number
LEAST = 10  # values a series should have; weekly where that gives as many


def have_library() -> bool:
    """Tell whether statsforecast is installed."""
    return importlib.util.find_spec("statsforecast") is not None


def forecast_with(name: str, known: Known, days: np.ndarray, levels: np.ndarray) -> Quantiles:
    """Return quantiles of each place known: normal about the library's mean, from its 90 % interval, never below 0."""
    step = 7.0 if known.day >= 7 * LEAST else max(known.day // LEAST, 1.0)
    at = np.arange(known.day, -1, -step)[::-1]
    horizon = int(np.ceil((days[-1] - known.day) / step)) + 1
    ahead = known.day + step * np.arange(horizon + 1)
    out = np.zeros((len(levels), len(days), len(known.places)))
    for column, place in enumerate(known.places.values()):
        values = np.interp(at, place.days, place.people)
        mean, deviation = _fit(name, values, horizon)
        middle = np.interp(days, ahead, np.append(values[-1], mean))
        spread = np.interp(days, ahead, np.append(0.0, deviation))
        out[:, :, column] = np.maximum(middle + ndtri(levels)[:, None] * spread, 0.0)
    return out


def _fit(name: str, values: np.ndarray, horizon: int) -> tuple[np.ndarray, np.ndarray]:
    """Return mean and standard deviation at each step; the last value for sure where the library cannot fit."""
    from statsforecast.models import AutoETS, DynamicOptimizedTheta

    kept = np.full(horizon, values[-1]), np.zeros(horizon)
    if np.ptp(values) == 0:
        return kept
    model = AutoETS(model="AAN", damped=True) if name == "ets" else DynamicOptimizedTheta(season_length=1)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            said = model.forecast(y=values, h=horizon, level=[90])
    except Exception:  # too few values for the method
        return kept
    deviation = np.maximum(said["hi-90"] - said["lo-90"], 0.0) / (2 * ndtri(0.95))
    finite = np.isfinite(said["mean"]) & np.isfinite(deviation)
    return np.where(finite, said["mean"], kept[0]), np.where(finite, deviation, 0.0)
