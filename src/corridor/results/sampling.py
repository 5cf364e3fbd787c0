"""Points at which to try numbers, and what the answers at these points say of each: the methods of SALib.

SALib: https://salib.readthedocs.io. Morris: M. Morris, Technometrics 33 (1991) 161-174, with mu* of F. Campolongo et
al., Environ. Model. Softw. 22 (2007) 1509-1518; Sobol: A. Saltelli et al., Comput. Phys. Commun. 181 (2010) 259-270;
Latin hypercube: M. McKay et al., Technometrics 21 (1979) 239-245.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor.scenario.faults import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

# What each method says of a number.
MEASURES = {
    "morris": ("mu_star", "mu_star_conf", "mu", "sigma"),
    "sobol": ("S1", "S1_conf", "ST", "ST_conf"),
    "latin": (),
}
LEVELS = 4  # of Morris' grid
Bounds = tuple[float, float]


def require_method(method: str, samples: int) -> None:
    """Raise UsageError for an unknown method, for a number of samples it cannot use, and without the library."""
    if method not in MEASURES:
        message = f'no method "{method}"; there are {", ".join(MEASURES)}'
        raise UsageError(message)
    if samples < 2 or (method == "sobol" and samples & (samples - 1)):
        message = f"{samples} samples: at least 2, and a power of two (64, 128) for sobol"
        raise UsageError(message)
    try:
        import_module("SALib")
    except ImportError as error:
        message = f"the method {method} needs SALib: install corridor[sensitivity]; a table with a run a row does not"
        raise UsageError(message) from error


def draw_points(method: str, bounds: Mapping[str, Bounds], samples: int, seed: int) -> Floats:
    """Return the points of a design [points, numbers], in the order of the bounds."""
    require_method(method, samples)
    problem, sample = _describe(bounds), import_module(f"SALib.sample.{method}").sample
    options: dict[str, dict[str, Any]] = {"morris": {"num_levels": LEVELS}, "sobol": {"calc_second_order": False}}
    return np.asarray(sample(problem, samples, seed=seed, **options.get(method, {})), dtype=np.float64)


def measure_points(
    method: str, bounds: Mapping[str, Bounds], points: Floats, answers: Floats, seed: int
) -> dict[str, dict[str, float]]:
    """Return what answers [points] at the points of a design say, by number and by name of the measure.

    An answer that is the same everywhere says nothing: all measures are 0.
    """
    if not np.ptp(answers) > 0:
        return {name: dict.fromkeys(MEASURES[method], 0.0) for name in bounds}
    problem, analyze = _describe(bounds), import_module(f"SALib.analyze.{method}").analyze
    if method == "morris":
        found = analyze(problem, points, answers, num_levels=LEVELS, seed=seed)
    else:
        found = analyze(problem, answers, calc_second_order=False, seed=seed)
    return {name: {measure: float(found[measure][i]) for measure in MEASURES[method]} for i, name in enumerate(bounds)}


def _describe(bounds: Mapping[str, Bounds]) -> dict[str, Any]:
    return {"num_vars": len(bounds), "names": list(bounds), "bounds": [list(ends) for ends in bounds.values()]}
