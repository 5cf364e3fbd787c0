"""What is known of counts by a moment, and how exact they are: properties over generated counts."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor.scenario.counts import Count, Thing, choose_fitted, keep_newest
from corridor.scenario.scenario import read_scenario
from corridor.scenario.values import Margin, end_of_day, parse_day_or_time, parse_margin, parse_publication

START = datetime(2025, 3, 1)
hours = st.integers(0, 24 * 12).map(lambda n: START + timedelta(hours=n))
numbers = st.floats(0, 1e6)


@st.composite
def counts(draw, published=None):
    time = draw(hours)
    since = draw(st.none() | st.just(time - timedelta(hours=24)))
    where = draw(st.sampled_from([("", "", ""), ("a", "", ""), ("", "outside", ""), ("", "", "out")]))
    known = draw(st.none() | hours.map(lambda moment: max(moment, time))) if published is None else published
    low = draw(st.none() | numbers)
    high = draw(st.none() | numbers.map(lambda more: more + (low or 0)))
    value = draw(numbers) if low is None and high is None else None
    margin = draw(st.none() | st.builds(Margin, st.floats(0, 1), st.booleans()))
    status = draw(st.sampled_from(["stated", "rounded", "hour_assumed"]))
    return Count(
        Thing(draw(st.sampled_from(["arrivals", "lodged"])), *where, since, time),
        value,
        low,
        high,
        margin,
        status,
        known,
    )


sets_of_counts = st.lists(counts(), max_size=30).flatmap(
    # some are revised, once or twice, by numbers published later
    lambda some: st.tuples(
        st.just(some), st.lists(st.tuples(st.sampled_from(some), hours, numbers), max_size=10) if some else st.just([])
    )
).map(
    lambda both: both[0]
    + [
        Count(old.thing, number, None, None, None, old.status, max(known, old.thing.time))
        for old, known, number in both[1]
    ]
)  # fmt: skip


@pytest.mark.slow
@given(sets_of_counts, hours)
def test_nothing_published_later_is_known_and_the_newest_vintage_is_used(some: list[Count], as_of: datetime) -> None:
    known = keep_newest(count for count in some if count.known_by(as_of))
    assert all(count.published is not None and count.published <= as_of for count in known)
    could = [count for count in some if count.published is not None and count.published <= as_of]
    assert {count.thing for count in known} == {count.thing for count in could}
    for count in known:
        assert count.published == max(other.published for other in could if other.thing == count.thing)
    later = [count for count in some if count.published is None or count.published > as_of]
    assert keep_newest(count for count in could + later if count.known_by(as_of)) == keep_newest(could)


@pytest.mark.slow
@given(sets_of_counts, hours, st.sampled_from([(), ("arrivals",), ("arrivals", "lodged")]))
def test_a_forecast_learns_from_no_count_made_or_published_after_its_moment(
    some: list[Count], until: datetime, series: tuple[str, ...]
) -> None:
    """By place, exit and area, over spans, ends and ranges: all that was known, in the vintage of the moment."""
    used, left_out = choose_fitted(some, series, START, until)
    for count in used:
        assert START <= count.thing.time <= until
        assert count.published is None or count.published <= until
        assert not series or count.thing.series in series
    allowed = [count for count in some if max(count.thing.time, count.published or START) <= until]
    assert sorted((*used, *(count for count, _ in left_out)), key=id) == sorted(keep_newest(allowed), key=id)
    assert all(why and count.thing.series not in series for count, why in left_out)
    assert not left_out or series, "where no series is named all are used"
    later = [count for count in some if count not in allowed]
    assert choose_fitted(allowed, series, START, until) == choose_fitted(later + allowed, series, START, until)


ZONES = ("Asia/Yerevan", "Europe/Berlin", "Africa/Cairo", "America/New_York", "Africa/Khartoum", "UTC")


@given(st.sampled_from(ZONES), st.dates(date(2022, 1, 1), date(2025, 12, 31)), st.integers(-3000, 3000))
def test_a_day_without_an_hour_is_known_at_its_end_whatever_the_clocks_do(zone: str, day: date, minutes: int) -> None:
    midnight = datetime.combine(day, datetime.min.time())
    count = publish(day.isoformat(), zone)
    moment = midnight + timedelta(minutes=minutes)
    known = count.known_by(moment)
    assert count.known_by(midnight + timedelta(days=1))
    assert known == (moment >= midnight + timedelta(days=1)) or moment == end_of_day(midnight)
    assert count.known_to_fit(moment) == known, "a forecast of that evening knows it no more than anybody"
    assert count.published is not None
    assert count.published.date() == day


@pytest.mark.parametrize(
    ("text", "end"), [("2024-02", "2024-02-29T23:59"), ("2023", "2023-12-31T23:59"), ("2023-12", "2023-12-31T23:59")]
)
def test_a_month_or_a_year_means_its_end(text: str, end: str) -> None:
    assert parse_publication(text, ZoneInfo("UTC")) == datetime.fromisoformat(end)


CHANGES = (datetime(2023, 10, 29, 1), datetime(2023, 3, 26, 1), datetime(2023, 10, 26, 21), datetime(2023, 11, 5, 6))


@given(st.sampled_from(ZONES), st.sampled_from(CHANGES), st.integers(-180, 180), st.integers(-180, 180))
def test_no_moment_knows_what_was_published_after_it_over_a_change_of_clocks(
    zone: str, change: datetime, published: int, asked: int
) -> None:
    """Both are given with their offset, within three hours of a change of the clocks of one of these zones."""
    at, moment = (change.replace(tzinfo=UTC) + timedelta(minutes=n) for n in (published, asked))
    count = publish(at.isoformat(), zone)
    known = count.known_by(parse_day_or_time(moment.isoformat(), ZoneInfo(zone)))
    assert not known or at <= moment
    assert known or moment < at + timedelta(hours=2), "an hour told twice delays by no more than that"


def publish(text: str, zone: str) -> Count:
    published = parse_publication(text, ZoneInfo(zone))
    return Count(Thing("arrivals", "", "", "", None, datetime(2020, 1, 1)), 1.0, None, None, None, "stated", published)


@pytest.mark.slow
@given(counts(), st.lists(st.floats(-1e6, 3e6), min_size=1))
def test_only_what_lies_outside_of_what_was_published_is_a_distance(count: Count, said: list[float]) -> None:
    distance = count.measure_distance(np.array(said))
    low, high = count.bounds
    for one, far in zip(said, distance, strict=True):
        assert far == pytest.approx(max(low - one, one - high, 0.0))
        if count.low is not None and count.high is None and one >= count.low:
            assert far == 0, "more than was said is no error of more than"
    assert (distance == 0).all() == all(low <= one <= high for one in said)


@pytest.mark.parametrize(
    ("value", "status", "error"),
    [(15_500, "stated", 50), (28_120, "stated", 5), (28_123, "stated", 0), (9_000, "rounded", 500),
     (100_000, "stated", 2_500), (100_000, "rounded", 10_000), (0, "stated", 0)],
)  # fmt: skip
def test_an_error_not_stated_is_half_the_last_digit(value: float, status: str, error: float) -> None:
    count = Count(Thing("arrivals", "", "", "", None, START), value, None, None, None, status, None)
    assert count.error == error
    assert count.stated_error == 0
    stated = Count(count.thing, value, None, None, parse_margin("5%"), status, None)
    assert stated.stated_error == stated.error == pytest.approx(0.05 * value)


@given(st.floats(0, 1e9))
def test_a_margin_reads_back(size: float) -> None:
    assert parse_margin(Margin(size, False).write()) == Margin(size, False)
    share = Margin(min(size, 100.0) / 100, True)
    assert parse_margin(share.write()).size == pytest.approx(share.size)


@pytest.mark.parametrize("text", ["5 %%", "-3", "101%", "about 5", "1..5", "%", "nan%"])
def test_a_margin_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011, what it says is told by the cell
        parse_margin(text)


def test_a_case_tells_what_was_known_by_a_moment_with_revisions_marked(small_folder: Path) -> None:
    table = small_folder / "observations" / "arrivals.csv"
    table.write_text(
        "time,series,value,low,status,published\n"
        "2025-03-04T08:00,arrivals,1200,,stated,2025-03-04\n"
        "2025-03-04T08:00,arrivals,1250,,stated,2025-03-06T10:00Z\n"
        "2025-03-05T08:00,arrivals,,2000,stated,2025-03-05T09:00\n"
        "2025-03-05T12:00,arrivals,3000,,stated,\n"
    )
    case = read_scenario(small_folder)
    assert [row["value"] for row in case.known_counts("2025-03-04T23:58")] == []
    assert [row["value"] for row in case.known_counts("2025-03-05T08:59")] == [1200]
    assert [(row["value"], row["low"]) for row in case.known_counts("2025-03-06T09:59")] == [(1200, None), (None, 2000)]
    assert [row["value"] for row in case.known_counts(datetime(2025, 3, 7))] == [1250, None]
    assert [(row["value"], row["revised"]) for row in case.counts] == [
        (1200, True), (1250, False), (None, False), (3000, False)
    ]  # fmt: skip
    assert "1,250" in case.counts._repr_html_()
    pandas = pytest.importorskip("pandas")
    frame = case.counts.to_frame()
    assert frame["published"].isna().sum() == 1
    assert frame["time"][0] == pandas.Timestamp("2025-03-04T08:00")
