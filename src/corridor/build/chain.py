"""A road of the small network: what it is made of, its directions, and two of them as one."""

from __future__ import annotations

from dataclasses import dataclass, replace

SAME = 1.15  # times the length of one carriageway that the other may have
SAME_KM = 0.3  # or so many km more
WORTH = 1.10  # times as quick as a road open both ways: only then a one-way road beside it is kept

Steps = tuple[tuple[int, bool], ...]  # edges one after another, and whether along their own direction


@dataclass(frozen=True)
class Chain:
    """A road of the small network: its edges from begin to end; `extra` in km is from junctions that became one.

    `there` and `back` tell in which directions it is open. `other` are the edges of the carriageway from end to begin
    where it is another. `slip` says that it is a slip road altogether.
    """

    begin: int
    end: int
    edges: Steps
    ferry: bool
    length: float
    hours: float
    extra: float = 0.0
    there: bool = True
    back: bool = True
    other: Steps = ()
    slip: bool = False

    @property
    def is_one_way(self) -> bool:
        """Tell whether it is open in one direction only."""
        return self.there != self.back

    def turn(self) -> Chain:
        """Return the same road from its other end."""
        edges = self.other or turn_steps(self.edges)
        other = self.edges if self.other else ()
        turned = replace(self, begin=self.end, end=self.begin, there=self.back, back=self.there)
        return replace(turned, edges=edges, other=other)

    def lengthen(self, extra: float) -> Chain:
        """Return the road with so many km more, at its own mean speed."""
        length = self.length + extra
        return replace(self, length=length, hours=self.hours * length / self.length, extra=self.extra + extra)

    def move(self, old: int, new: int) -> Chain:
        """Return the road with one end at another point."""
        if old not in (self.begin, self.end):
            return self
        begin, end = (new if point == old else point for point in (self.begin, self.end))
        return replace(self, begin=begin, end=end)

    def replaces(self, other: Chain) -> bool:
        """Tell whether nobody needs another road between the same ends, given in the same direction."""
        if (other.there and not self.there) or (other.back and not self.back):
            return False
        return self.hours <= other.hours * (WORTH if other.is_one_way and not self.is_one_way else 1.0)

    def is_pair(self, other: Chain) -> bool:
        """Tell whether two one-way roads between the same ends are the two carriageways of one."""
        short, long = sorted((self.length, other.length))
        opposed = self.is_one_way and other.is_one_way and self.there == other.back
        return opposed and long <= max(SAME * short, short + SAME_KM)

    def pair(self, other: Chain) -> Chain:
        """Return one road of two carriageways; its length and time are the means of theirs."""
        out, home = (self, other) if self.there else (other, self)
        length, hours = (self.length + other.length) / 2, (self.hours + other.hours) / 2
        extra = max(self.extra, other.extra)
        whole = Chain(out.begin, out.end, out.edges, self.ferry, length, hours, extra, slip=self.slip and other.slip)
        return replace(whole, other=turn_steps(home.edges))


def turn_steps(steps: Steps) -> Steps:
    """Return edges as they are passed from the other end."""
    return tuple((edge, not along) for edge, along in reversed(steps))


def join(first: Chain, second: Chain) -> Chain:
    """Return two roads, the second of which begins where the first ends, as one."""
    length, hours = first.length + second.length, first.hours + second.hours
    extra, slip = first.extra + second.extra, first.slip and second.slip
    there, back = first.there and second.there, first.back and second.back
    other: Steps = ()
    if first.other or second.other:
        other = (second.other or turn_steps(second.edges)) + (first.other or turn_steps(first.edges))
    edges = first.edges + second.edges
    return Chain(first.begin, second.end, edges, first.ferry, length, hours, extra, there, back, other, slip)
