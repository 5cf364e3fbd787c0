"""The answers in plain sentences and short tables, for the command line."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from corridor.relief.exact import CLOSE
from corridor.relief.explain import say_what_binds, share_out
from corridor.relief.tables import write_time
from corridor.scenario.convoys import write_loads

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from corridor.relief.convoys import Convoy
    from corridor.relief.explain import Worth
    from corridor.relief.ledger import Cover
    from corridor.relief.plan import Plan
    from corridor.relief.ration import Ration


def describe_ledger(covers: Sequence[Cover], hold_days: float, sensitivity: str) -> str:
    """Return the ledger as text: what runs out first, then one line for each place and item."""
    known = [cover for cover in covers if math.isfinite(cover.days)]
    lines = []
    if known:
        first = known[0]
        when = write_time(first.stock_out, sensitivity) if first.stock_out else ""
        lines.append(f"First to run out: {first.item} at {first.place}, {when} (stock for {first.days:.1f} days).")
    unknown = sorted({cover.item for cover in covers if math.isnan(cover.days)})
    if unknown:
        lines.append(f"Stock not known, so no date: {', '.join(unknown)}.")
    lines.append(f"To hold cover at {hold_days:g} days (loads and trucks after CARE 5.3, +25 % time):")
    for cover in covers:
        haul = cover.haul
        trucks = (
            f"{haul.loads:.2f} loads a day, {haul.vehicles:.2f} trucks of {cover.fleet}"
            if haul
            else "no fleet reaches it"
        )
        lines.append(f"  {cover.place:20} {cover.item:16} {_days(cover):>22} {cover.tonnes_per_day:8.2f} t/d {trucks}")
    return "\n".join(lines)


def _days(cover: Cover) -> str:
    if math.isnan(cover.days):
        return "stock not known"
    if math.isinf(cover.days):
        return f"never, with {cover.hangs_on}" if cover.hangs_on else "never runs out"
    low, high = cover.days_low, cover.days_high
    spread = f" ({low:.1f} to {high:.1f})" if high - low > 0.05 else ""
    return f"{cover.days:.1f} days{spread}"


def describe_plan(plan: Plan, worths: Sequence[Worth], sensitivity: str) -> str:
    """Return a plan as text: what binds, who gets less, the convoys, the weights and the bound."""
    lines = say_what_binds(plan, list(worths))
    shares = share_out(plan)
    without = sum(share.person_days_without for share in shares)
    unaided = sum(share.person_days_unaided for share in shares)
    lines.append(
        f"With the plan {without:,.0f} person-days go without some item, {unaided:,.0f} if nothing is sent "
        "(all items together; not an IPC classification)."
    )
    less = [share for share in shares if share.gets_less]
    if less:
        lines.append("Who gets less than the others:")
        lines += [
            f"  {share.place:20} {share.item:16} {share.met:6.1%} of the need; all: {share.overall:6.1%}"
            for share in less[:12]
        ]
    together = len({(convoy.fleet, convoy.departs) for convoy in plan.convoys})
    lines.append(f"{together} convoys, {len(plan.convoys)} destinations:")
    lines += [
        f"  {write_time(convoy.departs, sensitivity)}  {_say_carrier(convoy)} "
        f"{convoy.start} to {convoy.to}: {_say_loads(convoy)}"
        for convoy in plan.convoys
    ]
    lines.append(f"Weights ({plan.method}); edit them with --weights FILE:")
    lines += [f"  {name:28} {value:8g}  {meaning}" for name, value, meaning in plan.weights.describe()]
    kind = "whole trucks and convoys" if plan.whole else "trucks in fractions"
    lines.append(f"Objective {plan.objective:,.0f} ({kind}); {_say_gap(plan)}. {plan.solver}, {plan.seconds:.1f} s.")
    return "\n".join(lines)


def _say_carrier(convoy: Convoy) -> str:
    """Say what goods go by: how many trucks of a fleet, or departures of a service."""
    name, one = convoy.fleet, "truck"
    if name.startswith("service:"):
        name, one = name.removeprefix("service:").replace(":back", " (on its way back)"), "departure"
    return f"{name}: {convoy.trucks} {one}{'' if convoy.trucks == 1 else 's'}"


def _say_loads(convoy: Convoy) -> str:
    """Say what a convoy carries in, and how many people out."""
    out = f"{convoy.people_out} people out" if convoy.people_out else ""
    return ", ".join(part for part in (write_loads(convoy.loads), out) if part)


def _say_gap(plan: Plan) -> str:
    """Say how far the plan may be from the best, and apart from it what it costs that trucks are whole."""
    if plan.gap <= CLOSE:
        best = "the best there is"
    else:
        best = f"no plan can go below {plan.bound:,.0f}: within {plan.gap:.2%}"
    if plan.fractions is None or plan.rounding <= CLOSE:
        return best
    return f"{best}; whole trucks cost {plan.rounding:.2%} at least over trucks in fractions ({plan.fractions:,.0f})"


def describe_trial(trial: Mapping[str, Any]) -> str:
    """Return in words what became of a plan in the simulation."""
    lines = [f"In {trial['replicates']} simulated courses (median; 9 in 10 between):"]
    for row in trial["items"]:
        if not row["planned_tonnes"]:
            continue
        brought, saved = row["brought_tonnes"], row["person_days_saved"]
        line = f"  {row['item']:16} {row['planned_tonnes']:.1f} t planned, {_range(brought, 1)} t brought in"
        if saved is not None:
            line += f"; person-days without at places {_range(row['person_days_with'])} "
            line += f"({row['person_days_promised']:,.0f} promised), "
            line += f"{_range(saved)} fewer than with nothing sent"
        lines.append(line)
    if "people_out" in trial:
        saved, promised = trial["hours_waited_saved"], trial["hours_waited_saved_promised"]
        lines.append(
            f"  people taken out {_range(trial['people_out'])} ({trial['people_out_promised']:,} promised); "
            f"hours of waiting {_range(saved)} fewer than with nothing sent ({promised:,.0f} promised)"
        )
    waits = [f"{cause} {_range(hours)}" for cause, hours in trial["truck_hours_waited"].items() if hours["q95"]]
    lines.append(f"Truck-hours waited for: {', '.join(waits) or 'nothing'}.")
    return "\n".join(lines)


def describe_convoy_trial(trial: Mapping[str, Any]) -> str:
    """Return in words what became of convoys that a person wrote."""
    lines = [f"In {trial['replicates']} simulated courses (median; 9 in 10 between):"]
    for row in trial["items"]:
        if not row["sent_tonnes"]:
            continue
        line = f"  {row['item']:16} {row['sent_tonnes']:.1f} t in the rows, "
        line += f"{_range(row['brought_tonnes'], 1)} t brought in"
        if row["person_days_saved"] is not None:
            line += f"; {_range(row['person_days_saved'])} person-days without fewer than with nothing sent"
        lines.append(line)
    waits = [f"{cause} {_range(hours)}" for cause, hours in trial["truck_hours_waited"].items() if hours["q95"]]
    lines.append(f"Truck-hours waited for: {', '.join(waits) or 'nothing'}.")
    if trial["trucks_turned_back"]["q95"]:
        lines.append(f"Trucks turned back: {_range(trial['trucks_turned_back'])}.")
    return "\n".join(lines)


def describe_rolling(rolled: Mapping[str, Any]) -> str:
    """Return in words how planning anew each day did in one course, beside planning once and sending nothing."""
    lines = [f"Planned {rolled['plans']} times in the course of replicate {rolled['replicate']}:"]
    for name, words in (("rolling", "anew each day"), ("once", "once"), ("nothing", "nothing sent")):
        lines.append(f"  {words}:")
        for row in rolled["courses"][name]:
            days, road = row["person_days_at_places"], row["person_days_on_the_road"]
            without = f"{days or 0:,.0f} person-days without at places, {road or 0:,.0f} on the road"
            without = "stock not known" if days is None else without
            lines.append(
                f"    {row['item']:16} {row['brought_tonnes']:8.1f} t in, {row['share_met']:6.1%} met, {without}"
            )
        if out := rolled["out"].get(name):
            people, hours = f"{out['people_out']:,.0f}", f"{out['hours_waited']:,.0f}"
            lines.append(f"    people out       {people} taken out by convoys, {hours} hours of waiting for transport")
    return "\n".join(lines)


def _range(values: Mapping[str, float], digits: int = 0) -> str:
    low, middle, high = (f"{values[name]:,.{digits}f}" for name in ("q05", "median", "q95"))
    return middle if low == high else f"{middle} ({low} to {high})"


def describe_ration(ration: Ration) -> str:
    """Return a ration as text: grams of each food, what it weighs and costs, and which nutrients drive it."""
    lines = [f"The {'lightest' if ration.aim == 'weight' else 'cheapest'} ration for one person and day:"]
    lines += [f"  {food:24} {grams:7.1f} g" for food, grams in ration.grams.items() if grams > 0.05]
    cost = "" if ration.cost_per_person is None else f"; cost {ration.cost_per_person:.4f}"
    lines.append(f"  {'in all':24} {ration.total_grams:7.1f} g{cost}")
    driving = [name for name, price in ration.prices.items() if price > 1e-9]
    lines.append(f"What drives it: {', '.join(driving) or 'the least amounts alone'}.")
    return "\n".join(lines)
