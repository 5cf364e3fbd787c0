"""A check of the evidence and the proposals of a report in words, for people on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corridor.evidence.check import EvidenceReport
    from corridor.evidence.suggest import Proposal, Suggestion
    from corridor.evidence.support import Assumption

_MOST_SHOWN = 12


def write_report(report: EvidenceReport) -> str:
    """Return a check in words: counts, faults, conflicts, and the assumptions that matter most."""
    lines = [", ".join(f"{number} {name}" for name, number in report.counts.items()), ""]
    warnings: dict[str, int] = {}
    for fault in report.faults:
        if fault.severity == "error":
            lines.append(fault.describe())
        else:
            warnings[fault.code] = warnings.get(fault.code, 0) + 1
    lines += [f"warning {code}: {count} times (all with --json)" for code, count in sorted(warnings.items())]
    if report.conflicts:
        lines += ["", f"{len(report.conflicts)} conflicts, side by side:"]
    for conflict in report.conflicts[:_MOST_SHOWN]:
        topic = conflict.topic
        named = ", ".join(w for w in (topic.quantity, topic.place, topic.happened) if w)
        values = "; ".join(f"{claim} {_write_range(low, high)}" for claim, low, high in conflict.values)
        lines.append(f"  {named} [{topic.unit}]: {values}")
    lines += _and_more(len(report.conflicts))
    shared = [s for s in report.support if len(s.origins) < len(s.sources)]
    if shared:
        lines += [
            "",
            f"{len(shared)} topics have fewer independent origins than sources; each origin counts once.",
        ]
    if report.assumptions:
        order = "; those that move the answers most first" if any(a.effect for a in report.assumptions) else ""
        lines += ["", f"{len(report.assumptions)} numbers rest on no claim{order}:"]
        lines += [_write_assumption(a) for a in report.assumptions[:_MOST_SHOWN]]
        lines += _and_more(len(report.assumptions))
    errors = sum(fault.severity == "error" for fault in report.faults)
    lines += [
        "",
        "The evidence holds." if not report.failed else f"The evidence does not hold: {errors} faults.",
    ]
    return "\n".join(lines)


def _write_assumption(assumption: Assumption) -> str:
    use, effect = assumption.use, assumption.effect
    moved = "" if effect is None else f"; effect {effect:.2f}"
    return f"  {use.file}, row {use.row}, {use.column} = {use.value} {use.unit}{moved}".rstrip()


def _write_range(low: float, high: float) -> str:
    if low == high:
        return f"{low:,.10g}"
    if low == float("-inf"):
        return f"at most {high:,.10g}"
    return f"at least {low:,.10g}" if high == float("inf") else f"{low:,.10g} to {high:,.10g}"


def _and_more(count: int) -> list[str]:
    return [f"  and {count - _MOST_SHOWN} more (with --json)"] if count > _MOST_SHOWN else []


def write_suggestion(suggestion: Suggestion) -> str:
    """Return proposals as lines: id, and what was read."""
    day = suggestion.report_date.isoformat() if suggestion.report_date else "not known"
    lines = [f"day of the report: {day}"]
    if suggestion.language:
        how = "by its commonest words" if suggestion.is_detected else "as given"
        lines.append(f"language: {suggestion.language} ({how})")
    lines += [f"{proposal['id']}  {_write_proposal(proposal)}" for proposal in suggestion.proposals]
    lines.append(f"{len(suggestion.proposals)} proposals; nothing is accepted until you do so")
    return "\n".join(lines)


def _write_proposal(proposal: Proposal) -> str:
    words = " ".join(str(proposal["text"]).split())
    short = words if len(words) <= 60 else words[:57] + "..."
    match proposal["kind"]:
        case "quantity":
            ends = [proposal["low"], proposal["high"]]
            said = proposal["value"] if proposal["value"] is not None else f"{ends[0]} to {ends[1]}"
            return f"{said} {proposal['unit']}: {short}"
        case "date":
            same = proposal["from"] == proposal["to"]
            return f"{proposal['from']}{'' if same else ' to ' + str(proposal['to'])}: {short}"
        case "statement":
            return f"{proposal['speaker']} ({proposal['stance']}): {short}"
        case _:
            return f"{proposal['ref']}: {short}"
