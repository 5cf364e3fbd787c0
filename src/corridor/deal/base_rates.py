"""How often such things happened elsewhere: context with its number of cases, never a chance here."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class BaseRate:
    """One share (0 to 1) of `cases` past cases of a kind (`among`), its source and what to beware of.

    `clause` links a rate to the issues about it ("none" for rates about settlements as a whole).
    """

    what: str
    share: float
    cases: int
    among: str
    source: str
    caution: str
    clause: str = "none"


_TERMINATION = "UCDP Conflict Termination, dyad version 3-2021"
_CODES = "Outcome codes were not checked against the code book; an episode ending is not a settlement lasting."
_AGREEMENTS = "UCDP Peace Agreements 22.1"
_ENDED = "Hard cases attract agreements and guarantors: never read a raw share as an effect, in either direction."
_PAX = "PA-X Peace Agreements"
_CLAUSES = "How often agreements contain the clause; not whether it was kept, nor whether it helps."
_WALTER = "B. Walter, International Organization 51 (1997) 335-364"

_EPISODES = "civil-war episodes that ended 1990-2020"
_COMPREHENSIVE_ONES = "comprehensive peace agreements 1990-2019"
BASE_RATES = (
    BaseRate("ended by peace agreement", 0.136, 496, _EPISODES, _TERMINATION, _CODES),
    BaseRate("ended by ceasefire", 0.138, 496, _EPISODES, _TERMINATION, _CODES),
    BaseRate("ended by victory", 0.154, 496, _EPISODES, _TERMINATION, _CODES),
    BaseRate("faded to low activity", 0.476, 496, _EPISODES, _TERMINATION, _CODES),
    BaseRate("later ended", 0.22, 77, "full peace agreements 1975-2021", _AGREEMENTS, _ENDED),
    BaseRate("later ended", 0.38, 213, "partial peace agreements 1975-2021", _AGREEMENTS, _ENDED),
    BaseRate("later ended", 0.44, 84, "process agreements 1975-2021", _AGREEMENTS, _ENDED),
    BaseRate("had formal talks", 17 / 41, 41, "civil wars 1940-1990", _WALTER, _ENDED),
    BaseRate("signed and carried out", 8 / 17, 17, "civil wars 1940-1990 with formal talks", _WALTER, _ENDED),
    BaseRate("amnesty", 0.46, 106, _COMPREHENSIVE_ONES, _PAX, _CLAUSES, "amnesty"),
    BaseRate("security guarantees", 0.55, 106, _COMPREHENSIVE_ONES, _PAX, _CLAUSES, "guarantees"),
    BaseRate("disarmament", 0.53, 106, _COMPREHENSIVE_ONES, _PAX, _CLAUSES, "disarmament"),
    BaseRate("enforcement", 0.67, 106, _COMPREHENSIVE_ONES, _PAX, _CLAUSES, "enforcement"),
    BaseRate("peacekeeping", 0.36, 106, _COMPREHENSIVE_ONES, _PAX, _CLAUSES, "peacekeeping"),
)


def rates_about(clause: str) -> tuple[BaseRate, ...]:
    """Return the base rates about a clause; 'none' gives those about settlements as a whole."""
    return tuple(rate for rate in BASE_RATES if rate.clause == clause)
