"""What is found out about a run before its briefing is written: nothing is simulated or scored after this."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

    from corridor.results.drawn import Drawn
    from corridor.results.result import Labels, Values


@dataclass(frozen=True)
class Findings:
    """What a briefing says beyond the recorded series, about one moment of a run.

    `score` and `counts` (each observed count with its use: fitted, seen or held_out) compare the run with what was
    counted; `drawn` are its inputs, drawn again; `unaided` maps place and item to the person-days without by
    the end had no convoy been sent, for the first replicates [R]; `effects` say how far each number moves the answers
    `levers` what somebody could do today would bring and `agreements` what an agreement would change, None where this
    was not measured. `assumed` is the sentence
    owed to the reader when the run itself assumes an agreement, else empty. `learning` is what a forecast noted while
    it learnt from counts; of a run that does not keep it what of the case was not known then; None where nothing was.
    """

    moment: datetime
    score: dict[str, Any]
    counts: list[dict[str, Any]]
    drawn: Drawn
    unaided: dict[Labels, Values]
    effects: dict[str, Any] | None
    levers: dict[str, Any] | None
    agreements: dict[str, Any] | None
    assumed: str
    learning: dict[str, Any] | None = None
