"""Corridor: an executable model of a crisis in which people are cut off.

This is the front door, `import corridor as co`: what stands in CALLS can be used as `co.read`, `co.run` and so on.
Nothing is loaded before it is used, so that the import and `corridor --help` answer at once.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

from corridor.scenario.version import __version__ as __version__

if TYPE_CHECKING:
    from corridor.flee.kept import tell_kept as tell_kept
    from corridor.flee.origins import Origins as Origins
    from corridor.flee.rules import FleeDay as FleeDay
    from corridor.flee.rules import FleeRules as FleeRules
    from corridor.flee.rules import load_rules as load_rules
    from corridor.flee.sweep import FleeSweep as FleeSweep
    from corridor.forecast.board import AsOf as AsOf
    from corridor.forecast.filter import Effort as Effort
    from corridor.front.accepting import AcceptedAll as AcceptedAll
    from corridor.front.agreements import Agreements as Agreements
    from corridor.front.agreements import agreements as agreements
    from corridor.front.backtests import backtest as backtest
    from corridor.front.board import Board as Board
    from corridor.front.board import score_forecasts as score_forecasts
    from corridor.front.board import score_ledger as score_ledger
    from corridor.front.build import Built as Built
    from corridor.front.build import build as build
    from corridor.front.camp_forecast import CampForecast as CampForecast
    from corridor.front.camps import forecast_camps as forecast_camps
    from corridor.front.cases import Check as Check
    from corridor.front.cases import check as check
    from corridor.front.cases import create as create
    from corridor.front.cases import read as read
    from corridor.front.cases import upgrade as upgrade
    from corridor.front.cases import write_variant as write_variant
    from corridor.front.convoy_sheets import EditedConvoys as EditedConvoys
    from corridor.front.convoy_sheets import read_convoys as read_convoys
    from corridor.front.count_files import AddedCounts as AddedCounts
    from corridor.front.count_files import add_count_file as add_count_file
    from corridor.front.counts import compare as compare
    from corridor.front.deals import DealAnswer as DealAnswer
    from corridor.front.deals import deal as deal
    from corridor.front.evidence import Reading as Reading
    from corridor.front.evidence import accept_decisions as accept_decisions
    from corridor.front.evidence import evidence as evidence
    from corridor.front.evidence import review as review
    from corridor.front.evidence import suggest as suggest
    from corridor.front.flee import check_flee as check_flee
    from corridor.front.flee import compare_flee as compare_flee
    from corridor.front.flee import import_flee as import_flee
    from corridor.front.flee import read_flee as read_flee
    from corridor.front.flee import run_flee as run_flee
    from corridor.front.flee import sweep_flee as sweep_flee
    from corridor.front.flee import trace_origins as trace_origins
    from corridor.front.flee import write_flee_out as write_flee_out
    from corridor.front.flee_build import BuiltFlee as BuiltFlee
    from corridor.front.flee_build import build_flee as build_flee
    from corridor.front.flee_cases import FleeCases as FleeCases
    from corridor.front.flee_cases import list_flee_cases as list_flee_cases
    from corridor.front.flee_cases import run_flee_cases as run_flee_cases
    from corridor.front.flee_page import report_flee as report_flee
    from corridor.front.forecasts import Forecast as Forecast
    from corridor.front.forecasts import forecast as forecast
    from corridor.front.live import Live as Live
    from corridor.front.live import open_live as open_live
    from corridor.front.night.work import Nightly as Nightly
    from corridor.front.nights import Night as Night
    from corridor.front.nights import night as night
    from corridor.front.plans import PlanMethod as PlanMethod
    from corridor.front.plans import ledger as ledger
    from corridor.front.plans import plan as plan
    from corridor.front.plans import ration as ration
    from corridor.front.plans import tell_plan as tell_plan
    from corridor.front.plans import weigh_caution as weigh_caution
    from corridor.front.runs import Run as Run
    from corridor.front.runs import open_run as open_run
    from corridor.front.runs import run as run
    from corridor.front.sweeps import Sweep as Sweep
    from corridor.front.sweeps import sweep as sweep
    from corridor.front.workbooks import TakenOver as TakenOver
    from corridor.front.workbooks import read_workbook as read_workbook
    from corridor.front.workbooks import write_workbook as write_workbook
    from corridor.scenario.faults import Fault as Fault
    from corridor.scenario.faults import FaultsError as FaultsError
    from corridor.scenario.faults import InterruptedRunError as InterruptedRunError
    from corridor.scenario.faults import UsageError as UsageError
    from corridor.scenario.faults import faults_document as faults_document
    from corridor.scenario.scenario import Scenario as Scenario
    from corridor.scenario.visible import make_visible as make_visible
    from corridor.simulate.behaviour import Behaviour as Behaviour
    from corridor.simulate.behaviour import load_behaviour as load_behaviour
    from corridor.sweep.sampling import Sampling as Sampling
    from corridor.web.serve import serve as serve
    from corridor.web.static import write_static as write_static

_HOLDERS = {
    "corridor.front.cases": ("read", "check", "create", "upgrade", "write_variant", "Check"),
    "corridor.front.build": ("build", "Built"),
    "corridor.front.runs": ("run", "open_run", "Run"),
    "corridor.front.counts": ("compare",),
    "corridor.front.count_files": ("add_count_file", "AddedCounts"),
    "corridor.front.forecasts": ("forecast", "Forecast"),
    "corridor.front.backtests": ("backtest",),
    "corridor.front.board": ("score_forecasts", "score_ledger", "Board"),
    "corridor.front.camp_forecast": ("CampForecast",),
    "corridor.front.camps": ("forecast_camps",),
    "corridor.front.live": ("open_live", "Live"),
    "corridor.front.convoy_sheets": ("read_convoys", "EditedConvoys"),
    "corridor.front.plans": ("plan", "PlanMethod", "ledger", "ration", "tell_plan", "weigh_caution"),
    "corridor.front.agreements": ("agreements", "Agreements"),
    "corridor.front.deals": ("deal", "DealAnswer"),
    "corridor.front.evidence": ("evidence", "review", "suggest", "accept_decisions", "Reading"),
    "corridor.front.accepting": ("AcceptedAll",),
    "corridor.front.flee_build": ("build_flee", "BuiltFlee"),
    "corridor.front.flee": (
        "read_flee",
        "check_flee",
        "run_flee",
        "import_flee",
        "compare_flee",
        "trace_origins",
        "write_flee_out",
        "sweep_flee",
    ),
    "corridor.flee.sweep": ("FleeSweep",),
    "corridor.flee.kept": ("tell_kept",),
    "corridor.flee.rules": ("FleeRules", "FleeDay", "load_rules"),
    "corridor.flee.origins": ("Origins",),
    "corridor.front.flee_page": ("report_flee",),
    "corridor.front.flee_cases": ("run_flee_cases", "list_flee_cases", "FleeCases"),
    "corridor.front.sweeps": ("sweep", "Sweep"),
    "corridor.front.nights": ("night", "Night"),
    "corridor.front.night.work": ("Nightly",),
    "corridor.sweep.sampling": ("Sampling",),
    "corridor.front.workbooks": ("write_workbook", "read_workbook", "TakenOver"),
    "corridor.forecast.filter": ("Effort",),
    "corridor.forecast.board": ("AsOf",),
    "corridor.scenario.scenario": ("Scenario",),
    "corridor.scenario.faults": ("Fault", "FaultsError", "InterruptedRunError", "UsageError", "faults_document"),
    "corridor.scenario.visible": ("make_visible",),
    "corridor.simulate.behaviour": ("Behaviour", "load_behaviour"),
    "corridor.web.serve": ("serve",),
    "corridor.web.static": ("write_static",),
}
# Each call and the module that holds it under the same name.
CALLS = {name: module for module, names in _HOLDERS.items() for name in names}
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
