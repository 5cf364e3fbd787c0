"""Files as people really send them: none ends in a traceback, and rows read are rows used and rows dropped."""

from __future__ import annotations

import codecs
import random
import resource
import time
import zipfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_tables import KNOWN, workbook

from corridor.build.counts import read_counts
from corridor.build.events import read_events
from corridor.build.figures import DayStyle, learn_style, read_number
from corridor.build.people import read_people
from corridor.scenario.faults import UsageError

GOOD = "date,place,people\n2023-05-01,north,1200\n2023-05-02,south,7\n"
Case = tuple[bytes, dict[str, float], int]  # content, people by place, rows dropped
BOTH = {"north": 1200.0, "south": 7.0}


def text(content: str, encoding: str = "utf-8") -> bytes:
    return content.encode(encoding)


NASTY: dict[str, tuple[bytes, dict[str, float], int]] = {
    "plain": (text(GOOD), BOTH, 0),
    "byte order mark": (text(GOOD, "utf-8-sig"), BOTH, 0),
    "UTF-16 with a mark": (text(GOOD, "utf-16"), BOTH, 0),
    "UTF-16 without, little": (text(GOOD, "utf-16-le"), BOTH, 0),
    "UTF-16 without, big": (text(GOOD, "utf-16-be"), BOTH, 0),
    "UTF-32": (codecs.BOM_UTF32_LE + text(GOOD, "utf-32-le"), BOTH, 0),
    "Windows-1252": (text("date,place,people\n2023-05-01,Süd,7\n", "cp1252"), {"south": 7}, 0),
    "NUL bytes": (text(GOOD.replace("1200", "1\x00200")), BOTH, 0),
    "lines end with CR LF": (text(GOOD.replace("\n", "\r\n")), BOTH, 0),
    "lines end with CR": (text(GOOD.replace("\n", "\r")), BOTH, 0),
    "no last line end": (text(GOOD.rstrip()), BOTH, 0),
    "semicolons": (text(GOOD.replace(",", ";")), BOTH, 0),
    "tabs": (text(GOOD.replace(",", "\t")), BOTH, 0),
    "bars": (text(GOOD.replace(",", "|")), BOTH, 0),
    "semicolons and commas in the notes": (
        text("note;date;place;people\na, b, c, d, e;2023-05-01;north;1,200\n;2023-05-02;south;7\n"), BOTH, 0),
    "commas, semicolons in the notes": (
        text('date,place,people,note\n2023-05-01,north,1200,"a; b; c; d; e, f"\n2023-05-02,south,7,\n'), BOTH, 0),
    "title lines": (text("Made counts, 2023\n\nNot for use; see date\n" + GOOD), BOTH, 0),
    "footnotes": (text(GOOD + "Source: nobody\n"), BOTH, 1),
    "a row of HXL tags": (text(GOOD.replace("people\n", "people\n#date,#loc+name,#affected\n")), BOTH, 0),
    "the header once more": (text(GOOD + GOOD.splitlines()[0] + "\n"), BOTH, 1),
    "blank rows": (text(GOOD.replace("\n", "\n,,\n\n")), BOTH, 0),
    "other order of columns": (text("people,date,place\n1200,2023-05-01,north\n7,2023-05-02,south\n"), BOTH, 0),
    "columns in capitals and gaps": (text(" DATE ,Place, # of people ,PEOPLE\n2023-05-01,north,,1200\n2023-05-02,south,,7"), BOTH, 0),
    "a column twice": (text("date,place,people,people\n2023-05-01,north,1200,3\n2023-05-02,south,7,\n"), BOTH, 0),
    "thousands by comma": (text(GOOD.replace("1200", '"1,200"')), BOTH, 0),
    "thousands by gap": (text(GOOD.replace("1200", "1\u00a0200")), BOTH, 0),
    "thousands by apostrophe": (text(GOOD.replace("1200", "1'200")), BOTH, 0),
    "a number that may be two": (text(GOOD.replace("1200", "1.200")), {"south": 7}, 1),
    "Arabic digits": (text(GOOD.replace("1200", "١٢٠٠").replace("2023-05-02", "٢٠٢٣-٠٥-٠٢")), BOTH, 0),
    "Persian digits": (text(GOOD.replace("1200", "۱٬۲۰۰").replace(",7", ",۷")), {"north": 1200, "south": 7}, 0),
    "Devanagari digits": (text(GOOD.replace("1200", "१२००")), BOTH, 0),
    "a dash for nothing": (text(GOOD + "2023-05-03,north,-\n2023-05-04,north,n/a\n"), BOTH, 2),
    "a negative number": (text(GOOD + "2023-05-03,north,-4\n"), BOTH, 1),
    "words for numbers": (text(GOOD + "2023-05-03,north,many\n"), BOTH, 1),
    "formula errors": (text(GOOD + "2023-05-03,north,#REF!\n"), BOTH, 1),
    "days first, found out": (
        text("date,place,people\n01/05/2023,north,1200\n23/05/2023,south,7\n"), BOTH, 0),
    "months first, found out": (
        text("date,place,people\n05/01/2023,north,1200\n05/23/2023,south,7\n"), BOTH, 0),
    "two styles of dates": (
        text("date,place,people\n13/05/2023,north,1200\n05/23/2023,south,7\n03/04/2023,north,5\n"), BOTH, 1),
    "no style to be found": (text("date,place,people\n03/04/2023,north,1200\n2023-05-02,south,7\n"), {"south": 7}, 1),
    "names of months": (
        text("date,place,people\n1 May 2023,north,1200\n02-Mai-23,south,7\n"), BOTH, 0),
    "a month in Arabic": (text("date,place,people\n١ مايو ٢٠٢٣,north,1200\nMay 2nd 2023,south,7\n"), BOTH, 0),
    "days of a spreadsheet": (text("date,place,people\n45047,north,1200\n45048,south,7\n"), BOTH, 0),
    "another calendar": (text(GOOD + "1402-02-11,north,9\n"), BOTH, 1),
    "a day that is none": (text(GOOD + "2023-02-30,north,9\n"), BOTH, 1),
    "an unquoted comma": (text(GOOD + "2023-05-03,north,1,300\n"), BOTH, 1),
    "short rows": (text(GOOD + "2023-05-03,north\n2023-05-04\n"), BOTH, 2),
    "a quotation mark never closed": (text(GOOD + '2023-05-03,"north,9\n2023-05-04,south,4\n'), BOTH, 1),
    "line ends within a text": (
        text('date,place,people,note\n2023-05-01,north,1200,"one\ntwo"\n2023-05-02,south,7,\n'), BOTH, 0),
    "names in Arabic": (text(GOOD.replace("north", "الشمال")), BOTH, 0),
    "a name without its marks": (text(GOOD.replace("south", "SUD")), BOTH, 0),
    "a name parted into letter and mark": (text(GOOD.replace("south", "Su\u0308d")), BOTH, 0),
    "places that are not there": (text(GOOD + "2023-05-03,atlantis,9\n"), BOTH, 1),
    "the same row again": (text(GOOD + "2023-05-02,south,7\n"), BOTH, 1),
    "two figures for one thing": (text(GOOD + "2023-05-02,south,8\n"), BOTH, 1),
    "signs that steer": (text(GOOD + "2023-05-03,\u202enorth\x1b[31m,9\n"), BOTH, 1),
}  # fmt: skip


