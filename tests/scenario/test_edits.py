"""Edits: a variant's document laid over a folder without a file, merged with another, written and read back."""

from __future__ import annotations

import json
import tomllib
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import corridor as co
from corridor.scenario.edits import merge_documents
from corridor.scenario.scenario import load_draft, read_folder, read_scenario
from corridor.scenario.variant_writing import format_variant, write_variant

if TYPE_CHECKING:
    from pathlib import Path

CELLS = st.text(max_size=12) | st.integers(-(10**9), 10**9) | st.floats(allow_nan=False) | st.booleans()
HOSTILE = st.sampled_from(
    ['a"b', "two\nlines", "\u202eright to left", "tab\t", "\\", "[remove]", "\x00", "\u2028x = 1"]
)
NAMES = st.text(st.characters(exclude_characters=".@\n", exclude_categories=["Cs"]), min_size=1, max_size=8)
ROWS = st.dictionaries(NAMES, st.dictionaries(NAMES, CELLS | HOSTILE, max_size=3), max_size=3)
DOCUMENTS = st.fixed_dictionaries(
    {},
    optional={
        "title": HOSTILE | st.text(max_size=20),
        "change": st.dictionaries(NAMES, ROWS, max_size=2),
        "add": st.dictionaries(NAMES, ROWS, max_size=2),
        "remove": st.dictionaries(NAMES, st.lists(NAMES, max_size=3), max_size=2),
        "x_own": CELLS | st.lists(CELLS, max_size=2),
    },
)


@pytest.mark.slow
@given(document=DOCUMENTS)
@settings(max_examples=300)
def test_what_is_written_reads_back_as_it_was(document: dict[str, Any]) -> None:
    text = format_variant(document)
    assert tomllib.loads(text) == document
    assert all(sign.isprintable() or sign == "\n" for sign in text)
    assert format_variant(dict(reversed(document.items()))) == text


def list_edits() -> st.SearchStrategy[dict[str, Any]]:
    """Draw documents that suit the template: cells of its rows, events added, rows that nothing else names removed."""
    lanes = st.sampled_from(["1", "2..3", "2 (1..4)", "3 ± 20%"])
    rates = st.sampled_from(["0.01", "0.02..0.05", "0.03 ± 30%"])
    cells: dict[str, Any] = {
        "change": {
            "checkpoints": {"bridge_checkpoint": {"lanes": lanes}},
            "groups": {"families_with_car": {"leave_rate": rates}},
        }
    }
    return st.fixed_dictionaries(
        {},
        optional={
            "change": st.fixed_dictionaries(
                {},
                optional={
                    table: st.fixed_dictionaries(
                        {}, optional={row: st.fixed_dictionaries({}, optional=of) for row, of in rows.items()}
                    )
                    for table, rows in cells["change"].items()
                },
            ),
            "add": st.fixed_dictionaries(
                {},
                optional={
                    "events": st.dictionaries(
                        st.sampled_from(["more_one", "more_two"]),
                        st.fixed_dictionaries(
                            {
                                "time": st.sampled_from(["2025-03-02T08:00", "2025-03-03T08:00..2025-03-04T08:00"]),
                                "kind": st.just("lanes"),
                                "target": st.just("bridge_checkpoint"),
                                "value": lanes,
                            }
                        ),
                    )
                },
            ),
        },
    )


def tell(draft: Any) -> str:
    """Return the rows of a draft, without where they stand."""
    tables = {name: [repr(sorted(row.values.items())) for row in rows] for name, rows in draft.tables.items()}
    return json.dumps(tables)


@pytest.mark.slow
@given(first=list_edits(), second=list_edits(), gone=st.lists(st.sampled_from(["more_one"]), max_size=1))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_two_documents_merged_mean_one_after_the_other(
    short_case: Path, first: dict[str, Any], second: dict[str, Any], gone: list[str]
) -> None:
    read = read_folder(short_case)
    if gone and "more_one" in first.get("add", {}).get("events", {}):
        second = {**{k: v for k, v in second.items() if k != "add"}, "remove": {"events": gone}}
    once = load_draft(short_case, None, edits=first, read=read)
    for table in once.tables.values():
        assert all(row.can_read(*row.values) for row in table)
    both = {**first.get("add", {}).get("events", {})}.keys() & {**second.get("add", {}).get("events", {})}.keys()
    after = load_draft(short_case, None, edits=merge_documents(first, second), read=read)
    if not both:  # the same row added twice is one mistake less than two rows of one name
        twice = load_draft(short_case, None, edits=second, read=once)
        assert json.loads(tell(after)).keys() == json.loads(tell(twice)).keys()
        assert {k: sorted(v) for k, v in json.loads(tell(after)).items()} == {
            k: sorted(v) for k, v in json.loads(tell(twice)).items()
        }
    assert not after.has_errors


