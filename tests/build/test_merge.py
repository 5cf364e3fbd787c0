"""Building again: what a person wrote stays as it was written, what nobody touched follows the files."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corridor.build.merge import merge_table

COLUMNS = ["id", "name", "note"]
CELLS = st.sampled_from(["a", "b, c", 'say "x"', "", "1.50", "two\nlines", "; semi", "-5"])
TABLES = st.dictionaries(st.sampled_from("pqrstuv"), st.tuples(CELLS, CELLS), max_size=6)
Rows = dict[str, tuple[str, str]]


def write(rows: Rows, delimiter: str = ",", end: str = "\n", quote: int = csv.QUOTE_MINIMAL) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator=end, quoting=quote)  # type: ignore[arg-type]
    writer.writerow(COLUMNS)
    writer.writerows([[name, *cells] for name, cells in rows.items()])
    return text.getvalue()


def read(text: str, delimiter: str = ",") -> Rows:
    lines = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=delimiter)
    rows = [row for row in lines if row and not row[0].startswith("#")]
    return {row[0]: (row[1].lstrip("'"), row[2].lstrip("'")) for row in rows[1:]}


@settings(max_examples=60, deadline=None)
@given(base=TABLES, mine=TABLES, fresh=TABLES)
def test_each_cell_is_mine_where_i_changed_it_else_as_built(base: Rows, mine: Rows, fresh: Rows) -> None:
    text, changes = merge_table("x.csv", ("id",), write(base), write(mine), write(fresh))
    merged = read(text)
    for name in base.keys() | mine.keys() | fresh.keys():
        was, is_now, would = base.get(name), mine.get(name), fresh.get(name)
        if is_now is None:
            expected = would if was is None else None
        elif was is None:
            expected = is_now
        elif would is None:
            expected = None if is_now == was else is_now
        else:
            expected = tuple(w if m == b else m for b, m, w in zip(was, is_now, would, strict=True))  # type: ignore[assignment]
        assert merged.get(name) == expected
    assert bool(changes.taken) or text == write(mine)


@settings(max_examples=40, deadline=None)
@given(
    rows=TABLES,
    fresh=TABLES,
    delimiter=st.sampled_from(",;"),
    end=st.sampled_from(["\n", "\r\n"]),
    quote=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    mark=st.booleans(),
)
def test_how_a_person_writes_stays(rows: Rows, fresh: Rows, delimiter: str, end: str, quote: int, mark: bool) -> None:
    mine = ("\ufeff" if mark else "") + f"# mine{end}" + write(rows, delimiter, end, quote)
    same, changes = merge_table("x.csv", ("id",), write(rows), mine, write(rows))
    assert (same, bool(changes)) == (mine, False)
    text, _ = merge_table("x.csv", ("id",), write(rows), mine, write(fresh))
    assert read(text, delimiter) == fresh
    untouched = [name for name in rows if fresh.get(name) == rows[name]]
    for name in untouched:
        assert write({name: rows[name]}, delimiter, end, quote).partition(end)[2] in text


@pytest.mark.parametrize("mine", ["id,id\np,q\n", "id,name,note\np,,\np,,\n", 'id,name,note\n"p,,\n'])
def test_what_cannot_be_told_row_by_row_is_refused(mine: str) -> None:
    with pytest.raises(ValueError, match=r"twice|two rows|quot|end of data"):
        merge_table("x.csv", ("id",), "id,name,note\n", mine, "id,name,note\n")


def test_a_table_that_a_person_emptied_gets_what_is_new_under_its_header() -> None:
    text, changes = merge_table("x.csv", ("id",), "id,name\np,a\n", "", "id,name\np,a\nq,b\n")
    assert text == "id,name\nq,b\n"
    assert changes.taken == ["q: added"]
