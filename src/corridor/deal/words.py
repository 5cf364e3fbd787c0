"""The answer about a negotiation in plain text for a terminal."""

from __future__ import annotations

from typing import Any

Part = dict[str, Any]


def write_answer(document: Part) -> str:
    """Return the document of `corridor.deal.answer.answer_deal` as text."""
    lines = _write_decided(document["decided"])
    lines += [line for issue in document["issues"] for line in _write_issue(issue)]
    lines += _write_swaps(document["swaps"])
    lines += _write_proposals(document["proposals"])
    lines.append("Elsewhere (context, never a chance for this case)")
    lines += [f"  {line}" for line in _write_rates(document["base_rates"]["rates"])]
    lines += ["", *_write_skill(document["accuracy"])]
    if voices := document["voices_without_capability"]:
        lines.append(f"Voices without capability, which move no number: {', '.join(voices)}.")
    if assumptions := document["assumptions"]:
        lines.append(f"{len(assumptions)} rows rest on no claim and are assumptions (listed with --json).")
    lines += ["", "This answer must not be read as claiming"]
    lines += [f"  - {claim};" for claim in document["must_not_claim"]]
    lines[-1] = lines[-1].removesuffix(";") + "."
    return "\n".join(lines)


def _write_decided(decided: Part) -> list[str]:
    """Return what can be decided first, then what depends, then what cannot be said."""
    return [
        f"What can be decided (true in all {decided['draws']} draws of the stated ranges, with both weightings)",
        *([f"  - {part['text']}" for part in decided["robust"]] or ["  - nothing"]),
        *(["Who must be moved, by what (at the central values)"] if decided["needs"] else []),
        *(f"  - {text}" for text in decided["needs"]),
        "What depends",
        *([f"  - {part['text']}" for part in decided["depends"]] or ["  - nothing"]),
        "What cannot be said",
        *(f"  - {text}" for text in decided["cannot_be_said"]),
        "",
    ]


def _write_skill(accuracy: Part) -> list[str]:
    return [
        f"Skill, on {accuracy['tested_on']}:",
        f"  the centre missed by {accuracy['mean_absolute_error']} of 100 on average, equal weights by "
        f"{accuracy['mean_absolute_error_equal_weights']}, always saying 50 by "
        f"{accuracy['mean_absolute_error_of_50']:.1f};",
        f"  it was on the right side of 50 in {accuracy['right_side_of_50']:.0%} and within 10 points in "
        f"{accuracy['within_10_points']:.0%}.",
    ]


def _write_issue(issue: Part) -> list[str]:
    return [
        f"{issue['title']} [{issue['issue']}]",
        f"  0 = {issue['scale']['0']}",
        f"  100 = {issue['scale']['100']}",
        *_write_where(issue["where"], issue["whether"]["centre"]),
        *_write_who(issue["who"]),
        *_write_whether(issue["whether"]),
        *_write_rounds(issue["rounds"]),
        *(["  What if"] if issue["what_if"] else []),
        *(_write_difference(difference) for difference in issue["what_if"]),
        "",
    ]


def _write_where(where: Part, centre: Part) -> list[str]:
    lines = [f"  Where it would land, given {where['given']}"]
    if where["too_far_apart"]:
        deviation, limit = where["deviation_of_positions"], where["deviation_limit"]
        lines += [
            f"    {where['verdict'].capitalize()}: their weighted deviation is {deviation:.0f} of 100;",
            f"    beyond {limit:.0f} this rule did no better than saying 50.",
            f"    For the record only: weights balance at {_write_forecast(where)}.",
        ]
    else:
        lines.append(f"    About {_write_forecast(where)}.")
    lines += [f"    {text}" for text in centre["says"]]
    if where["beyond_what_was_tested"]:
        share, tested = where["largest_share"], where["largest_share_tested"]
        lines += [
            f"    Untested: one actor holds {share:.0%} of the weight; no past issue had one with more than",
            f"    {tested:.0%}, so this width may be too narrow.",
        ]
    equal = where["equal_weights"]
    far = "; too far apart to forecast" if equal["too_far_apart"] else ""
    lines.append(f"    With equal weights about {_write_forecast(equal)}{far}.")
    for point in where["focal_points"][:3]:
        actors, share = ", ".join(point["actors"]), point["weight_share"]
        lines.append(f"    Focal point {point['position']:.0f}: {share:.0%} of the weight ({actors}).")
    other, margin = where["other_rules"], where["other_rules"]["median_margin"]
    lines.append(
        f"    Other rules: median {other['weighted_median']:.0f} (holds until {margin:.1%} of the weight "
        f"changes side), contest {other['contest_mean']:.0f}."
    )
    return lines


