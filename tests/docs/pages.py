"""The code blocks of a page, carried out in order in one folder, as a reader would type them.

A fenced block says its language. `sh`: commands; those of `corridor` are called in this process, the rest by bash; a command that
ends with something else than 0 says so: `# ends with 3`. `python`: executed, with the names of the blocks before it. A block with
title="FILE" is that file. `text` is no code. A block that cannot be carried out here stands below a comment: <!-- not run: why -->.
"""

from __future__ import annotations

import contextlib
import re
import shlex
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from command import call

FENCE = re.compile(
    r'(?:^<!-- not run: (?P<why>.+?) -->\n)?^```(?P<language>\w*)(?: title="(?P<file>[^"]+)")?\n(?P<text>.*?)^```$',
    flags=re.DOTALL | re.MULTILINE,
)


@dataclass(frozen=True)
class Block:
    """A fenced block of a page."""

    language: str
    text: str
    file: str
    why: str  # why it is not carried out; empty: it is


def read_blocks(page: Path) -> list[Block]:
    """Return the blocks of a page in order."""
    found = FENCE.finditer(page.read_text(encoding="utf-8"))
    return [Block(m["language"], m["text"], m["file"] or "", m["why"] or "") for m in found]


def split_commands(text: str) -> list[str]:
    """Split a block into commands: a heredoc and lines joined by a backslash belong together."""
    found: list[str] = []
    until = ""
    joined = False
    for line in text.splitlines():
        if until or joined:
            found[-1] += "\n" + line
        elif line:
            found.append(line)
        if until:
            until = "" if line == until else until
        elif start := re.search(r"<<'(\w+)'", line):
            until = start[1]
        joined = not until and line.endswith("\\")
    return found


def follow_page(page: Path, folder: Path, shorten: Callable[[list[str]], list[str]] = lambda words: words) -> None:
    """Carry out every block of a page in a folder; `shorten` may make the words of a command cheaper.

    Raises AssertionError with the command and what it said when one does not end as the page says.
    """
    names: dict[str, Any] = {"__name__": page.stem}
    with contextlib.chdir(folder):
        for block in read_blocks(page):
            if block.why or block.language == "text":
                continue
            if block.file:
                Path(block.file).parent.mkdir(parents=True, exist_ok=True)
                Path(block.file).write_text(block.text, encoding="utf-8")
            elif block.language == "python":
                exec(compile(block.text, str(page), "exec"), names)
            elif block.language == "sh":
                for command in split_commands(block.text):
                    _carry_out(command, shorten)
            else:
                message = f"{page.name}: a block of {block.language or 'no language'} is neither run nor a file"
                raise AssertionError(message)


def _carry_out(command: str, shorten: Callable[[list[str]], list[str]]) -> None:
    expected = re.search(r"# ends with (\d)$", command)
    if command.startswith("corridor "):
        for words in _split_chain(shlex.split(command.replace("\\\n", " "), comments=True)):
            words, file = (words[:-2], words[-1]) if words[-2] == ">" else (words, "")
            done = call(*shorten(words[1:]))
            if file:
                Path(file).write_text(done.stdout, encoding="utf-8")
            assert "Traceback" not in done.stderr, f"{command}\n{done.stderr}"
            assert done.code == int(expected[1] if expected else 0), f"{command}\n{done.stdout}\n{done.stderr}"
    else:
        shell = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=60, check=False)
        assert shell.returncode == 0, f"{command}\n{shell.stdout}\n{shell.stderr}"


def _split_chain(words: list[str]) -> list[list[str]]:
    """Split at `&&`."""
    chain: list[list[str]] = [[]]
    for word in words:
        if word == "&&":
            chain.append([])
        else:
            chain[-1].append(word)
    return chain
