from __future__ import annotations

import ast
from pathlib import Path

import pytest

import corridor.scenario.checks as checks_package
from corridor.scenario import cells, document
from corridor.scenario.cells import read_cell, read_default
from corridor.scenario.checks import CHECKS
from corridor.scenario.draft import Broken, Draft
from corridor.scenario.schema import Field, key_of, load_codes, load_event_kinds, load_fields, table_files
from corridor.simulate.happenings import EFFECTS

ROOT = Path(__file__).parents[2]
SOURCES = sorted(Path(cells.__file__).parent.rglob("*.py"))
FIELDS = [field for fields in load_fields().values() for field in fields.values()]


def emitted_codes() -> set[str]:
    """Every literal code handed to add(where, code, ...) or complain(code, ...) in the package."""
    found: set[str] = set()
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                at = {"add": 1, "complain": 0, "_fault": 2}.get(name)
                if at is not None and len(node.args) > at:
                    found |= literals(node.args[at])
            elif isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "code":
                found |= literals(node.value)
    return found


def literals(node: ast.expr) -> set[str]:
    if isinstance(node, ast.IfExp):
        return literals(node.body) | literals(node.orelse)
    if isinstance(node, ast.JoinedStr):  # f"unknown_{spec.type}"
        return {"unknown_kind", "unknown_parameter"}
    return {node.value} if isinstance(node, ast.Constant) and isinstance(node.value, str) else set()


def test_every_code_stands_in_the_table_and_is_emitted() -> None:
    assert emitted_codes() == load_codes().keys()


def test_codes_are_explained() -> None:
    for code in load_codes().values():
        assert code.severity in ("error", "warning")
        assert len(code.meaning) > 15
        assert len(code.fix) > 8


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
    for name in (*load_event_kinds(), *load_codes(), *table_files().values()):
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
