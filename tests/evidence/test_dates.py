"""Dates resolved against the day of the report, checked with the calendar."""

from __future__ import annotations

from calendar import day_name
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor.evidence.grammar.dates import find_dates
from corridor.evidence.grammar.page import judge_report_day

WEEKDAYS = [name.lower() for name in day_name]
reports = st.dates(date(1990, 1, 1), date(2035, 12, 31))
names = st.sampled_from([name.capitalize() for name in WEEKDAYS])


@given(
    reports,
    names,
    st.sampled_from(
        [
            "The road was shut on {}.",
            "On {} they fled.",
            "It has been shut since {}.",
            "He said on {} that it rained.",
        ]
    ),
)
def test_a_weekday_in_the_past_is_the_last_one(report, name, form):
    (said,), _ = find_dates(form.format(name), report)
    assert said.first == said.last
    assert said.first.strftime("%A") == name
    assert timedelta(0) <= report - said.first < timedelta(7)


@given(
    reports,
    names,
    st.sampled_from(["The road will open on {}.", "Talks are due on {}.", "On {} they will leave."]),
)
def test_a_weekday_in_the_future_is_the_next_one(report, name, form):
    (said,), _ = find_dates(form.format(name), report)
    assert said.first.strftime("%A") == name
    assert timedelta(0) <= said.first - report < timedelta(7)


@given(names, reports)
def test_a_weekday_of_which_nothing_is_told_is_left_out(name, report):
    assert find_dates(f"{name} market. Every {name} the shop opens. {name}s are quiet.", report) == ([], [])


@given(
    reports,
    st.sampled_from(["%d %B %Y", "%B %d, %Y", "%Y-%m-%d", "%d.%m.%Y", "%d %b %Y", "%A, %d %B %Y", "%b %d, %Y"]),
)
def test_a_full_date_reads_back_without_a_report_date(day, form):
    said, _ = find_dates(f"It happened on {day.strftime(form)}, they wrote.", None)
    assert [(s.first, s.last) for s in said] == [(day, day)]


@given(reports, st.integers(-100, 100), st.sampled_from(["%d %B", "%B %d"]))
def test_a_day_and_month_take_the_nearest_year(report, shift, form):
    day = report + timedelta(days=shift)
    if (day.month, day.day) == (2, 29):
        return
    (said,), _ = find_dates(f"They came on {day.strftime(form)}.", report)
    assert said.first == day


@given(reports, st.integers(1, 27), st.integers(1, 3), st.integers(1, 12))
def test_spans_of_days(report, first, more, month):
    name = datetime(2000, month, 1).strftime("%B")
    text = f"From {first} to {first + more} {name} {report.year} it was shut."
    if first + more > 28:
        return
    (said,), _ = find_dates(text, None)
    assert (said.first, said.last) == (
        date(report.year, month, first),
        date(report.year, month, first + more),
    )


@given(reports)
def test_relative_days_and_weeks(report):
    said, _ = find_dates("Yesterday it rained; today it snows; tomorrow we leave. Last week was dry.", report)
    monday = report - timedelta(days=report.weekday() + 7)
    assert [s.first for s in said[:3]] == [report - timedelta(1), report, report + timedelta(1)]
    assert (said[3].first, said[3].last) == (monday, monday + timedelta(6))


def test_without_a_report_date_what_is_relative_is_counted_but_not_given():
    said, unresolved = find_dates("On Friday, 3 May 2019 it rained; on Sunday it stopped; since 5 May it is dry.", None)
    assert [s.first for s in said] == [date(2019, 5, 3)]
    assert len(unresolved) == 2


@pytest.mark.parametrize(
    "text",
    [
        "the form 01/10/2023",
        "on 31 February 2020",
        "2020-13-01",
        "we march in step",
        "you may go",
        "Black Friday",
        "Sunday Times",
        "in 1500 tents",
    ],
)
def test_what_is_no_date_or_two_is_left_out(text):
    assert find_dates(text + " was seen.", date(2023, 10, 3))[0] == []


def test_the_page_date_is_used_if_the_news_is_of_its_day_or_the_day_before():
    for said in ("Monday", "Sunday"):
        judged = judge_report_day(f"6 May 2019\n\nThe mayor said on {said} that it rained.", None)
        assert judged.day == date(2019, 5, 6)
        assert judged.warnings == ()


@given(st.integers(0, 4))
def test_the_page_date_is_doubted_if_all_its_news_is_of_other_days(back):
    page = date(2019, 5, 10)
    name = WEEKDAYS[(page.weekday() - 2 - back) % 7].capitalize()
    judged = judge_report_day(f"Updated {page.isoformat()}\n\nThe mayor said on {name} that it rained.", None)
    assert judged.day is None
    assert judged.page is not None
    assert judged.page.day == page
    assert any(name in warning for warning in judged.warnings)


def test_a_weekday_in_the_head_that_is_not_the_dates_own_is_told():
    judged = judge_report_day("Tuesday, 6 May 2019\n\nIt rained.", None)
    assert any("Monday" in warning for warning in judged.warnings)


@pytest.mark.parametrize(
    "head",
    [
        "Situation report no. 7, 12 March 2024",
        "Situation Report No. 7 (as of 12 March 2024)",
        "Flash Update #3 | 12 March 2024",
        "Humanitarian Bulletin, Issue 11\n12 March 2024",
    ],
)
def test_the_head_of_a_situation_report_has_its_day(head):
    assert judge_report_day(f"{head}\n\nThe bridge was opened on 9 March 2024.", None).day == date(2024, 3, 12)
