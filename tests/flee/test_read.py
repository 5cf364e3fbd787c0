"""Reading: every mistake gives its fault, each variant is read, and nothing ends in a traceback."""

from __future__ import annotations

import contextlib
import random
import shutil

import numpy as np
import pytest
from tests.flee.folders import CASES, LOCATIONS, ROUTES, SETTINGS, find_data, make_folder

from corridor.flee.check import check_folder
from corridor.flee.compile import compile_folder
from corridor.flee.observed import add_steps, interpolate
from corridor.flee.read import load_folder, read_folder
from corridor.flee.tables import Series
from corridor.scenario.faults import FaultsError, UsageError

BROKEN = {
    "flee.settings.unknown": ("simsetting", SETTINGS + "  max_move_sped: 3\n"),
    "flee.settings.value": ("simsetting", SETTINGS + "  camp_movechance: often\n"),
    "flee.settings.unreadable": ("simsetting", "a: [1, 2\n"),
    "flee.settings.section": ("simsetting", "move_rules: 3\n"),
    "flee.settings.inert": ("simsetting", SETTINGS + "  max_crossing_speed: 9\n"),
    "flee.rules.awareness": ("simsetting", SETTINGS + "  awareness_level: 0\n"),
    "flee.demographics.missing": ("simsetting", SETTINGS + "  WomenAvoidHazards: True\n"),
    "flee.locations.type": ("locations", LOCATIONS.replace("town,,", "twon,,")),
    "flee.locations.twice": ("locations", LOCATIONS + "Town,a,Home,1,1,town,,\n"),
    "flee.locations.cut_off": ("locations", LOCATIONS + "Alone,a,Home,1,1,town,,\n"),
    "flee.locations.position": ("locations", LOCATIONS.replace("Home,2,1", "Home,100,1")),
    "flee.cell.number": ("locations", LOCATIONS.replace(",50000", ",many")),
    "flee.routes.place": ("routes", ROUTES + "Town,Nar,3,0\n"),
    "flee.routes.forced": ("routes", ROUTES + "Town,Near,3,1\n"),
    "flee.routes.short": ("routes", ROUTES + "Town\n"),
    "flee.closures.type": ("closures", "contry,Home,Abroad,1,2\n"),
    "flee.closures.name": ("closures", "country,Home,Abrod,1,2\n"),
    "flee.closures.inert": ("closures", "link,Town,Hub,1,2\n"),
    "flee.closures.short": ("closures", "country,Home\n"),
    "flee.daily.rows": ("conflicts", "#Day,War\n0,1\n"),
    "flee.daily.column": ("conflicts", "#Day,War,Wat\n" + "0,1,0\n" * 30),
    "flee.conflicts.unread": ("conflicts", "#Day,War\n" + "0,0.2\n" * 15 + "0,0.9\n" * 15),
    "flee.source.camp": ("data_layout", "total,total.csv\nNear,near.csv\n"),
    "flee.source.missing": ("data_layout", "total,total.csv\nNear,nea.csv\nFar,far.csv\n"),
    "flee.source.total": ("data_layout", "Near,near.csv\ntotal,total.csv\nFar,far.csv\n"),
    "flee.source.date": ("near", "1-1-2020,4\n"),
    "flee.source.negative": ("near", "2020-01-01,4\n2020-01-09,-4\n"),
    "flee.cell.whole": ("closures", "country,Home,Abroad,1.0,2\n"),
    "flee.settings.switch": ("simsetting", SETTINGS + '  use_v1_rules: "False"\n'),
    "flee.corrections.unmatched": ("registration_corrections", "Near,2020-01-12\n"),
    "flee.corrections.camp": ("registration_corrections", "Neer,2020-01-11\n"),
    "flee.period.missing": ("sim_period", "StartDate,2020-01-01\n"),
    "flee.period.date": ("sim_period", "StartDate,1.1.2020\nLength,30\n"),
    "flee.demographics.header": ("demographics_age", "years,Default\n1,1\n"),
    "flee.changes.place": ("location_changes", "Twn,camp,3\n"),
    "flee.agents.place": ("agents", "location,age\nTwn,3\n"),
    "flee.cell.empty": ("routes", ROUTES.replace("redirection", "redirection,max_move_speed") + "Town,Near,9,0,\n"),
    "flee.conflicts.negative": ("conflicts", "#Day,War\n" + "0,-1\n" * 30),
    "flee.routes.loop": ("routes", ROUTES + "Town,Town,9,0\n"),
    "flee.settings.cut": ("simsetting", SETTINGS + "  awareness_level: 1.5\n"),
    "flee.settings.beyond": ("simsetting", SETTINGS + "  camp_movechance: 1.5\n"),
    "flee.rules.zones": ("simsetting", SETTINGS.replace("rules:\n", "rules:\n  flood_zone_spawning_only: True\n", 1)),
    "flee.rules.stops_flee": ("simsetting", SETTINGS + "  MatchCampEthnicity: True\n"),
    "flee.major_routes.place": ("major_routes", "War,Twn\n"),
}