@pytest.mark.parametrize("name", NASTY)
def test_nasty_text(tmp_path: Path, name: str) -> None:
    content, people, dropped = NASTY[name]
    path = tmp_path / "counts.csv"
    path.write_bytes(content)
    found = read_counts(path, KNOWN)
    assert {one.where: one.people for one in found.figures} == people
    assert found.reading.dropped.total() == dropped, str(found.reading)
    assert found.reading.read == found.reading.used + dropped
    if "date" in name or "style" in name or "first" in name:
        assert {one.day for one in found.figures} <= {
            date(2023, 5, 1),
            date(2023, 5, 2),
            date(2023, 5, 13),
            date(2023, 5, 23),
        }


SHEETS: dict[str, tuple[dict[str, list[list[object]]], dict[str, list[str]], dict[str, float], int]] = {
    "merged cells": (
        {"A": [["date", "place", "people"], ["2023-05-01", "north", 1200], ["2023-05-02", None, 7]]},
        {"A": ["B2:B3"]}, {"north": 7.0}, 0),
    "a title over merged columns": (
        {"A": [["Made", None, None], ["date", "place", "people"], [date(2023, 5, 1), "north", 1200], ["x", "south", 7]]},
        {"A": ["A1:C1"]}, {"north": 1200.0}, 1),
    "empty sheets": (
        {"Empty": [], "Notes": [["made", "rows"]], "Data": [["date", "place", "people"], [date(2023, 5, 2), "south", 7.0]]},
        {}, {"south": 7.0}, 0),
    "numbers as texts": (
        {"A": [["date", "place", "people"], ["2023-05-01", "north", " 1,200 "], ["2023-05-02", "south", "7"]]}, {}, BOTH, 0),
    "a formula without a result": (
        {"A": [["date", "place", "people"], ["2023-05-01", "north", "=600*2"], ["2023-05-02", "south", 7]]}, {}, {"south": 7.0}, 1),
    "a gap above and beside": (
        {"A": [[], [None, "date", "place", "people"], [None, date(2023, 5, 2), "south", 7]]}, {}, {"south": 7.0}, 0),
}  # fmt: skip


@pytest.mark.parametrize("name", SHEETS)
def test_nasty_workbook(tmp_path: Path, name: str) -> None:
    sheets, merged, people, dropped = SHEETS[name]
    found = read_counts(workbook(tmp_path / "counts.csv", sheets, merged), KNOWN)  # whatever it is called
    assert {one.where: one.people for one in found.figures} == people
    assert found.reading.dropped.total() == dropped, str(found.reading)
    if "formula" in name:
        assert any("no result yet" in note for note in found.reading.notes)


