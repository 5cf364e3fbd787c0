"""What became of the roads and places of an extract, in words: read = used + dropped, each drop with its reason."""

from __future__ import annotations

from collections import Counter

from corridor.build.small import Small


def account_for_roads(small: Small, file: str, smallest: str) -> list[str]:
    """Return the accounts of ways and of places, with notes on what a person should look at."""
    extract, network = small.extract, small.network
    mapped = {int(network.way[edge]) for chain in small.chains for edge, _ in chain.edges}
    used = sum(not extract.ways[way].assumed for way in mapped)
    kept = sum(not way.assumed for way in extract.ways)
    reasons = Counter({"on no best path between neighbours": kept - used, **extract.left_out})
    ways = _tell(f"{file}: read {extract.read:,} ways down to {smallest} and ferries", used, extract.read, reasons)
    return [
        ways + "".join(f"\n  note: {note}" for note in _list_notes(small)),
        _account_for_places(small, file),
    ]


def _account_for_places(small: Small, file: str) -> str:
    left_out = small.extract.places_left_out
    all_places = len(small.extract.places) + left_out.total()
    inside = sum(one.inside for one in small.settled.values())
    outside = len(small.settled) - inside
    reasons = Counter({"not connected": len(small.unconnected), **left_out, **small.places_left_out})
    reasons["outside and not needed"] = all_places - len(small.settled) - reasons.total()
    text = _tell(f"{file}: read {all_places:,} places", len(small.settled), all_places, reasons)
    return text.replace(f"used {len(small.settled):,}", f"used {inside + outside:,} ({inside:,} inside)")


def _tell(begin: str, used: int, read: int, reasons: Counter[str]) -> str:
    dropped = ", ".join(f"{number:,} {reason}" for reason, number in reasons.most_common() if number)
    return f"{begin}, used {used:,}, dropped {read - used:,}" + (f": {dropped}" if dropped else "")


def _list_notes(small: Small) -> list[str]:
    notes = list(small.notes)
    if not small.extract.day:
        notes.append("the extract does not say of which day it is: whether it is younger than the start is not known")
    if small.roads_left_out:
        notes.append(f"{small.roads_left_out} smaller roads out of the area were left out beside greater ones")
    if small.unreached_controls:
        named = ", ".join(dict.fromkeys(control.name or "without a name" for control in small.unreached_controls))
        notes.append(f"{len(small.unreached_controls)} mapped border posts or checkpoints are at no crossing: {named}")
    return notes
