"""Corridor: an executable model of a crisis in which people are cut off.

This is the front door, `import corridor as co`: what stands in CALLS can be used as `co.read`, `co.run` and so on.
Nothing is loaded before it is used, so that the import and `corridor --help` answer at once.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from corridor.forecast.fit import Effort as Effort
    from corridor.front.briefing import report as report
    from corridor.front.cases import check as check
    from corridor.front.cases import create as create
    from corridor.front.cases import read as read
    from corridor.front.cases import upgrade as upgrade
    from corridor.front.counts import compare as compare
    from corridor.front.counts import fit as fit
    from corridor.front.deals import deal as deal
    from corridor.front.evidence import evidence as evidence
    from corridor.front.evidence import suggest as suggest
    from corridor.front.flee import check_flee as check_flee
    from corridor.front.flee import compare_flee as compare_flee
    from corridor.front.flee import import_flee as import_flee
    from corridor.front.flee import read_flee as read_flee
    from corridor.front.flee import run_flee as run_flee
    from corridor.front.plans import PlanMethod as PlanMethod
    from corridor.front.plans import ledger as ledger
    from corridor.front.plans import plan as plan
    from corridor.front.plans import ration as ration
    from corridor.front.runs import Run as Run
    from corridor.front.runs import open_run as open_run
    from corridor.front.runs import run as run
    from corridor.scenario.faults import FaultsError as FaultsError
    from corridor.scenario.faults import InterruptedRunError as InterruptedRunError
    from corridor.scenario.faults import UsageError as UsageError
    from corridor.scenario.scenario import Scenario as Scenario
    from corridor.simulate.behaviour import Behaviour as Behaviour

__version__ = "0.2.0"

# Each call and the module that holds it under the same name.
CALLS = {
    "report": "corridor.front.briefing",
    "check": "corridor.front.cases",
    "create": "corridor.front.cases",
    "read": "corridor.front.cases",
    "compare": "corridor.front.counts",
    "fit": "corridor.front.counts",
    "open_run": "corridor.front.runs",
    "run": "corridor.front.runs",
    "Behaviour": "corridor.simulate.behaviour",
    "Effort": "corridor.forecast.fit",
    "Run": "corridor.front.runs",
    "Scenario": "corridor.scenario.scenario",
    "upgrade": "corridor.front.cases",
    "deal": "corridor.front.deals",
    "evidence": "corridor.front.evidence",
    "suggest": "corridor.front.evidence",
    "PlanMethod": "corridor.front.plans",
    "ledger": "corridor.front.plans",
    "plan": "corridor.front.plans",
    "ration": "corridor.front.plans",
    "check_flee": "corridor.front.flee",
    "compare_flee": "corridor.front.flee",
    "import_flee": "corridor.front.flee",
    "read_flee": "corridor.front.flee",
    "run_flee": "corridor.front.flee",
    "FaultsError": "corridor.scenario.faults",
    "InterruptedRunError": "corridor.scenario.faults",
    "UsageError": "corridor.scenario.faults",
}
__all__ = ["__version__", *CALLS]


def __getattr__(name: str) -> Any:
    if name not in CALLS:
        message = f"module 'corridor' has no attribute {name!r}; there are {', '.join(CALLS)}"
        raise AttributeError(message)
    return getattr(import_module(CALLS[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)


class _FrontDoor(ModuleType):
    """Keeps a call's name for the call when a room of the same name (deal, evidence) is loaded below it."""

    def __setattr__(self, name: str, value: Any) -> None:
        if not (name in CALLS and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _FrontDoor
