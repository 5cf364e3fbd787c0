"""The answers in plain sentences and short tables, for the command line."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from corridor.relief.exact import CLOSE
from corridor.relief.explain import say_what_binds, share_out
from corridor.relief.tables import write_time
from corridor.scenario.convoys import name_carrier, write_loads
from corridor.words.language import ENGLISH, Language
from corridor.words.said import Digits, Field, Said, Stated, join, say
from corridor.words.writing import tell, write

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridor.relief.convoys import Convoy
    from corridor.relief.explain import Worth
    from corridor.relief.ledger import Cover
    from corridor.relief.plan import Plan
    from corridor.relief.ration import Ration

MOST_TOLD = 12  # places that get less than others


def describe_ledger(covers: Sequence[Cover], hold_days: float, sensitivity: str, language: Language = ENGLISH) -> str:
    """Return the ledger as text: what runs out first, then one line for each place and item."""
    known = [cover for cover in covers if math.isfinite(cover.days)]
    lines = []
    if known:
        first = known[0]
        when = write_time(first.stock_out, sensitivity) if first.stock_out else ""
        fields = {"item": first.item, "place": first.place, "when": when}
        lines.append(tell(language, "plan.cover.first", **fields, days=Digits(first.days, 1)))
    unknown = sorted({cover.item for cover in covers if math.isnan(cover.days)})
    if unknown:
        lines.append(tell(language, "plan.cover.unknown", items=join(*unknown, between=", ")))
    lines.append(tell(language, "plan.cover.hold", days=Stated(hold_days)))
    for cover in covers:
        days, daily = (write(said, language) for said in (_say_days(cover), _say_daily(cover)))
        haul = write(_say_haul(cover), language)
        lines.append(f"  {cover.place:20} {cover.item:16} {days:>22} {daily:>12} {haul}")
    return "\n".join(lines)


def _say_daily(cover: Cover) -> Said:
    return say("plan.cover.daily", tonnes=Digits(cover.tonnes_per_day, 2))


def _say_haul(cover: Cover) -> Said:
    if cover.haul is None:
        return say("plan.cover.no_fleet")
    loads, trucks = Digits(cover.haul.loads, 2), Digits(cover.haul.vehicles, 2)
    return say("plan.cover.haul", loads=loads, trucks=trucks, fleet=cover.fleet)


def _say_days(cover: Cover) -> Said:
    if math.isnan(cover.days):
        return say("plan.cover.not_known")
    if math.isinf(cover.days):
        return say("plan.cover.hangs_on", item=cover.hangs_on) if cover.hangs_on else say("plan.cover.never")
    days, low, high = say("plan.cover.days", days=Digits(cover.days, 1)), cover.days_low, cover.days_high
    if high - low <= 0.05:
        return days
    return say("plan.range", middle=days, low=Digits(low, 1), high=Digits(high, 1))


def describe_plan(plan: Plan, worths: Sequence[Worth], sensitivity: str, language: Language = ENGLISH) -> str:
    """Return a plan as text: what binds, who gets less, the convoys, the weights and the bound."""
    shares = share_out(plan)
    without = Digits(sum(share.person_days_without for share in shares))
    unaided = Digits(sum(share.person_days_unaided for share in shares))
    lines = [*say_what_binds(plan, list(worths)), say("plan.without", **{"with": without, "unaided": unaided})]
    texts = [write(line, language) for line in lines]
    less = [share for share in shares if share.gets_less]
    if less:
        texts.append(tell(language, "plan.less"))
        for share in less[:MOST_TOLD]:
            met, overall = (say_percent(value, 1) for value in (share.met, share.overall))
            row = tell(language, "plan.less.row", met=met, overall=overall)
            texts.append(f"  {share.place:20} {share.item:16} {row}")
    together = Stated(len({(convoy.fleet, convoy.departs) for convoy in plan.convoys}))
    convoys = say("plan.convoys.number", convoys=together)
    consignments = say("plan.convoys.consignments", consignments=Stated(len(plan.convoys)))
    texts.append(tell(language, "plan.convoys", convoys=convoys, consignments=consignments))
    texts += [f"  {write(_say_convoy(convoy, plan, sensitivity), language)}" for convoy in plan.convoys]
    texts.append(tell(language, "plan.weights", method=say(f"plan.method.{plan.method}")))
    for name, value, meaning in plan.weights.describe():
        texts.append(f"  {name:28} {write(Stated(value), language):>8}  {write(meaning, language)}")
    return "\n".join([*texts, write(_say_objective(plan), language)])


def _say_objective(plan: Plan) -> Said:
    return say(
        "plan.objective",
        objective=Digits(plan.objective),
        kind=say("plan.kind.whole" if plan.whole else "plan.kind.fractions"),
        gap=_say_gap(plan),
        solver=plan.solver,
        seconds=Digits(plan.seconds, 1),
    )


def _say_convoy(convoy: Convoy, plan: Plan, sensitivity: str) -> Said:
    """Say who carries what from where to where, and how many people out."""
    carried: list[Field] = [write_loads(convoy.loads)] if convoy.loads else []
    carried += [say("timetable.people", people=Stated(convoy.people_out))] if convoy.people_out else []
    departs = write_time(convoy.departs, sensitivity)
    return say(
        "plan.convoy",
        departs=departs,
        carrier=_say_carrier(convoy, plan),
        start=convoy.start,
        goal=convoy.to,
        loads=join(*carried, between=", "),
    )


def _say_carrier(convoy: Convoy, plan: Plan) -> Said:
    """Say what goods go by: how many trucks of a fleet, or departures of a service."""
    kind = next(fleet.kind for fleet in plan.problem.fleets if fleet.id == convoy.fleet)
    fleet, service = name_carrier(convoy.fleet)
    back = convoy.fleet.endswith(":back")
    name = say("plan.carrier.back", service=service) if back else service or fleet
    return say("plan.carrier", fleet=name, vehicles=say(f"carrier.{kind}", number=Stated(convoy.trucks)))


def _say_gap(plan: Plan) -> Said:
    """Say how far the plan may be from the best, and apart from it what it costs that trucks are whole."""
    if plan.gap <= CLOSE:
        best = say("plan.gap.best")
    else:
        best = say("plan.gap.within", bound=Digits(plan.bound), gap=say_percent(plan.gap, 2))
    if plan.fractions is None or plan.rounding <= CLOSE:
        return best
    rounding, fractions = say_percent(plan.rounding, 2), Digits(plan.fractions)
    return say("plan.gap.rounding", best=best, rounding=rounding, fractions=fractions)


def say_percent(share: float, places: int = 0) -> Said:
    """Say a share of one in per cent, with so many digits after the point."""
    return say("plan.percent", number=Digits(share * 100.0, places))


def describe_ration(ration: Ration, language: Language = ENGLISH) -> str:
    """Return a ration as text: grams of each food, what it weighs and costs, and which nutrients drive it."""
    rows = [(food, grams) for food, grams in ration.grams.items() if grams > 0.05]
    said = [(food, say("plan.ration.grams", grams=Digits(grams, 1))) for food, grams in rows]
    total, cost = Digits(ration.total_grams, 1), ration.cost_per_person
    whole = (
        say("plan.ration.grams", grams=total)
        if cost is None
        else say("plan.ration.money", grams=total, cost=Digits(cost, 4))
    )
    said.append((tell(language, "plan.ration.all"), whole))
    lines = [f"  {name:24} {write(grams, language):>9}" for name, grams in said]
    driving = [name for name, price in ration.prices.items() if price > 1e-9]
    nutrients = join(*driving, between=", ") if driving else say("plan.ration.least")
    about = tell(language, "plan.ration.drives", nutrients=nutrients)
    return "\n".join([tell(language, f"plan.ration.{ration.aim}"), *lines, about])
