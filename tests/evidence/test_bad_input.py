"""Whatever file is given: a clear answer in bounded time."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bounded import no_longer_than
from corridor.evidence.grammar.names import Known
from corridor.evidence.grammar.text import MAXIMUM_BYTES, decode_text, read_text
from corridor.evidence.suggest import MOST_PROPOSALS, suggest
from corridor.scenario.faults import FaultsError, UsageError

PIECES = sorted(
    [
        "said",
        "told",
        "Friday",
        "12",
        "people",
        ",",
        ".",
        "“",
        "”",
        '"',
        ";",
        "May",
        "2020",
        "the",
        "mayor",
        "no",
        "agreement",
        "%",
    ]
)
KNOWN = [Known("gaza", "place", ["غزة", "Gaza"]), Known("un", "actor", ["UN"])]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "text_empty"),
        (b" \n\t\n", "text_empty"),
        (b"%PDF-1.7 ...", "text_binary"),
        (b"PK\x03\x04rest", "text_binary"),
        (b"\x1f\x8brest", "text_binary"),
        (bytes(range(256)) * 10, "text_binary"),
        (b"text with \x00 in it", "text_binary"),
        ("Café in Škocjan".encode("cp1250"), "text_encoding"),
        ("Степанакерт".encode("cp1251"), "text_encoding"),
        (b"a" * (MAXIMUM_BYTES + 1), "text_too_long"),
        (b"a" * 10_000_000, "text_too_long"),
    ],
)
def test_what_is_no_report_is_refused_with_its_reason(tmp_path, data, code):
    path = tmp_path / "report.txt"
    path.write_bytes(data)
    with pytest.raises(FaultsError) as caught:
        read_text(path)
    (fault,) = caught.value.faults
    assert fault.code == code
    assert caught.value.exit_code == 3
    assert all((fault.found, fault.allowed, fault.fix))


def test_an_encoding_can_be_named(tmp_path):
    path = tmp_path / "report.txt"
    path.write_bytes("В Степанакерте 5 машин".encode("cp1251"))
    assert read_text(path, "cp1251").content == "В Степанакерте 5 машин"
    with pytest.raises(UsageError, match="unknown encoding"):
        read_text(path, "cp9999")
    with pytest.raises(UsageError, match="cannot read"):
        read_text(tmp_path / "none.txt")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_is_no_part_of_the_text(encoding):
    text = decode_text("r", "40 people left.".encode(encoding))
    assert suggest(text).proposals[0]["start"] == 0


def test_line_ends_are_kept_so_that_offsets_hold():
    text = decode_text("r", b"Head\r\n\r\n40 people\r\nleft; 12\r\ntrucks too.")
    found = suggest(text).proposals
    assert [text.content[p["start"] : p["end"]] for p in found] == ["40 people", "12\r\ntrucks"]


def test_right_to_left_text_gives_known_names_and_a_warning():
    text = decode_text("r", "قال المسؤول إن 500 شخص غادروا غزة يوم الجمعة، بحسب UN.".encode())
    suggestion = suggest(text, KNOWN, date(2023, 11, 3))
    assert [p["ref"] for p in suggestion.proposals] == ["gaza", "un"]
    assert any("Arabic" in warning for warning in suggestion.warnings)


def test_marks_that_turn_the_text_round_are_told():
    suggestion = suggest(decode_text("r", "\u202e40 people left\u202c the town.".encode()))
    assert any("direction" in warning for warning in suggestion.warnings)


@settings(max_examples=100)
@given(
    st.text(max_size=300)
    | st.lists(
        st.sampled_from([*PIECES, "\n\n"]),
        max_size=60,
    ).map(" ".join)
)
def test_any_text_gives_proposals_that_reproduce_it_twice_the_same(content):
    if not content.strip():
        return
    try:
        text = decode_text("r", content.encode("utf-8", "replace"))
    except FaultsError:
        return
    first, second = (suggest(text, KNOWN, date(2023, 9, 22)) for _ in range(2))
    assert first == second
    for p in first.proposals:
        assert text.content[p["start"] : p["end"]] == p["text"] != ""
    document = first.to_document()
    assert set(document) == {"report_date", "warnings", "proposals", "language"}


HOSTILE = {
    "numbers": "12 34 56 ",
    "quantities": "12 people ",
    "one long number": "1,",
    "quotation marks": "“",
    "straight quotation marks": '"a ',
    "quotations": "“No,” he said. ",
    "statements": "Bob Ray said that Ann told Reuters. ",
    "verbs of speech": "said ",
    "commas": "Ann, ",
    "weekdays": "Monday ",
    "subjects": "the number of people is 5 and ",
    "tolls": "toll of 5, ",
    "days without a year": "on 5 May. ",
    "days counted from others": "on 5 May the day before. ",
    "dates": "on Friday 12 May 2023 and ",
    "names": "Gaza ",
    "letters": "a",
    "lines": "x\n",
    "number words": "one hundred and ",
    "according": "according to ",
    "brackets": "((",
}


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_no_text_is_read_for_ever(name):
    """A text of 200,000 characters takes about a second; what grows with its square takes minutes, on any machine."""
    text = decode_text("r", (HOSTILE[name] * (200_000 // len(HOSTILE[name]) + 1))[:200_000].encode())
    with no_longer_than(30.0):
        assert len(suggest(text, KNOWN, date(2023, 9, 22)).proposals) <= 5 * MOST_PROPOSALS
