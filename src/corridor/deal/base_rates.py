"""How often such things happened elsewhere: context with its number of cases, never a chance here."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class BaseRate:
    """One share (0 to 1) among `cases` past cases, where it comes from and what to beware of.

    `clause` links a rate to the issues about it ("none" for rates about settlements as a whole).
    """

    what: str
    share: float
    cases: int
    source: str
    caution: str
    clause: str = "none"


_TERMINATION = "UCDP Conflict Termination, dyad version 3-2021"
_CODES = (
    "Outcome codes were not checked against the code book; an episode ending is not a settlement lasting."
)
_AGREEMENTS = "UCDP Peace Agreements 22.1"
_ENDED = (
    "Hard cases attract agreements and guarantors: never read a raw share as an effect, in either direction."
)
_COMPREHENSIVE = "PA-X Peace Agreements, comprehensive ones, 1990-2019"
_CLAUSES = "How often agreements contain the clause; not whether it was kept, nor whether it helps."
_WALTER = "B. Walter, International Organization 51 (1997) 335-364"

BASE_RATES = (
    BaseRate("civil-war episodes 1990-2020 that ended by peace agreement", 0.136, 496, _TERMINATION, _CODES),
    BaseRate("civil-war episodes 1990-2020 that ended by ceasefire", 0.138, 496, _TERMINATION, _CODES),
    BaseRate("civil-war episodes 1990-2020 that ended by victory", 0.154, 496, _TERMINATION, _CODES),
    BaseRate("civil-war episodes 1990-2020 that faded to low activity", 0.476, 496, _TERMINATION, _CODES),
    BaseRate("full peace agreements 1975-2021 later marked as ended", 0.22, 77, _AGREEMENTS, _ENDED),
    BaseRate("partial peace agreements 1975-2021 later marked as ended", 0.38, 213, _AGREEMENTS, _ENDED),
    BaseRate("process agreements 1975-2021 later marked as ended", 0.44, 84, _AGREEMENTS, _ENDED),
    BaseRate("civil wars 1940-1990 with formal talks", 17 / 41, 41, _WALTER, _ENDED),
    BaseRate("civil wars 1940-1990 with formal talks: signed and carried out", 8 / 17, 17, _WALTER, _ENDED),
    BaseRate("comprehensive agreements with an amnesty", 0.46, 106, _COMPREHENSIVE, _CLAUSES, "amnesty"),
    BaseRate(
        "comprehensive agreements with security guarantees", 0.55, 106, _COMPREHENSIVE, _CLAUSES, "guarantees"
    ),
    BaseRate("comprehensive agreements with disarmament", 0.53, 106, _COMPREHENSIVE, _CLAUSES, "disarmament"),
    BaseRate("comprehensive agreements with enforcement", 0.67, 106, _COMPREHENSIVE, _CLAUSES, "enforcement"),
    BaseRate(
        "comprehensive agreements with peacekeeping", 0.36, 106, _COMPREHENSIVE, _CLAUSES, "peacekeeping"
    ),
)

CLAUSES = ("none", "amnesty", "guarantees", "disarmament", "enforcement", "peacekeeping")


def rates_about(clause: str) -> tuple[BaseRate, ...]:
    """Return the base rates about a clause; 'none' gives those about settlements as a whole."""
    return tuple(rate for rate in BASE_RATES if rate.clause == clause)
