"""Sentences built around a known day, in many manners: the day comes back, or nothing; never another day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corridor.evidence.grammar.dates import find_dates
from corridor.evidence.grammar.text import decode_text
from corridor.evidence.suggest import suggest

reports = st.dates(date(1990, 1, 8), date(2035, 12, 20))
PAST = (
    "Shells struck the bakery {on}.",
    "The convoy {on} turned back at the river.",
    "{On} two lorries burnt out on the pass.",
    "He told reporters that nobody had slept {on}.",
    "The town withdrew its guards {on}, an aide said.",
    "Between the two shafts a third collapsed {on}.",
    "The promised boats tore loose {on}; none will be replaced.",
    "They could not reach the mill {on}.",
    "Water rose to 4 metres, up from 3 {on}.",
)
AHEAD = (
    "The ferry leaves {on}.",
    "They agreed to let 22 trucks pass {on}.",
    "He said that {on} the gate will open.",
    "The agency expects 600 mm of rain {on}.",
    "A vote is due {on}.",
    "The displaced families are to be moved {on}.",
    "She undertook to repay them {on}.",
    "The general vowed to march {on}.",
    "The wounded could be flown out {on}, the surgeon hopes.",
)


def _day(text: str, report: date | None) -> tuple[date, date] | None:
    found, _ = find_dates(text, report)
    assert len(found) <= 1, found
    return (found[0].first, found[0].last) if found else None


def _fill(form: str, words: str) -> str:
    return form.format(on=words, On=words[0].upper() + words[1:])


@settings(max_examples=60)
@given(reports, st.integers(1, 6), st.sampled_from(PAST), st.sampled_from(["on {}", "late on {}", "on {} night"]))
def test_a_weekday_of_the_past(report, back, form, words):
    day = report - timedelta(days=back)
    assert _day(_fill(form, words.format(day.strftime("%A"))), report) == (day, day)


@settings(max_examples=60)
@given(reports, st.integers(1, 6), st.sampled_from(AHEAD), st.sampled_from(["on {}", "early on {}", "by {}"]))
def test_a_weekday_ahead(report, on, form, words):
    day = report + timedelta(days=on)
    assert _day(_fill(form, words.format(day.strftime("%A"))), report) == (day, day)


@settings(max_examples=40)
@given(reports, st.integers(1, 6), st.sampled_from(["We have flour until {}.", "He said they had fuel until {}."]))
def test_until_looks_ahead_where_a_stock_lasts(report, on, form):
    day = report + timedelta(days=on)
    assert _day(form.format(day.strftime("%A")), report) == (day, day)


@settings(max_examples=40)
@given(reports, st.integers(1, 6))
def test_since_and_last_look_back(report, back):
    day = report - timedelta(days=back)
    assert _day(f"The road has been shut since {day:%A}.", report) == (day, day)
    assert _day(f"Nothing has come since last {day:%A}.", report) == (day, day)
    assert _day(f"The first case died last {day:%A}.", report) == (day, day)


@settings(max_examples=40)
@given(reports, st.integers(1, 13))
def test_next_is_told_only_where_it_can_be_one_day(report, on):
    day = report + timedelta(days=on)
    said = _day(f"They will meet next {day:%A}.", report)
    monday = report + timedelta(days=7 - report.weekday())
    sure = monday + timedelta(days=day.weekday())
    assert said in (None, (sure, sure))
    assert (said is None) == (day.weekday() > report.weekday())
    assert _day(f"They meet on {day:%A} next week.", report) == (sure, sure)


@settings(max_examples=40)
@given(reports, st.integers(-20, 20).filter(bool))
def test_a_day_of_the_month_alone(report, shift):
    day = report + timedelta(days=shift)
    end = {1: "st", 2: "nd", 3: "rd", 21: "st", 22: "nd", 23: "rd", 31: "st"}.get(day.day, "th")
    form = "The camp opened on the {}, he said." if shift < 0 else "The camp will open on the {}."
    assert _day(form.format(f"{day.day}{end}"), report) == (day, day)


@settings(max_examples=30)
@given(reports)
def test_ends_of_months_and_years(report):
    after = (report.replace(day=28) + timedelta(days=4)).replace(day=1)
    last, next_last = after - timedelta(days=1), (after + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    assert _day("Stocks will be gone by the end of the month.", report) == (last, last)
    assert _day("Stocks will be gone by the end of next month.", report) == (next_last, next_last)
    assert _day(f"Stocks will be gone by the end of {next_last:%B}.", report) == (next_last, next_last)
    assert _day(f"Stocks will be gone by the end of {next_last:%B %Y}.", None) == (next_last, next_last)
    assert _day("The rent is paid until the end of the year.", report) == (date(report.year, 12, 31),) * 2


@settings(max_examples=30)
@given(reports, st.integers(2, 9))
def test_days_told_from_another_day(report, count):
    monday = report - timedelta(days=report.weekday() + 7)
    found, _ = find_dates(f"A bridge fell on 5 May 2019; {count} days later a second one fell.", report)
    assert found[1].first == date(2019, 5, 5 + count)
    found, _ = find_dates("There were 387 cases on 1 March 2020, up from 291 the day before.", report)
    assert found[1].first == date(2020, 2, 29)
    found, _ = find_dates("They took down 1,965 names last week, against 880 the week before.", report)
    assert (found[1].first, found[1].last) == (monday - timedelta(7), monday - timedelta(1))
    assert _day(f"A second one fell {count} days later.", report) is None


@settings(max_examples=30)
@given(reports)
def test_nights_and_mornings(report):
    before = report - timedelta(days=1)
    assert _day("Two convoys turned back overnight after mines were found.", report) == (before, report)
    assert _day("The bridge was hit last night.", report) == (before, before)
    assert _day("By this morning 400 had been moved.", report) == (report, report)


@pytest.mark.parametrize(
    "text",
    [
        "The clinic is open on {} and its staff know it.",
        "The market of {}, where women sell salt, lies near the river.",
        "It was shut until {}.",
        "The gate was to open on {}.",
        "Observers will come after {}’s vote.",
        "They fled after {} prayers.",
        "They have asked the guards to leave on {}.",
    ],
)
def test_what_may_be_two_days_is_left_out(text):
    report = date(2022, 3, 9)  # a Wednesday
    assert _day(text.format("Friday"), report) is None


@settings(max_examples=30)
@given(reports, st.integers(1, 5))
def test_weekdays_follow_the_full_date_that_the_text_names_where_the_page_misleads(day, back):
    page, other = day + timedelta(days=200), day - timedelta(days=back)
    if page.weekday() in (day.weekday(), (day.weekday() + 1) % 7):
        page += timedelta(days=2)
    text = (
        f"Updated {page:%d %B %Y}\n\nThe corridor was shut, a guard said on {day:%A}, {day:%d %B %Y}. "
        f"Two lorries had turned back on {other:%A}."
    )
    found = suggest(decode_text("a", text.encode()))
    dates = [(p["from"], p["to"]) for p in found.proposals if p["kind"] == "date"]
    assert dates[0] == (day.isoformat(), day.isoformat())
    assert dates[1:] in ([], [(other.isoformat(), other.isoformat())])
    assert dates[1:] or back > 5
    assert any(day.isoformat() in warning for warning in found.warnings)