@pytest.mark.parametrize("code", BROKEN)
def test_each_mistake_has_its_fault(tmp_path, code):
    name, text = BROKEN[code]
    settings = SETTINGS.replace("rules:\n", "rules:\n  read_from_agents_csv_file: True\n", 1)
    files = {"simsetting": settings} if name == "agents" else {}
    folder, faults = load_folder(make_folder(tmp_path, **files, **{name: text}))
    faults += check_folder(folder)
    assert code in {fault.code for fault in faults}
    assert all(fault.found and fault.allowed and fault.fix for fault in faults)


def test_a_clean_folder_has_no_fault(tmp_path):
    folder, faults = load_folder(make_folder(tmp_path))
    assert faults + check_folder(folder) == []


def test_misspelt_names_are_guessed(tmp_path):
    _, faults = load_folder(make_folder(tmp_path, simsetting=SETTINGS + "  awarness_level: 2\n"))
    assert ['did you mean "move_rules.awareness_level"?' in fault.fix for fault in faults] == [True]


def test_all_faults_come_at_once(tmp_path):
    make_folder(tmp_path, routes=ROUTES + "Town,Nar,3,0\n", closures="country,Home,Abroad,one,2\n", near="1-1-2020,4\n")
    with pytest.raises(FaultsError) as caught:
        read_folder(tmp_path)
    assert {fault.file for fault in caught.value.faults} == {"routes.csv", "closures.csv", "near.csv"}


def test_no_folder_is_a_usage_error(tmp_path):
    with pytest.raises(UsageError):
        read_folder(tmp_path / "none")


@pytest.mark.parametrize("old", ["sim_period", "input_csv"])
def test_older_names_are_read(tmp_path, old):
    make_folder(tmp_path)
    if old == "sim_period":
        (tmp_path / "input_csv/sim_period.csv").rename(tmp_path / "input_csv/conflict_period.csv")
    else:
        (tmp_path / "input_csv").rename(tmp_path / "input_files")
    assert read_folder(tmp_path).days == 30


def test_spaces_quotes_and_byte_order_marks_do_not_matter(tmp_path):
    spaced = LOCATIONS.replace("Town,South", '"Town" ,South').replace(",town", ", town")
    folder = read_folder(make_folder(tmp_path, locations="\ufeff" + spaced))
    assert [place.name for place in folder.places][2] == "Town"


def test_dates_of_one_digit_and_counts_in_other_folders_are_read_as_flee_reads_them(tmp_path):
    usual = read_folder(make_folder(tmp_path / "usual"))
    short = "2020-1-1,40\n2020-1-11,500\n2020-2-1,900\n"
    layout = "total,./total.csv\nNear,../source_data/near.csv\nFar,far.csv\n"
    period = "StartDate,2020-1-1\nLength,30\n"
    folder = read_folder(make_folder(tmp_path / "odd", near=short, data_layout=layout, sim_period=period))
    assert folder.warnings == usual.warnings == []
    assert folder.start == usual.start
    for ours, theirs in zip(folder.layout, usual.layout, strict=True):
        np.testing.assert_array_equal(interpolate(ours, 30), interpolate(theirs, 30))


def test_counts_outside_the_case_are_not_read(tmp_path):
    (tmp_path / "near.csv").write_text("2020-01-01,40\n")
    layout = "total,total.csv\nNear,../../near.csv\nFar,far.csv\n"
    with pytest.raises(FaultsError) as caught:
        read_folder(make_folder(tmp_path / "case", data_layout=layout))
    assert [fault.code for fault in caught.value.faults] == ["flee.source.missing"]


def test_a_day_too_long_to_count_is_a_fault(tmp_path):
    folder = read_folder(make_folder(tmp_path, simsetting="move_rules:\n  max_move_speed: 1.0e+9\n"))
    with pytest.raises(FaultsError) as caught:
        compile_folder(folder)
    assert [fault.code for fault in caught.value.faults] == ["flee.size"]