REFUSED = {
    "empty": b"",
    "a web page": b"<!DOCTYPE html><html><body>Log in</body></html>",
    "an old workbook": b"\xd0\xcf\x11\xe0" + b"\0" * 600,
    "a packed file": b"\x1f\x8b\x08\0\0\0",
    "no column that is known": b"a,b,c\n1,2,3\n",
    "a damaged workbook": b"PK\x03\x04" + b"\0" * 60,
    "a quotation mark over everything": b'date,place,people\n2023-05-01,"north,1\n' + b"2023-05-02,south,2\n" * 9000,
    "a document": b'{"date": 1}',
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_table_is_refused_in_a_sentence(tmp_path: Path, name: str) -> None:
    path = tmp_path / "counts.csv"
    path.write_bytes(REFUSED[name])
    with pytest.raises(UsageError):
        read_counts(path, KNOWN)


def test_a_workbook_cut_short_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", {"A": [["date", "place", "people"], ["2023-05-01", "north", 1]]})
    kept = tmp_path / "b.xlsx"
    with zipfile.ZipFile(path) as whole, zipfile.ZipFile(kept, "w") as part:
        for name in whole.namelist():
            part.writestr(name, whole.read(name)[: 40 if "sheet1" in name else None])
    with pytest.raises(UsageError, match="save it anew"):
        read_counts(kept, KNOWN)


@pytest.mark.parametrize("missing", ["nothing-here.csv", "."])
def test_no_file_is_told(tmp_path: Path, missing: str) -> None:
    with pytest.raises(UsageError):
        read_people(tmp_path / missing, 2022)


SIGNS = st.text(st.sampled_from('ab1٢०,.;\t"\n\r\0#=-/ \ufeffüØ٫—\ud7ffé|'), max_size=30)
CELLS = st.one_of(
    SIGNS,
    st.sampled_from(
        ["north", "south", "2023-05-01", "1,200", "13/05/2023", "05/13/2023", "-", "#date", "total", "47.0", "9"]
    ),
)


@settings(max_examples=150, deadline=None)
@given(
    rows=st.lists(st.lists(CELLS, max_size=6), max_size=12),
    header=st.permutations(["date", "place", "people", "latitude", "longitude", "x"]),
    delimiter=st.sampled_from(",;\t"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    cut=st.integers(0, 9),
)
def test_rows_read_are_rows_used_and_rows_dropped(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[list[str]],
    header: list[str],
    delimiter: str,
    encoding: str,
    cut: int,
) -> None:
    path = tmp_path_factory.mktemp("made") / "made.csv"
    content = "\n".join(delimiter.join(row) for row in [header, *rows]).encode(encoding, "surrogatepass")
    path.write_bytes(content[: len(content) - cut])
    for read in (
        lambda: read_counts(path, KNOWN).reading,
        lambda: read_people(path, 2022).reading,
        lambda: read_events(path, date(2000, 1, 1), date(2030, 1, 1)).reading,
    ):
        try:
            reading = read()
        except UsageError:
            continue
        assert reading.used >= 0
        assert reading.read == reading.used + reading.dropped.total()
        assert sum(number for number in reading.dropped.values()) >= 0
        assert str(reading)


@settings(max_examples=100, deadline=None)
@given(
    days=st.lists(st.dates(date(1990, 1, 1), date(2060, 1, 1)), min_size=1, max_size=30),
    first=st.sampled_from(["day", "month"]),
)
def test_a_style_that_is_found_reads_every_day_as_it_was_written(days: list[date], first: str) -> None:
    form = "%d/%m/%Y" if first == "day" else "%m/%d/%Y"
    texts = [day.strftime(form) for day in days]
    style = learn_style(texts)
    assert style.first in (first, "")
    for day, written in zip(days, texts, strict=True):
        if style.first:
            assert style.read(written) == day
        assert DayStyle(first).read(written) == day


@settings(max_examples=100, deadline=None)
@given(number=st.integers(0, 10**9))
def test_numbers_come_back_however_they_are_written(number: int) -> None:
    grouped = f"{number:,}"
    for written in (
        str(number),
        grouped,
        grouped.replace(",", " "),
        grouped.replace(",", "\u202f"),
        grouped.replace(",", "'"),
    ):
        assert read_number(written) == number
    arabic = str(number).translate({ord(str(n)): chr(0x660 + n) for n in range(10)})
    assert read_number(arabic) == number
    assert read_number(grouped.replace(",", "."), decimal=",") == number


@pytest.mark.slow
def test_200_megabytes_are_streamed(tmp_path: Path) -> None:
    path, rows = tmp_path / "large.csv", 0
    luck = random.Random(1)
    block = "".join(
        f"2023-05-{luck.randint(10, 28)},atlantis {luck.randint(1, 500)},{luck.randint(1, 9)}," + "x" * 150 + "\n"
        for _ in range(1000)
    )
    with path.open("w") as file:
        file.write("date,place,people,note\n")
        while file.tell() < 200_000_000:
            file.write(block)
            rows += 1000
        file.write("2023-05-02,south,7,\n")
    begun = time.process_time()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = read_counts(path, KNOWN)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(f"{time.process_time() - begun:.1f} s of processor, {grown:.1f} MB more than before")
    assert grown < 60
    assert found.reading.read == rows + 1
    assert [one.people for one in found.figures] == [7]
