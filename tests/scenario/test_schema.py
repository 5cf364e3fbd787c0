from __future__ import annotations

import ast
import csv
from collections.abc import Iterator
from functools import cache
from importlib import resources
from pathlib import Path

import pytest

import corridor
import corridor.scenario.checks as checks_package
from corridor.scenario import cells, document
from corridor.scenario.cells import read_cell, read_default
from corridor.scenario.checks import CHECKS
from corridor.scenario.draft import Broken, Draft
from corridor.scenario.faults import load_fault_kinds
from corridor.scenario.schema import Field, key_of, load_event_kinds, load_fields, table_files
from corridor.simulate.happenings import EFFECTS

ROOT = Path(__file__).parents[2]
FIELDS = [field for fields in load_fields().values() for field in fields.values()]


@cache
def parse_sources() -> dict[Path, ast.Module]:
    sources = Path(corridor.__file__).parent.rglob("*.py")
    return {path: ast.parse(path.read_text(encoding="utf-8")) for path in sources}


def literals(node: ast.AST) -> set[str]:
    return {part.value for part in ast.walk(node) if isinstance(part, ast.Constant) and isinstance(part.value, str)}


def calls_of_faults() -> Iterator[tuple[str, ast.expr]]:
    """Yield (file and line, the kind) of every call that notes or makes a fault."""
    for path, tree in parse_sources().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("draft.note", "fault", "complain"):
                yield f"{path}:{node.lineno}", node.args[0]


@pytest.mark.slow
def test_every_kind_of_fault_named_in_a_call_stands_in_the_table() -> None:
    named = {(at, kind.value) for at, kind in calls_of_faults() if isinstance(kind, ast.Constant)}
    assert {(at, kind) for at, kind in named if kind not in load_fault_kinds()} == set()
    assert len(named) > 60


@pytest.mark.slow
def test_every_kind_in_the_table_is_raised_somewhere() -> None:
    words = {"unknown_kind", "unknown_parameter"}.union(
        *map(literals, parse_sources().values())
    )  # f"unknown_{spec.type}"
    kinds = load_fault_kinds()
    heads = {kind.code for kind in kinds.values() if "." in kind.kind}  # may stand for their cases alone
    assert {kind for kind in kinds if kind not in words and kind not in heads} == set()


def test_kinds_of_fault_are_explained() -> None:
    for kind in load_fault_kinds().values():
        assert kind.severity in ("error", "stops", "warning"), kind
        assert len(kind.meaning) > 15, kind
        assert len(kind.fix) > 6 or not kind.found, kind


def test_no_kind_of_fault_stands_twice() -> None:
    table = resources.files("corridor.scenario").joinpath("faults.csv").read_text(encoding="utf-8")
    kinds = [row["kind"] for row in csv.DictReader(table.splitlines())]
    assert len(kinds) == len(set(kinds))


def test_no_check_is_forgotten() -> None:
    written = set()
    for path in sorted(Path(checks_package.__file__).parent.glob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and [a.arg for a in node.args.args] == ["draft"]:
                written.add(node.name)
    written -= {"check_draft", "read_period", "find_unsupported_numbers"}
    written = {name for name in written if not name.startswith("_")}
    assert written == {check.__name__ for check in CHECKS}
    assert len(set(CHECKS)) == len(CHECKS)


def test_the_page_is_the_one_made_from_the_schema() -> None:
    page = (ROOT / "docs" / "scenario.md").read_text(encoding="utf-8")
    assert page == document.write_page(), "make it again: python -m corridor.scenario.document docs/scenario.md"


def test_the_page_names_everything() -> None:
    page = document.write_page()
    for field in FIELDS:
        assert f"`{field.name}`" in page
    for name in (*load_event_kinds(), *(kind.code for kind in load_fault_kinds().values()), *table_files().values()):
        assert name in page


@pytest.mark.parametrize("field", FIELDS, ids=lambda f: f"{f.table}.{f.name}")
def test_fields_make_sense(field: Field) -> None:
    assert field.meaning
    assert cells.say_allowed(field)
    if field.refers_to:
        assert "id" in load_fields()[field.refers_to]
    if field.low is not None and field.high is not None:
        assert field.low < field.high
    if field.default:
        draft = Draft(ROOT)
        value = read_cell(draft, ("f", 1, field.name), field, field.default)
        assert not isinstance(value, Broken)
        assert value == read_default(field)
        assert draft.faults == []


def test_rows_are_named_by_columns_that_exist() -> None:
    for table in table_files():
        assert all(name in load_fields()[table] for name in key_of(table))


def test_every_kind_of_event_does_something() -> None:
    assert load_event_kinds().keys() - {"note"} <= EFFECTS.keys()