def _write_forecast(forecast: Part) -> str:
    low, high = forecast["interval_80"]
    return (
        f"{forecast['centre']:.0f}, four chances in five between {low:.0f} and {high:.0f}; "
        f"usual error {forecast['usual_error']:.0f}"
    )


def _write_who(levers: list[Part]) -> list[str]:
    lines = ["  Who moves it (share of weight; how far the centre would go if the actor came to it)"]
    for lever in levers:
        place, share, leverage = lever["position"], lever["weight_share"], lever["leverage"]
        lines.append(f"    {lever['name']}: at {place:.0f}, {share:.0%}, {leverage:.1f} points{_write_cap(lever)}")
    return lines


def _write_cap(lever: Part) -> str:
    """Return how much of the way all whose consent is needed would accept, where that is not all of it."""
    move = lever["move"]
    if move is None:
        return "" if lever["leverage"] == 0 else "; none of that way ends in what all accept"
    if not move["stopped_by"]:
        return ""
    return f"; up to {move['position'] + move['moves']:.1f} ({move['change']:+.1f} points) all accept"


def _write_whether(whether: Part) -> list[str]:
    lines = ["  Whether it could hold (screens, not chances)", f"    {_write_range(whether['range'])}"]
    if commitment := whether["commitment"]:
        lines += _write_commitment(commitment)
    return lines + [f"    {line}" for line in _write_rates(whether["elsewhere"])]


def _write_commitment(commitment: Part) -> list[str]:
    stands = "holds itself up" if commitment["holds_itself_up"] else "does not hold itself up"
    low, high = commitment["guarantee_needed_range"]
    least, most = commitment["guarantee_offered_range"]
    return [
        f"    Commitment: for {commitment['to']} it {stands} at the central values "
        f"(temptation {commitment['temptation']:.3f}, restraint {commitment['restraint']:.3f}).",
        f"    Guarantee needed {commitment['guarantee_needed']:.2f} ({low:.2f} to {high:.2f}), seen "
        f"{least:.2f} to {most:.2f}; enough? {commitment['guarantee_suffices']}.",
        *(f"    {text}" for text in commitment["says"]),
        *(_write_table(commitment["table"]) if commitment["table"]["turns"] else []),
    ]


def _write_table(table: Part) -> list[str]:
    """Return the guarantee needed over three values each of the two assumptions that matter most."""
    rows, columns = table["rows"], table["columns"]
    tried = "" if rows["stated"] and columns["stated"] else " (no range stated: a fifth less and more)"
    head = "".join(f"{value:>9.3g}" for value in columns["values"])
    lines = [
        f"    Guarantee needed by {rows['assumption']} (down) and {columns['assumption']} (across){tried}:",
        f"      {'':>9}{head}",
    ]
    cells = zip(rows["values"], table["needed"], strict=True)
    return lines + [f"      {value:>9.3g}" + "".join(f"{needed:>9.2f}" for needed in row) for value, row in cells]


def _write_rounds(course: Part | None) -> list[str]:
    if course is None:
        return []
    return ["  How it moved", *(f"    {text}" for one in course["rounds"] for text in one["says"])]


def _write_proposals(proposals: list[Part]) -> list[str]:
    if not proposals:
        return []
    lines = ["What was proposed"]
    for proposal in proposals:
        lines.append(f"  {proposal['says'][0]} [{proposal['proposal']}]")
        for point in proposal["points"]:
            words = f" ({point['text']})" if point["text"] else ""
            lines.append(f"    {point['title']}: {point['value']:.0f}{words}. {' '.join(point['says'])}")
    return [*lines, ""]


