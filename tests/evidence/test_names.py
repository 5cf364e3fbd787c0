"""Known names are found under every name, as whole names only."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from corridor.evidence.grammar.names import Known, find_mentions
from corridor.evidence.scenario_rows import split_names

KNOWN = [
    Known("stepanakert", "place", ["Stepanakert", "Khankendi", "Ստեփանակերտ", "Xankəndi"]),
    Known("shushi", "place", ["Shushi", "Shusha"]),
    Known("corridor", "place", ["Lachin corridor"]),
    Known("lachin", "place", ["Lachin"]),
    Known("president", "actor", ["Ilham Aliyev", "Aliyev"]),
]


def refs(text):
    return [(text[m.start : m.end], m.ref) for m in find_mentions(text, KNOWN)]


def test_both_sides_names_are_one_place():
    text = "From Stepanakert (Khankendi, Ստեփանակերտ, Xankəndi) to Shusha or Shushi; SHUSHI."
    assert [ref for _, ref in refs(text)] == ["stepanakert"] * 4 + ["shushi"] * 3


def test_the_longest_name_wins():
    assert refs("the Lachin corridor and Lachin itself") == [
        ("Lachin corridor", "corridor"),
        ("Lachin", "lachin"),
    ]


def test_parts_of_other_names_are_passed_over():
    for text in (
        "Heydar Aliyev was",
        "Leyla Aliyeva was",
        "Lachines",
        "Lachin Street",
        "the Lachin region",
        "New Lachin",
        "www.Lachin.org",
        "Yeni-Lachin",
    ):
        assert refs(f"It is {text} here.") == [], text


def test_titles_possessives_and_joined_names_do_not_hide_a_name():
    assert refs("President Aliyev’s army took the Stepanakert-Shusha road.") == [
        ("Aliyev", "president"),
        ("Stepanakert", "stepanakert"),
        ("Shusha", "shushi"),
    ]


@given(st.lists(st.sampled_from(["Shusha", "Lachin", "the", "road", "to", "and", "shushanik", "lachin"]), max_size=30))
def test_every_lone_name_is_found_wherever_it_stands(words):
    text = " ".join(words)
    plain = [m.start() for m in re.finditer(r"\b(?:Shusha|Lachin)\b", text)]
    assert [m.start for m in find_mentions(text, KNOWN)] == plain


def test_a_scenarios_names_are_taken_apart():
    assert split_names("Stepanakert / Khankendi (city)", "Xankəndi; Ханкенди") == [
        "Stepanakert",
        "Khankendi",
        "Xankəndi",
        "Ханкенди",
    ]
