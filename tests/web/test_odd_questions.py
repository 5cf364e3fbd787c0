"""Questions that no page asks, to every address: an answer in words, never a fault of ours, and nothing beside the case touched."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from serving import Served, serve_folder

from corridor.scenario.create import create_scenario
from corridor.web.app import ROUTES

pytestmark = pytest.mark.slow
ODD: tuple[Any, ...] = (
    None, True, 0, -1, 10**30, 1.5e308, "", " ", "\x00", "x" * 20_000, "../../../etc/passwd", "/etc/passwd", "a/b", "é\u202e\u0000",
    [], [[]], [None, {}, "x"], {}, {"change": {"groups": {"x": {"leave_rate": []}}}}, {"change": []}, {"add": {"../x": {"y": {}}}},
    {"remove": {"events": [1, None]}}, {"places": [{"row": "x"}]}, [{"id": "../x", "time": "x", "value": "x"}], "2025-03-04T00:00",
    {"title": 5}, {"change": {"events": {"x": {"time": "\U0001f600"}}}}, "9999-99-99", "1e999", "nan", "24h", "0.000001h", "-5h",
)  # fmt: skip
QUERY = [value for value in ODD if isinstance(value, str)]
SLOW = {"/api/past/anew", "/api/forecast"}  # a forecast of a few particles takes seconds


def list_names() -> list[str]:
    """Return the names under which the page's endpoints look for something in a question."""
    folder = resources.files("corridor.web")
    texts = [file.read_text(encoding="utf-8") for file in folder.iterdir() if file.name.endswith(".py")]
    pattern = r'(?:\.get\(|read_\w+\(\w+(?:\([^)]*\))?, |asked\[|body\[)"(\w+)"'
    listed = [names for text in texts for names in re.findall(r"read_\w+\(\w+, name\) for name in \(([^)]*)\)", text)]
    alone = {name for text in texts for name in re.findall(pattern, text)}
    return sorted(alone | {name for names in listed for name in re.findall(r"\w+", names)})


@pytest.fixture(scope="module")
def open_case(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve a small case for editing, in a folder of which nothing else may change."""
    home = tmp_path_factory.mktemp("home")
    (home / "secret.txt").write_text("secret")
    folder = home / "case"
    create_scenario(folder)
    (home / "elsewhere").mkdir()
    with serve_folder(folder, edit=True, load=False) as server:
        yield server


def list_around(folder: Path) -> dict[Path, bytes]:
    """Return what stands beside a case, and not in it."""
    return {
        path: path.read_bytes() for path in folder.parent.rglob("*") if path.is_file() and folder not in path.parents
    }


POSTS = [path for path, (verb, _) in ROUTES.items() if verb != "GET"]
GETS = [path for path, (verb, _) in ROUTES.items() if verb == "GET" and "{" not in path]


def test_names_are_found() -> None:
    assert {"edits", "chosen", "moment", "text", "table"} <= set(list_names())


@pytest.mark.parametrize("path", POSTS)
def test_odd_documents(open_case: Served, path: str) -> None:
    before, names = list_around(open_case.session.folder), list_names()
    few = ODD[::6] if path in SLOW else ODD
    with open_case.client() as client:
        for value in few:
            for document in ({"edits": value}, dict.fromkeys(names, value)):
                answer = client.post(path, json=document)
                assert answer.status_code in (200, 400, 403, 409, 422), (path, value, answer.text[:300])
                assert "Traceback" not in answer.text
                assert "secret" not in answer.text
                assert "root:" not in answer.text
    assert list_around(open_case.session.folder) == before


@pytest.mark.parametrize("path", GETS)
def test_odd_queries(open_case: Served, path: str) -> None:
    before, names = list_around(open_case.session.folder), list_names()
    with open_case.client() as client:
        for value in QUERY:
            answer = client.get(path, params=dict.fromkeys([*names, "language"], value[:800]))
            assert answer.status_code in (200, 400, 404, 409, 422), (path, value, answer.text[:300])
            assert "root:" not in answer.text
    assert list_around(open_case.session.folder) == before
