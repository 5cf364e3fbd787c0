"""Quantities: number, hedge and unit in any combination read back; what only looks like one does not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import constants

from corridor.evidence.grammar.language import load_language
from corridor.evidence.grammar.quantities import find_quantities
from corridor.evidence.grammar.units import convert

UNITS = {
    "people": "people",
    "displaced families": "families",
    "relief trucks": "vehicles",
    "tonnes": "tonnes",
    "mt": "tonnes",
    "litres": "litres",
    "km": "km",
    "hours": "hours",
    "per cent": "percent",
    "tents": "tents",
    "vehicles an hour": "vehicles/hour",
    "litres per person per day": "litres/person/day",
}
HEDGES = {
    "": None,
    "about ": "about",
    "nearly ": "about",
    "more than ": "at least",
    "no fewer than ": "at least",
    "up to ": "up to",
    "less than ": "up to",
}
numbers = st.integers(2, 5_000_000).filter(lambda n: not 1500 <= n <= 2100)


@given(numbers, st.sampled_from(sorted(HEDGES)), st.sampled_from(sorted(UNITS)))
def test_number_hedge_and_unit_read_back(number, hedge, unit):
    said = f"{hedge}{number:,} {unit}"
    (found,) = find_quantities(f"They counted {said}, it is written.")
    text = f"They counted {said}, it is written."
    assert text[found.start : found.end] == said
    assert (found.value, found.unit, found.approximate) == (number, UNITS[unit], hedge != "")
    kind = HEDGES[hedge]
    assert found.low == (number if kind == "at least" else None)
    assert found.high == (number if kind == "up to" else None)


@given(
    st.integers(2, 500),
    st.integers(1, 500),
    st.sampled_from(sorted(UNITS)),
    st.sampled_from(["{} to {}", "between {} and {}", "{}-{}"]),
)
def test_ranges_have_no_value(low, more, unit, form):
    (found,) = find_quantities(f"It takes {form.format(low, low + more)} {unit} now.")
    assert (found.value, found.low, found.high) == (None, low, low + more)


def test_a_change_is_two_numbers_and_no_range():
    for low, high in ((40, 55), (55, 40)):
        found = find_quantities(f"The queue changed from {low} to {high} cars.")
        assert [(q.value, q.low, q.high, q.unit) for q in found] == [
            (low, None, None, "vehicles"),
            (high, None, None, "vehicles"),
        ]


SCALES = {
    "": 1,
    " hundred": 100,
    " thousand": 1_000,
    " hundred thousand": 100_000,
    " million": 1_000_000,
    " lakh": 100_000,
    " crore": 10**7,
}
SMALL = ["two", "three", "four", "five", "six", "seven", "eight", "nine"]


@given(
    st.integers(0, 6),
    st.integers(1, 7),
    st.sampled_from(sorted(SCALES)),
    st.sampled_from(["{} to {}", "between {} and {}", "{} or {}"]),
)
def test_a_multiplier_spans_its_range(low, more, scale, form):
    high = min(low + more, 7)
    said = form.format(SMALL[low], SMALL[high]) + scale
    (found,) = find_quantities(f"There are {said} people here.")
    assert (found.value, found.low, found.high) == (None, (low + 2) * SCALES[scale], (high + 2) * SCALES[scale])


@given(st.integers(2, 60), st.integers(2, 60), st.sampled_from(["kg", "tonnes", "trucks", "people"]))
def test_two_numbers_share_their_unit(one, two, unit):
    found = find_quantities(f"They brought {one} and {two} {unit} here.")
    assert [q.value for q in found] == [one, two]
    assert len({q.unit for q in found}) == 1


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("The death toll has risen to 412.", 412, "people"),
        ("Missing: 1,346", 1346, "people"),
        ("Houses destroyed: 1,204", 1204, "houses"),
        ("The number of refugees in the town stood at 21,719.", 21719, "people"),
        ("Some 430 have flown home.", 430, "people"),
        ("Shelling killed 12 on Monday.", 12, "people"),
        ("About 3,000 a day are crossing the river.", 3000, "people/day"),
        ("It cost $26m.", 26_000_000, "dollars"),
        ("It cost Rs 3.5 crore.", 35_000_000, "rupees"),
        ("One in three houses fell.", 0.3333, "share"),
        ("Two thirds of the staff left.", 0.6667, "share"),
        ("Nearly a quarter of the wells are dry.", 0.25, "share"),
        ("They lit 30 beehives.", 30, "beehives"),
        ("A drive of 850 kilometres.", 850, "km"),
        ("one point two million people fled", 1_200_000, "people"),
        ("a couple hundred students came", 200, "people"),
    ],
)
def test_what_a_number_counts_is_told_by_its_sentence(text, value, unit):
    (found,) = find_quantities(text)
    assert (found.value, found.unit) == (value, unit)


def test_a_table_counts_what_its_heads_say():
    text = "Site | People | Tents\nBurka | 3,455 | 610\nWero | 940 | 155\n"
    found = find_quantities(text)
    assert [(q.value, q.unit) for q in found] == [(3455, "people"), (610, "tents"), (940, "people"), (155, "tents")]


@pytest.mark.parametrize(
    "text",
    [
        "Resolution 2417 people",
        "aged 40 people",
        "a 10-year-old girl",
        "three years ago",
        "two days later",
        "camp 5 people",
        "children under five",
        "20-30,000 people",
        "24 hours a day",
        "every 3 days",
        "in 2020 people left",
        "the 1949 people",
        "tent 112 people",
        "COVID-19 patients",
        "a 3-2 vote",
        "dozens of people",
        "hundreds of trucks",
        "several hundred tents",
        "not 500 people",
        "one day",
        "5 x 20 kg bags",
    ],
)
def test_what_only_looks_like_a_quantity_is_left_out(text):
    assert find_quantities(f"They said {text}.") == []


@pytest.mark.parametrize(
    ("unit", "into", "factor"),
    [
        ("miles", "km", constants.mile / 1000),
        ("feet", "metres", constants.foot),
        ("lb", "kg", constants.lb),
        ("gallons", "litres", constants.gallon * 1000),
        ("barrels", "litres", constants.barrel * 1000),
        ("acres", "hectares", constants.acre / constants.hectare),
        ("weeks", "hours", constants.week / constants.hour),
        ("tonnes/day", "kg/hour", 1000 / 24),
        ("litres/person/day", "l/person/day", 1.0),
        ("%", "share", 0.01),
        ("vehicles/h", "vehicles per hour", 1.0),
    ],
)
def test_units_convert_as_their_definitions_say(unit, into, factor):
    assert convert(1.0, unit, into) == pytest.approx(factor, rel=1e-6)
    assert convert(factor, into, unit) == pytest.approx(1.0, rel=1e-6)


@pytest.mark.parametrize(
    ("unit", "into"), [("km", "hours"), ("people", "vehicles"), ("tonnes", "tonnes/day"), ("", "km")]
)
def test_units_of_different_things_do_not_convert(unit, into):
    assert convert(1.0, unit, into) is None


@pytest.mark.parametrize("mark", ["-", "*", "•", "–", "  -", "\t*"])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_mark_of_an_item_is_no_sign_of_its_number(mark: str, language: str) -> None:
    noun = {"en": "people displaced", "fr": "personnes déplacées"}[language]
    text = f"Key figures\n{mark} 420 {noun}\n{mark} 31 {noun}\n"
    assert [q.value for q in find_quantities(text, language=load_language(language))] == [420, 31]
    assert find_quantities(f"It was x * 420 {noun}", language=load_language(language)) == []
