"""A command tried again and again from the same beginning, and what may be left of it when it is cut short."""

from __future__ import annotations

import shutil
from pathlib import Path

from .cases import Case, list_hidden, list_visible
from .dying import run_apart


class Tried:
    """A command called again and again in fresh copies of a folder, at the same place, so that paths in files agree."""

    def __init__(self, case: Case, before: Path, at: Path) -> None:
        self.case, self.before, self.at = case, before, at
        self.there = list_visible(before)
        self.begin()
        self.ended = run_apart(case.words, at)
        assert self.ended.code == 0, self.ended.said
        self.whole = list_visible(at)
        assert list_hidden(at) == []

    def begin(self) -> None:
        shutil.rmtree(self.at, ignore_errors=True)
        shutil.copytree(self.before, self.at)

    def judge(self, again: bool = True) -> None:
        """What a kill left is what was there, or what was to be written; the same command, called again, brings all of it."""
        left = list_visible(self.at)
        assert self.there.keys() <= left.keys() <= self.whole.keys()
        for name, content in left.items():
            assert content in (self.there.get(name), self.whole[name]), name
        if self.case.at_once:
            assert left in (self.there, self.whole)
        if again:
            self._take_up(done=left == self.whole)

    def _take_up(self, done: bool) -> None:
        ended = run_apart(self.case.words, self.at)
        done = done and ("exists; " in ended.said or "is in use" in ended.said)
        assert ended.code == (2 if done else 0), ended.said
        assert "Traceback" not in ended.said
        assert list_visible(self.at) == self.whole
        if not done:
            assert list_hidden(self.at) == []
