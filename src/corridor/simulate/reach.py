"""What lies beyond each link of a network, compiled: one search a link."""

from __future__ import annotations

# compiled functions take arrays of kinds that numba finds out
# mypy: disable-error-code="no-untyped-def"
# ruff: noqa: ANN001, ANN201
from corridor.chance.compiled import compiled


@compiled
def search_beyond(begin, end, first, following, sizes, members, seen_for, todo, found):
    """Write whether any place of each set is reached from the end of each link, never entering its begin [L, sets].

    `following[first[p]:first[p + 1]]` are the places to which links from place p lead, and
    `members[sizes[k]:sizes[k + 1]]` those of set k. For working, by place:
    `seen_for` (-1 everywhere), the link whose search saw the place last, and `todo`.
    """
    for link in range(len(begin)):
        seen_for[begin[link]] = seen_for[end[link]] = link
        todo[0] = end[link]
        left = 1
        while left > 0:
            left -= 1
            place = todo[left]
            for position in range(first[place], first[place + 1]):
                onward = following[position]
                if seen_for[onward] != link:
                    seen_for[onward] = link
                    todo[left] = onward
                    left += 1
        for k in range(len(sizes) - 1):
            for position in range(sizes[k], sizes[k + 1]):
                if seen_for[members[position]] == link and members[position] != begin[link]:
                    found[link, k] = True
                    break
