"""The one reader of files: any path, no scenario needed, faults into a list."""

from __future__ import annotations

from pathlib import Path

import pytest

from corridor.scenario.faults import Fault
from corridor.scenario.files import read_table, read_toml


@pytest.mark.parametrize(
    "data",
    [
        b"a,b\n1,2\n",
        b"\xef\xbb\xbfa;b\r\n1;2\r\n",
        b'# said "so\n\n"a","b"\n# more\n1,2\n,\n',
        b"a;b\n1;2",
    ],
)
def test_dialects_read_alike(tmp_path: Path, data: bytes) -> None:
    faults: list[Fault] = []
    (tmp_path / "t.csv").write_bytes(data)
    assert [cells for _, cells in read_table(tmp_path / "t.csv", faults)] == [["a", "b"], ["1", "2"]]
    assert faults == []


def test_rows_keep_their_numbers_and_faults_the_name_given(tmp_path: Path) -> None:
    faults: list[Fault] = []
    path = tmp_path / "t.csv"
    path.write_text('# first\na,b\n"two\nlines",2\n3,"4')
    assert [number for number, _ in read_table(path, faults, "there/t.csv")] == [2, 3]
    assert [(f.code, f.file, f.row) for f in faults] == [("bad_csv", "there/t.csv", 5)]
    assert read_table(tmp_path / "u.csv", faults) == []
    assert 'did you mean "t.csv"' in faults[-1].fix


def test_toml_comes_with_the_row_of_each_key(tmp_path: Path) -> None:
    faults: list[Fault] = []
    (tmp_path / "t.toml").write_text("a = 1\n[b.c]\nd = 2\n")
    assert read_toml(tmp_path / "t.toml", faults) == (
        {"a": 1, "b": {"c": {"d": 2}}},
        {"a": 1, "b": 2, "b.c": 2, "b.c.d": 3},
    )
    (tmp_path / "t.toml").write_text("a = \n")
    assert read_toml(tmp_path / "t.toml", faults) is None
    assert [fault.code for fault in faults] == ["bad_toml"]
