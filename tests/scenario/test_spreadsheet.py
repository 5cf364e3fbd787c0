"""Tables as they are written: nothing in them runs where they are opened, and all of it reads back as it was."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor.scenario.faults import Fault
from corridor.scenario.files import read_records
from corridor.scenario.spreadsheet import escape_formula, write_csv

signs = st.characters(blacklist_categories=("Cs",), blacklist_characters="\0")
cells = st.text(alphabet=st.one_of(signs, st.sampled_from("=+-@＝＋－＠'\t\r\n \ufeff\"#,;1")), max_size=8)


@pytest.mark.parametrize("start", ["", " ", "\t", "\n", "\r\n", "\xa0", "\ufeff", "\u3000", "'"])
@pytest.mark.parametrize("sign", list("=+-@＝＋－＠﹦﹢﹣﹫"))
def test_what_a_spreadsheet_would_run_is_escaped(start: str, sign: str) -> None:
    (written,) = next(csv.reader(io.StringIO(write_csv([[f"{start}{sign}cmd|' /C calc'!A0"]]), newline="")))
    assert written.startswith("'")


@pytest.mark.parametrize("plain", ["-3", "+4.5", "-1e-3", "1-2", "a=b", "", "it's", "Ağdam", -3.0, None])
def test_numbers_and_other_words_stay(plain: object) -> None:
    assert escape_formula(plain) == plain


@pytest.mark.slow
@given(st.lists(st.lists(cells, min_size=2, max_size=2), min_size=1, max_size=4), st.sampled_from(",;"))
def test_what_was_written_reads_back(rows: list[list[str]], delimiter: str) -> None:
    faults: list[Fault] = []
    table = [["id", "text"], *([f"r{number}", *row] for number, row in enumerate(rows))]
    table[0].append("more")
    assert [cells for _, cells in read_records(write_csv(table, delimiter), faults, "t.csv")] == table
    assert faults == []
