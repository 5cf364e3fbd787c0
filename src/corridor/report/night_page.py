"""The page of a night: a row for each case, its state, its headline numbers, what changed, the way to its briefing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from importlib import resources
from typing import Any
from urllib.parse import quote

from corridor.report.template import fill_template
from corridor.scenario.version import __version__
from corridor.words.language import ENGLISH, Language
from corridor.words.said import Field, Moment, Number, Range, Said, Stated, join, say

MOST_FAULTS = 5  # of a case that are shown; its check tells all of them
STYLES = ("report", "night")


def render_night(document: Mapping[str, Any], language: Language = ENGLISH) -> str:
    """Return the page of a night's document (see `corridor.front.nights.Night`): HTML that asks for nothing outside."""
    rows, states = document["cases"], document["states"]
    beyond = sum(any(change["beyond"] for change in row["changes"]) for row in rows)
    named = [say("night.state", number=Stated(states[name]), state=say(f"night.state.{name}")) for name in states]
    page = resources.files("corridor.report").joinpath("page")
    content = {
        "style": "\n".join(page.joinpath(f"{name}.css").read_text(encoding="utf-8") for name in STYLES),
        "title": say("night.page", day=Moment(datetime.fromisoformat(document["night"]), year=True, bare=True)),
        "sensitivity": _find_strictest(rows),
        "told": say("night.cases", cases=Stated(len(rows)), states=join(*named)),
        "beyond": say("night.beyond", cases=Stated(beyond)) if beyond else "",
        "troubled": [_say_trouble(row) for row in rows if row["state"] != "done" or row["refused"]],
        "rows": [_say_row(row) for row in rows if row["state"] == "done"],
        "left_out": say("night.left_out", names=join(*document["left_out"])) if document["left_out"] else "",
        "version": __version__,
    }
    return fill_template("night", content, _read_moment, language)


def _read_moment(text: str) -> Moment:
    return Moment(datetime.fromisoformat(text))


def _find_strictest(rows: Sequence[Mapping[str, Any]]) -> Field:
    """Return the strictest label among the cases, which is that of a page that tells of all of them."""
    found = {row.get("sensitivity") for row in rows}
    return next((say(f"one.{label}") for label in ("restricted", "partners", "public") if label in found), "")


def _say_trouble(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return why a case is not done, or which of its counts were refused, with its faults."""
    faults, state = row.get("faults", []), row["state"]
    said: dict[str, Field] = {
        "killed": say("night.killed", why=row.get("said", "")),
        "late": say("night.late", minutes=row.get("said", "")),
        "failed": say("night.failed"),
        "faulty": say("night.mended"),
    }
    return {
        "case": row["case"],
        "state": say(f"night.state.{state}"),
        "done": state == "done",
        "why": said.get(state, ""),
        "said": row.get("said", "") if state in ("faulty", "failed", "unfinished") else "",
        "faults": [_say_fault(found) for found in faults[:MOST_FAULTS]],
        "more": say("night.more_faults", number=Stated(len(faults) - MOST_FAULTS)) if faults[MOST_FAULTS:] else "",
        "refused": row["refused"],
    }


def _say_fault(found: Mapping[str, Any]) -> dict[str, Any]:
    where = found["file"] + (f", row {found['row']}" if found["row"] else "")
    where += f", column {found['column']}" if found["column"] else ""
    told = {name: say(f"night.{name}", **{name: found[name]}) for name in ("found", "allowed", "fix")}
    return {"where": f"{where} [{found['code']}]", **told}


def _say_row(row: Mapping[str, Any]) -> dict[str, Any]:
    numbers = {(one["quantity"], one["time"]): one for one in row.get("headline", ())}
    today = row.get("today", "")
    end = max((time for _, time in numbers), default="")
    out = numbers.get(("first_out", ""))
    return {
        "case": row["case"],
        "title": row["title"],
        "link": quote(row["report"]) if "report" in row else "",
        "today": _read_moment(today) if today else "",
        "inside": _say_number(numbers.get(("inside", today))),
        "arrivals": _say_number(numbers.get(("arrivals", today))),
        "end": _say_number(numbers.get(("arrivals", end))),
        "by": say("night.by", time=_read_moment(end)) if end else "",
        "first_out": "" if not today else _say_time(out),
        "notes": _say_notes(row),
        "since": _say_since(row),
        "changes": [(_say_change(change), change["beyond"]) for change in row["changes"]],
    }


def _say_notes(row: Mapping[str, Any]) -> list[Said]:
    kind = row["kind"]
    notes = [say("night.talks")] if kind == "talks" else [say("night.as_written")] if kind == "run" else []
    if kind == "forecast":
        notes.append(say("night.learnt", moment=_read_moment(row["as_of"])))
    return [*notes, *([say("night.warnings", number=Stated(row["warnings"]))] if row["warnings"] else [])]


def _say_since(row: Mapping[str, Any]) -> Said:
    if not row["since"]:
        return say("night.first")
    day = Moment(datetime.fromisoformat(row["since"]), year=True, bare=True)
    return say("night.since" if row["changes"] else "night.same", day=day)


def _say_change(change: Mapping[str, Any]) -> Said:
    """Return a change in words; see `corridor.front.night.headline.compare_nights`."""
    what, was, now = change["what"], change["was"], change["is"]
    if what == "counts":
        name = "night.changed.counts" if now > was else "night.changed.fewer"
        return say(name, number=Stated(abs(now - was)))
    write = _say_time if what == "first_out" else _say_number
    fields: dict[str, Field] = {"is": write(now), "was": write(was)}
    if what == "inside":
        fields["then"] = _read_moment(was["time"])
    if what != "first_out":
        fields["time"] = _read_moment(now["time"])
    return say(f"night.changed.{what}", **fields)


def _say_number(number: Mapping[str, Any] | None) -> Field:
    if number is None:
        return ""
    return Number(Range(number["q05"], number["median"], number["q95"]), number["quantity"], "", number["time"])


def _say_time(times: Mapping[str, Any] | None) -> Said:
    """Return when something happens first; a single moment where that is sure."""
    if times is None:
        return say("night.nothing")
    low, middle, high = (_read_moment(times[point]) for point in ("q05", "median", "q95"))
    return say("night.time.sure" if low == high else "night.time", middle=middle, low=low, high=high)
