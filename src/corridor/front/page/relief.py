"""The relief plan and the deal on the screen Evidence, as `corridor plan` and `corridor deal` answer."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from corridor.front.deals import deal
from corridor.front.plans import Plan, plan
from corridor.relief.tables import write_time
from corridor.relief.timetable import describe_timetable
from corridor.report.names import recognise
from corridor.scenario.faults import UsageError
from corridor.words.language import Language, choose_language
from corridor.words.writing import write

if TYPE_CHECKING:
    from collections.abc import Mapping

    from corridor.front.runs import Run
    from corridor.scenario.scenario import Scenario

Part = dict[str, Any]
MOST_DAYS = 30.0  # planned on the page: more takes minutes, and is asked of `corridor plan`
NAMED = ("places", "items", "fleets", "roads")


def describe_plan(
    case: Scenario, asked: Part, parameters: str | None = None, run: Run | None = None, language: str = "en"
) -> Part:
    """Return what to send where and when, who gets less than others, what binds and what one more of it is worth.

    `asked` may hold days, start and cautious. With a run its expected people are planned for. Times are days where the
    case is public; its sentences are in a language. Raises UsageError for what cannot be asked, FaultsError for a case
    that cannot be planned.
    """
    days, chosen = _read_days(asked.get("days") or "14"), choose_language(language)
    start = asked.get("start") or None
    found = plan(case, days, start=start, parameters=parameters, run=run, cautious=asked.get("cautious") == "yes")
    problem, names = found.solved.problem, _name_rows(case)
    return {
        "days": days,
        "start": problem.start.isoformat(timespec="minutes"),
        "expected": run is not None,
        "says": [_say_names(write(line, chosen), names) for line in found.say()],
        "coarse": str(case.settings["sensitivity"]) == "public",
        "convoys": _describe_convoys(found, names),
        "timetable": _describe_timetable(found),
        "shares": _describe_shares(found, names),
        "worth": found.numbers["worth"],
        "within": found.solved.gap,
        "warnings": [{"file": w.file, "row": w.row, "found": w.found, "fix": w.fix} for w in found.warnings],
    }


def describe_deal(case: Scenario, parameters: str | None = None, language: str = "en") -> Part | None:
    """Return where each settlement would land, who moves it and whether it could hold, with the names of the actors.

    None where nothing is negotiated. Never a chance of peace.
    """
    if not case.rows("issues", case.choose_set(parameters)):
        return None
    answer = deal(case, parameters=parameters, language=language)
    names = {actor.id: actor.name for actor in answer.negotiation.actors}
    return {**_write_fixed(answer.document, choose_language(language)), "names": names}


def _write_fixed(document: Mapping[str, Any], language: Language) -> Part:
    """Return the answer on a deal with what it says in the same words every time in a language."""
    accuracy = document["accuracy"]
    return {
        **document,
        "must_not_claim": [write(recognise(claim), language) for claim in document["must_not_claim"]],
        "accuracy": {**accuracy, "tested_on": write(recognise(accuracy["tested_on"]), language)},
    }


def _read_days(text: object) -> float:
    try:
        days = float(str(text))
    except ValueError:
        days = 0.0
    if not 0.25 <= days <= MOST_DAYS:
        message = f'"{text}" days cannot be planned here: from a quarter of a day to {MOST_DAYS:.0f} days'
        raise UsageError(message)
    return days


def _describe_convoys(found: Plan, names: dict[str, str]) -> list[Part]:
    """Return the convoys by departure; `hours` after the start are those of its way, or of its day if public."""
    label = str(found.case.settings["sensitivity"])
    begin = found.solved.problem.start
    convoys = sorted(found.convoys, key=lambda convoy: (convoy.departs, convoy.id))
    rows = []
    for convoy in convoys:
        day = convoy.departs.replace(hour=0, minute=0)
        hours = [(moment - begin).total_seconds() / 3600 for moment in (convoy.departs, convoy.arrives, day)]
        public = label == "public"
        rows.append(
            {
                "id": convoy.id,
                "fleet": names.get(f"fleets/{convoy.fleet}", convoy.fleet),
                "from": names.get(f"places/{convoy.start}", convoy.start),
                "to": names.get(f"places/{convoy.to}", convoy.to),
                "departs": write_time(convoy.departs, label),
                "arrives": write_time(convoy.arrives, label),
                "hours": [hours[2], hours[2] + 24] if public else hours[:2],
                "trucks": convoy.trucks,
                "loads": [
                    {"item": names.get(f"items/{item}", item), "tonnes": round(tonnes, 3)}
                    for item, tonnes in convoy.loads.items()
                ],
                "clearance": convoy.clearance,
            }
        )  # fmt: skip
    return rows


def _describe_timetable(found: Plan) -> Part:
    """Return a row for each consignment by departure, its spans in days after the first midnight; see the paper's."""
    case, solved = found.case, found.solved
    figure = describe_timetable(solved.problem, solved.convoys, case, found.parameters)
    if not figure["rows"]:
        return {"first": "", "days": 0, "rows": []}
    first, last = (datetime.fromisoformat(figure[name]) for name in ("from", "until"))

    def place(span: list[str]) -> list[float]:
        return [(datetime.fromisoformat(time) - first) / timedelta(days=1) for time in span]

    rows = [
        {
            **{name: row[name] for name in ("id", "fleet", "trucks", "from", "to", "loads")},
            **{name: place(row[name]) for name in ("out", "unloads", "back")},
            "shut": [place(span) for span in row["shut"]],
        }
        for row in figure["rows"]
    ]
    return {"first": figure["from"][:10], "days": (last - first) / timedelta(days=1), "rows": rows}


def _describe_shares(found: Plan, names: dict[str, str]) -> list[Part]:
    """Return who gets how much of what they need, those who get less than others first."""
    shares = sorted(found.shares, key=lambda share: (not share.gets_less, share.met))
    return [
        {
            "place": names.get(f"places/{share.place}", share.place),
            "item": names.get(f"items/{share.item}", share.item),
            "people": round(share.people),
            "needed": round(share.needed, 3),
            "delivered": round(share.delivered, 3),
            "met": share.met,
            "overall": share.overall,
            "less": share.gets_less,
            "without": round(share.person_days_without),
            "unaided": round(share.person_days_unaided),
        }
        for share in shares
    ]


def _say_names(line: str, names: dict[str, str]) -> str:
    """Return a sentence with the names of places and roads for their ids."""

    def name(found: re.Match[str]) -> str:
        road = names.get(f"roads/{found[0]}")
        return f'"{road}"' if road else names.get(f"places/{found[0]}", found[0])

    return re.sub(r"[\w-]+", name, line)


def _name_rows(case: Scenario) -> dict[str, str]:
    """Return the names of places, items, fleets and roads by table and id."""
    return {
        f"{table}/{row['id']}": str(row.values["name"])
        for table in NAMED
        for row in case.tables.get(table, ())
        if row.values.get("name")
    }
