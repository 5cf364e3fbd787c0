"""One file in which a person decides on all that a report may say: proposals with their sentences, to accept or not."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from corridor.evidence.belonging import find_rows
from corridor.evidence.proposed import Proposed, find_published
from corridor.scenario.areas import INSIDE, find_sides
from corridor.scenario.cells import BLANK
from corridor.scenario.checks.counts import RECORDED_BY, STANDS_AT
from corridor.scenario.variant_writing import format_text

if TYPE_CHECKING:
    from pathlib import Path

    from corridor.evidence.grammar.text import Text
    from corridor.evidence.suggest import Suggestion
    from corridor.scenario.draft import Draft
    from corridor.scenario.scenario import Scenario

CLAIMS, OBSERVATIONS = "claims", "observations"  # where a proposal goes, beside a row of the case
_HEAD = """\
# What {report} may say, for you to decide: nothing is written before you do.
# Write accept = "yes" or "no" below each proposal; what stays "?" waits and is counted. Put right what is wrong and
# fill each ? of what you accept. Then: corridor evidence accept --from {file}
# into: "claims" is a claim alone, "observations" a count too; a row of the case is named where it may belong, and
# replace = "yes" puts the number into it. A sentence is there for you to read: it is written nowhere.
"""
_SHOWN = ("wording", "value", "low", "high", "unit", "date", "stance", "speaker", "place", "happened", "said_on")
_MORE = ("about", "use")
_NUMBERS = ("value", "low", "high")
_SOURCE = ("publisher", "title", "published", "retrieved", "address", "origin", "reliability", "language")


def write_decisions(
    path: Path,
    report: Path,
    text: Text,
    suggestion: Suggestion,
    proposed: Iterable[Proposed],
    case: Scenario | Draft,
    asked: tuple[str, str] = ("", "utf-8"),
) -> str:
    """Return the file, to be written to `path`: the report, its source, and each proposal with what it would become.

    `asked` are the language and the encoding in which the text was asked to be read.
    """
    zone = getattr(case, "zone", None)
    lines = [_HEAD.format(report=report.name, file=path.name)]
    top = {
        "report": _relate(report, path),
        "hash": text.hash,
        "date": suggestion.report_date.isoformat() if suggestion.report_date else "",
        "language": asked[0] or suggestion.language,
        "encoding": asked[1],
        "scenario": _relate(case.folder, path),
        "keep_text": "no",
    }
    lines += [_write(key, value) for key, value in top.items()]
    lines[-1] += '  # "yes" keeps the report in the case and quotes it: only with the right to'
    told = "" if suggestion.language == "en" else suggestion.language
    source = {
        "language": told,
        "publisher": BLANK,
        "published": find_published(text, suggestion, zone),
        "reliability": "F",
    }
    lines += ["", "[source]", _write("id", suggest_source(report.stem))]
    lines += [_write(column, source.get(column, "")) for column in _SOURCE]
    lines += [
        "",
        "[claims]  # of every claim that does not say otherwise",
        _write("happened", ""),
        _write("credibility", "6"),
    ]
    for one in proposed:
        lines += ["", *_write_proposal(one, case)]
    return "\n".join(lines) + "\n"


def suggest_source(name: str) -> str:
    """Return an id for a report's source, made of its file's name."""
    plain = "".join(sign if sign.isascii() and sign.isalnum() else "_" for sign in name.lower()).strip("_")
    return f"s_{plain[:60] or 'report'}"


def _relate(target: Path, file: Path) -> str:
    return os.path.relpath(target, file.parent).replace(os.sep, "/")


def _write(key: str, value: str) -> str:
    return f"{key} = {format_text(value)}"


def _write_proposal(one: Proposed, case: Scenario | Draft) -> list[str]:
    lines = [f"[proposal.{one.id}]", _write("sentence", one.sentence), _write("accept", BLANK)]
    lines += [f"{key} = {value}" if key in _NUMBERS else _write(key, value) for key, value in list_cells(one).items()]
    goes = choose_goal(one, case)
    choices = [f"{name} (now {row['value']})" for name, row in name_rows(one, case)]
    lines.append(_write("into", goes["into"]) + (f"  # or: {'; '.join(choices)}".replace("\n", " ") if choices else ""))
    return lines + [_write(key, value) for key, value in goes.items() if key != "into"]


def list_cells(one: Proposed) -> dict[str, str]:
    """Return the cells of a proposal's claim that a person is shown to be put right; own words are asked for."""
    cells = {column: one.claim.get(column, "") for column in (*_SHOWN, *_MORE)}
    kept = {column: text for column, text in cells.items() if text or column in ("place", "happened")}
    return {"wording": one.claim.get("wording") or BLANK, **{k: v for k, v in kept.items() if k != "wording"}}


def choose_goal(one: Proposed, case: Scenario | Draft) -> dict[str, str]:
    """Return where a proposal goes unless a person says otherwise: a count if it is one that a run records there."""
    place = one.claim.get("place", "")
    if not one.series or not (is_recorded(case, one.series, place) if place else not one.near):
        return {"into": CLAIMS}
    return {"into": OBSERVATIONS, "series": one.series, "counted_at": place}


def is_recorded(case: Scenario | Draft, series: str, place: str) -> bool:
    """Tell whether a run records a series at a place, so that a count there is compared with it."""
    if "place" not in RECORDED_BY[series]:
        return False
    if series in STANDS_AT:
        return any(row.values.get("place") == place for row in case.tables.get(STANDS_AT[series], ()))
    sides = find_sides(case.tables.get("places", ()), case.tables.get("areas", ()))
    return (sides.get(place) == INSIDE) == (series == "displaced")


def name_rows(one: Proposed, case: Scenario | Draft) -> list[tuple[str, Mapping[str, Any]]]:
    """Return the rows of the case that a proposal may belong to, by the words that name one: file, row and column."""
    rows: Sequence[Mapping[str, Any]] = list(find_rows(case, one.proposal, one.near, one.sentence))
    return [(" ".join((row["file"], write_name(row), row["column"])), row) for row in rows]


def write_name(row: Mapping[str, Any]) -> str:
    """Return a row's name, with its parameter set where it has one."""
    return f"{row['name']}@{row['set']}" if row["set"] else str(row["name"])