def test_counts_are_interpolated_and_cut():
    series = Series("a", np.array([-10.0, 0.0, 4.0, 8.0]), np.array([3.0, 10.0, 13.0, 5.0]))
    assert interpolate(series, 11).tolist() == [10, 10, 11, 12, 13, 11, 9, 7, 5, 5, 5]


def test_files_of_one_camp_are_added_as_steps():
    first = np.array([[0.0, 10.0], [5.0, 20.0], [9.0, 30.0]])
    second = np.array([[0.0, 1.0], [7.0, 2.0]])
    # 5: the second still has 1; 7: the next value of the first; the first's row of day 9 is lost, as in Flee
    assert add_steps(first, second).tolist() == [[0.0, 11.0], [5.0, 21.0], [7.0, 32.0]]
    assert add_steps(first, np.array([[3.0, 1.0]])) is None


def _mutate(text, luck):
    lines = text.split("\n")
    for _ in range(luck.randint(1, 4)):
        row = luck.randrange(len(lines))
        cells = lines[row].split(",")
        cell = luck.randrange(len(cells))
        junk = [
            "",
            "-1",
            "nan",
            "1e400",
            "x",
            "0",
            "#",
            '"',
            "2015-13-40",
            "\0",
            "é",
            "99999999999999999999",
            ": [",
            "1.5",
        ]
        match luck.randrange(6):
            case 0:
                cells[cell] = luck.choice(junk)
            case 1:
                cells.pop(cell)
            case 2:
                cells.insert(cell, luck.choice(junk))
            case 3:
                cells[cell] = cells[cell][::-1]
            case 4:
                lines.insert(row, lines[luck.randrange(len(lines))])
                continue
            case _:
                lines[row:] = lines[row + 1 :] if luck.random() < 0.8 else []
                lines = lines or [""]
                continue
        lines[row] = ",".join(cells)
    return "\n".join(lines)


def _survives(folder):
    with contextlib.suppress(FaultsError, UsageError):
        compile_folder(read_folder(folder))


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("count", [6, pytest.param(75, marks=pytest.mark.slow)])
def test_no_mutation_ends_in_a_traceback(tmp_path, case, count):
    """300 random mutations of the four published cases (the fast suite takes a few of them)."""
    source = find_data() / case
    luck = random.Random(f"{case} {count}")
    names = ["simsetting.yml", *(f"input_csv/{p.name}" for p in (source / "input_csv").iterdir())]
    names += [f"source_data/{path.name}" for path in (source / "source_data").iterdir()]
    shutil.copytree(source, tmp_path / "case", ignore=shutil.ignore_patterns("flee-runs.csv"))
    for name in luck.choices(sorted(names), k=count):
        path = tmp_path / "case" / name
        path.chmod(0o644)
        whole = path.read_bytes()
        if luck.random() < 0.1:
            path.unlink() if luck.random() < 0.5 else path.write_bytes(luck.randbytes(80))
        else:
            path.write_text(_mutate(whole.decode(), luck))
        _survives(tmp_path / "case")
        path.write_bytes(whole)


@pytest.mark.parametrize("count", [40, pytest.param(150, marks=pytest.mark.slow)])
def test_random_small_folders_never_end_in_a_traceback(tmp_path, count):
    luck = random.Random(4)
    make_folder(tmp_path)
    names = sorted(path for path in tmp_path.rglob("*") if path.is_file())
    for _ in range(count):
        path = luck.choice(names)
        whole = path.read_text()
        path.write_text(_mutate(whole, luck))
        _survives(tmp_path)
        path.write_text(whole)


def test_counts_outside_the_period_are_said(tmp_path):
    faults = read_folder(make_folder(tmp_path, sim_period="StartDate,2030-01-01\nLength,30\n")).warnings
    assert {fault.column for fault in faults if fault.code == "flee.source.period"} == {"total", "Near", "Far"}


def test_a_type_that_only_holds_a_known_word_is_said(tmp_path):
    faults = read_folder(make_folder(tmp_path, locations=LOCATIONS.replace("camp,,600", "campp,,600"))).warnings
    assert [(fault.code, fault.severity) for fault in faults] == [("flee.locations.type", "warning")]
    assert "camp" in faults[0].fix


def test_without_places_there_is_one_fault(tmp_path):
    with pytest.raises(FaultsError) as raised:
        read_folder(make_folder(tmp_path, locations="#name,region,country,latitude,longitude,location_type\n"))
    assert [fault.file for fault in raised.value.faults] == ["locations.csv"]


def test_the_input_folder_alone_is_not_a_folder_of_flee(tmp_path):
    with pytest.raises(UsageError, match="folder above"):
        read_folder(make_folder(tmp_path) / "input_csv")