def _write_range(screen: Part) -> str:
    if screen["verdict"] == "no veto":
        return "Range: nobody's consent is marked as needed."
    zone = screen["central"]
    below, above = (", ".join(zone[end]) or "the scale" for end in ("binds_low", "binds_high"))
    low, high = f"{zone['low']:.0f}", f"{zone['high']:.0f}"
    if zone["width"] < 0:
        text = f"Range: empty; {below} accepts nothing below {low}, {above} nothing above {high}"
    else:
        text = f"Range: {zone['verdict']}, {low} to {high} (bound below by {below}, above by {above})"
    if missing := screen["vetoes_without_no_deal_value"]:
        text += f"; open, since no no-deal value is given for {', '.join(missing)}"
    elif not screen["certain"]:
        text += "; the stated ranges allow both a range and none"
    return text + "."


def _write_difference(difference: Part) -> str:
    """Return what a change does: only what it moves, each screen by itself."""
    told = []
    before, after = difference["centre_before"], difference["centre_after"]
    if abs(difference["change"]) >= 0.05 or abs(difference["change_equal_weights"]) >= 0.05:
        told.append(
            f"centre {before:.1f} -> {after:.1f} ({difference['change']:+.1f}; equal weights "
            f"{difference['change_equal_weights']:+.1f}), {difference['verdict']} ({difference['usual_error']:.0f})"
        )
    else:
        told.append(f"centre stays at {after:.1f}")
    one, other = (_write_zone(difference, moment) for moment in ("before", "after"))
    told += [f"range {one} -> {other}"] if one != other else []
    accepted = difference["accepted_after"]
    if accepted["verdict"] == "refused" or accepted != difference["accepted_before"]:
        said = " ".join(difference["says"]).removesuffix(".")
        told.append(f"{said[:1].lower()}{said[1:]}")
    told += _write_commitment_difference(difference["commitment_before"], difference["commitment_after"])
    return f"    {' and '.join(difference['what_if'])}: {'; '.join(told)}."


def _write_zone(difference: Part, moment: str) -> str:
    verdict, zone = str(difference[f"range_{moment}"]), difference[f"zone_{moment}"]
    if verdict == "no veto":
        return verdict
    return f"{verdict} (gap {-zone['width']:.0f})" if zone["width"] < 0 else f"{zone['low']:.0f} to {zone['high']:.0f}"


def _write_commitment_difference(before: Part | None, after: Part | None) -> list[str]:
    if not before or not after:
        return []
    now, then = (f"{screen['guarantee_needed']:.2f}" for screen in (before, after))
    enough = [str(screen["guarantee_suffices"]) for screen in (before, after)]
    if before["says"] == after["says"] and enough[0] == enough[1]:
        return []
    return [f"guarantee needed {now} -> {then}", f"enough? {enough[0]} -> {enough[1]}"]


def _write_swaps(swaps: Part) -> list[str]:
    if not swaps["best"]:
        return []
    lines = [
        f"  {swap['giver']} moves {swap['giver_moves']:+.0f} on {swap['issue']}, {swap['taker']} moves "
        f"{swap['taker_moves']:+.0f} on {swap['in_return']}: centres {swap['change']:+.1f} to "
        f"{swap['centre_after']:.1f} and {swap['change_in_return']:+.1f} to {swap['centre_after_in_return']:.1f}"
        f"{_write_how_sure(swap)}."
        for swap in swaps["best"]
    ]
    return ["Swaps a mediator could try, inside what every veto holder accepts (not predictions)", *lines, ""]


def _write_how_sure(swap: Part) -> str:
    if swap["unscreened"]:
        return f"; what {', '.join(swap['unscreened'])} accepts is not known"
    return "" if swap["in_every_range"] else "; over the stated ranges not all would accept that"


def _write_rates(rates: list[Part]) -> list[str]:
    lines = []
    for source, caution in dict.fromkeys((rate["source"], rate["caution"]) for rate in rates):
        lines += [
            f"{rate['share']:.0%} of {rate['cases']} {rate['among']}: {rate['what']}"
            for rate in rates
            if (rate["source"], rate["caution"]) == (source, caution)
        ]
        lines.append(f"  ({source}. {caution})")
    return lines
