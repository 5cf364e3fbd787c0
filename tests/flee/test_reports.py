"""Counts of a Flee folder as of a day: nothing that was reported or corrected later is known."""

from __future__ import annotations

import numpy as np
import pytest
from tests.flee.folders import find_data, make_folder

from corridor.flee.read import load_folder
from corridor.flee.reports import keep_rising, read_camps
from corridor.scenario.faults import FaultsError

NEAR = "2020-01-01,0\n2020-01-11,500\n2020-01-21,800\n2020-02-01,900\n"


def know(path, day, **files):
    return read_camps(make_folder(path, **{"near": NEAR, **files})).known(day)


def test_only_reports_by_the_day_are_known(tmp_path):
    for day, last in ((9, 0), (10, 500), (20, 800), (200, 900)):
        days, people = know(tmp_path, day)["Near"]
        assert people[-1] == last
        assert days.max() <= day


def test_a_correction_is_known_from_its_own_day_on(tmp_path):
    corrected = {"registration_corrections": "Near,2020-01-21,normalize\n"}
    np.testing.assert_array_equal(know(tmp_path, 19, **corrected)["Near"][1], [0, 500])
    np.testing.assert_array_equal(know(tmp_path, 20, **corrected)["Near"][1], [0, 800, 800])


def test_camps_of_several_files_are_added_up(tmp_path):
    layout = "total,total.csv\nNear,near.csv,far.csv\nFar,far.csv\n"
    files = {"data_layout": layout, "far": "2020-01-01,10\n2020-01-21,30\n"}
    days, people = know(tmp_path, 20, **files)["Near"]
    np.testing.assert_array_equal(days, [0, 10, 20])
    np.testing.assert_array_equal(people, [10, 520, 830])
    assert set(know(tmp_path, 20, **files)) == {"Near", "Far"}  # the total is no camp


def test_dates_that_go_back_are_passed_over_among_what_is_known(tmp_path):
    np.testing.assert_array_equal(
        keep_rising(np.array([[0, 1], [5, 2], [3, 9], [5, 4], [6, 7.0]])), [[0, 1], [5, 4], [6, 7]]
    )
    slip = {"near": "2020-01-01,0\n2020-03-11,500\n2020-01-21,800\n"}
    assert know(tmp_path, 30, **slip)["Near"][1][-1] == 800  # the row before it is not known yet
    assert know(tmp_path, 90, **slip)["Near"][1][-1] == 500


def test_a_folder_without_counts_says_so(tmp_path):
    folder = make_folder(tmp_path)
    (folder / "source_data" / "data_layout.csv").unlink()
    with pytest.raises(FaultsError, match=r"no data_layout\.csv"):
        read_camps(folder)
    folder = make_folder(tmp_path, near="2020-01-01,many\n")
    with pytest.raises(FaultsError, match=r"near\.csv"):
        read_camps(folder)


def test_hasten_does_not_divide_what_is_forecast(tmp_path):
    hastened = know(tmp_path, 20, simsetting="optimisations:\n  hasten: 10\n")
    assert hastened["Near"][1][-1] == 800


def test_in_published_cases_the_last_day_knows_what_flee_reads():
    """On the last day of a period our counts are Flee's, where dates rise and no report lies beyond the period."""
    for case in ("burundi2015", "ssudan2013"):
        files = read_camps(find_data() / case)
        folder, _ = load_folder(find_data() / case)
        known = files.known(10_000)
        for series in folder.layout:
            if series.name in known and len(files.files[series.name]) == 1:
                np.testing.assert_allclose(known[series.name][1], series.people, rtol=1e-9)