def test_merging_keeps_what_wins() -> None:
    first = {
        "title": "one",
        "change": {"events": {"a": {"value": 1, "label": "x"}, "b": {"value": 1}}},
        "add": {"events": {"c": {"kind": "note"}, "d": {"kind": "note"}}},
        "remove": {"events": ["e", "f"]},
    }
    second = {
        "title": "two",
        "change": {"events": {"a": {"value": 2}, "c": {"label": "y"}, "e": {"value": 5}}},
        "add": {"events": {"f": {"kind": "note"}}},
        "remove": {"events": ["b", "d"]},
    }
    merged = merge_documents(first, second)
    assert merged["title"] == "two"
    assert merged["change"]["events"]["a"] == {"value": 2, "label": "x"}
    assert merged["add"]["events"] == {"c": {"kind": "note", "label": "y"}}
    assert sorted(merged["remove"]["events"]) == ["b", "e"]
    again = merged["change"]["events"]["f"]
    assert again["kind"] == "note"
    assert again["target"] == ""
    assert "b" not in merged["change"]["events"]
    assert "e" not in merged["change"]["events"]


@pytest.mark.slow
@given(document=list_edits())
@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_edits_and_the_file_they_are_saved_as_give_the_same_bytes(small_folder: Path, document: dict[str, Any]) -> None:
    co.write_variant(small_folder, "saved", document, replace=True)
    edited, saved = co.read(small_folder, edits=document), co.read(small_folder, "saved")
    for table, rows in edited.tables.items():
        assert [row.values for row in rows] == [row.values for row in saved.tables[table]]
    runs = [co.run(case, replicates=2, seed=3) for case in (edited, saved)]
    for column in runs[0].result.columns:
        np.testing.assert_array_equal(*(run.result.take_columns([column])[column] for run in runs))


def test_edits_over_a_variant_are_saved_as_one_file(small_folder: Path) -> None:
    co.write_variant(small_folder, "wide", {"change": {"checkpoints": {"bridge_checkpoint": {"lanes": 4}}}})
    edits = {"change": {"groups": {"families_with_car": {"leave_rate": "0.05"}}}}
    edited = co.read(small_folder, "wide", edits)
    assert edited.variant_name == "wide (edits)"
    co.write_variant(small_folder, "both", edits, variant="wide")
    saved = co.read(small_folder, "both")
    assert [row.values for row in edited.tables["groups"]] == [row.values for row in saved.tables["groups"]]
    assert [row.values for row in edited.tables["checkpoints"]] == [row.values for row in saved.tables["checkpoints"]]
    more = edited.edit({"change": {"checkpoints": {"bridge_checkpoint": {"lanes": 5}}}})
    assert more.tables["checkpoints"][0]["lanes"].middle == 5
    assert [row.values for row in more.tables["groups"]] == [row.values for row in edited.tables["groups"]]


@pytest.mark.parametrize(
    "document",
    [
        {"change": {"checkpoints": {"bridge_checkpoint": {"lanes": "many"}}}},
        {"change": {"checkpoints": {"nowhere": {"lanes": 1}}}},
        {"change": {"checkpoints": {"bridge_checkpoint": {"lanes": None}}}},
        {"change": {"checkpoints": {"bridge_checkpoint": {"lanes": {"a": 1}}}}},
        {"change": {"checkpoints": 3}},
        {"change": 3},
        {"remove": {"events": ["nothing"]}},
        {"alter": {}},
    ],
)
def test_faults_in_edits_are_told_of_the_edits(small_folder: Path, document: dict[str, Any]) -> None:
    co.write_variant(small_folder, "wide", {"change": {"checkpoints": {"bridge_checkpoint": {"lanes": 4}}}})
    for variant in (None, "wide"):
        with pytest.raises(co.FaultsError) as raised:
            read_scenario(small_folder, variant, document)
        assert {fault.file for fault in raised.value.faults} == {"variants/(edits)"}


@pytest.mark.parametrize("name", ["", "../out", "a/b", ".hidden", "a b", "-x", "a\u202eb", "a" * 300, "a\x00"])
def test_a_bad_name_writes_nothing(small_folder: Path, name: str) -> None:
    before = sorted(small_folder.rglob("*"))
    with pytest.raises(co.UsageError):
        write_variant(small_folder, name, {})
    assert sorted(small_folder.rglob("*")) == before


def test_a_variant_that_is_there_is_not_written_over_unasked(small_folder: Path) -> None:
    path = write_variant(small_folder, "mine", {"title": "first"})
    with pytest.raises(co.UsageError, match="exists"):
        write_variant(small_folder, "mine", {"title": "second"})
    assert "first" in path.read_text()
    write_variant(small_folder, "mine", {"title": "second"}, replace=True)
    assert "second" in path.read_text()


def test_a_link_leads_nowhere_else(small_folder: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.toml"
    outside.write_text("mine")
    (small_folder / "variants").mkdir(exist_ok=True)
    (small_folder / "variants" / "linked.toml").symlink_to(outside)
    with pytest.raises(co.UsageError, match="link"):
        write_variant(small_folder, "linked", {}, replace=True)
    assert outside.read_text() == "mine"


@pytest.mark.parametrize("document", [{"change": {"a": 1}}, {"change": []}, {"x_a": object()}, {"title": "\ud800"}])
def test_what_is_no_variant_is_not_written(small_folder: Path, document: dict[str, Any]) -> None:
    with pytest.raises(co.UsageError):
        write_variant(small_folder, "mine", document)
    assert not (small_folder / "variants" / "mine.toml").exists()
