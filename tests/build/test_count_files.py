"""People and counts under real columns."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path

import pytest
from made_tables import (
    COD_PS,
    COD_PS_CODES,
    COD_PS_WIDE,
    DTM,
    DTM_V3,
    HAPI,
    HAPI_POPULATION,
    HAPI_REFUGEES,
    KNOWN,
    KOBO,
    UNHCR_FINDER,
    UNHCR_POPULATION,
    UNHCR_PORTAL,
    workbook,
    write,
)  # fmt: skip

from corridor.build.counts import ROLES as COUNT_ROLES
from corridor.build.counts import read_counts
from corridor.build.known_places import KnownPlace
from corridor.build.mapping import read_mapping
from corridor.build.people import ROLES as PEOPLE_ROLES
from corridor.build.people import read_people
from corridor.scenario.faults import UsageError


def cod(code: str, name: str, group: str, sex: str, age: str, people: object, year: int = 2020) -> dict[str, object]:
    return {
        "ISO3": "XXX", "ADM0_PCODE": "XX", "ADM0_NAME": "X", "ADM1_PCODE": code, "ADM1_NAME": name, "Population_group": group,
        "Gender": sex, "Age_range": age, "Population": people, "Reference_year": year,
    }  # fmt: skip


def test_long_population_counts_everybody_once(tmp_path: Path) -> None:
    rows = [cod("XX01", "North", "T_TL", "all", "all", 100), cod("XX01", "North", "F_TL", "f", "all", 51)]
    rows += [cod("XX02", "South", "F_00_04", "f", "0-4", 10), cod("XX02", "South", "M_00_04", "m", "0-4", 11)]
    rows += [cod("XX02", "South", "M_00_04", "m", "0-4", 11)]
    found = read_people(write(tmp_path / "cod.csv", COD_PS, rows), 2022)
    assert {figure.code: figure.people for figure in found.figures} == {"XX01": 100, "XX02": 21}
    assert (found.reading.read, found.reading.used) == (5, 3)
    assert dict(found.reading.dropped) == {"a part of a total that is used": 1, "the same row again": 1}
    assert {figure.level for figure in found.figures} == {1}


def test_of_several_years_the_newest_before_the_start(tmp_path: Path) -> None:
    rows = [
        cod("XX01", "North", "T_TL", "all", "all", people, year) for people, year in ((1, 2015), (2, 2020), (3, 2024))
    ]
    rows.append(cod("XX02", "South", "T_TL", "all", "all", 9, 2024))
    found = read_people(write(tmp_path / "cod.csv", COD_PS, rows), 2022)
    assert {figure.code: figure.people for figure in found.figures} == {"XX01": 2, "XX02": 9}
    assert [figure.code for figure in found.younger] == ["XX02"]
    assert found.reading.dropped["a figure of another year"] == 2
    assert "not what was" in str(found.reading)


def test_wide_population_and_units_above(tmp_path: Path) -> None:
    columns = ["ADM1_EN", "ADM1_PCODE", "ADM2_EN", "ADM2_PCODE", "F_TL", "M_TL", "T_TL"]
    rows = [
        ["Upper", "XX1", "", "", 2, 1, "3"],
        ["Upper", "XX1", "A", "XX11", 1, 0, "1"],
        ["Upper", "XX1", "B", "XX12", 1, 1, "2"],
    ]
    path = write(tmp_path / "cod.csv", columns, [dict(zip(columns, row, strict=True)) for row in rows])
    found = read_people(path, 2022)
    assert {figure.code: figure.people for figure in found.figures} == {"XX11": 1, "XX12": 2}
    assert dict(found.reading.dropped) == {"a total of units that are read one by one": 1}


def test_any_table_by_name(tmp_path: Path) -> None:
    path = tmp_path / "towns.txt"
    path.write_text("Town\tInhabitants\nNorth\t1 200\nSouth\t٣٬٤٠٠\nTotal\t4600\n", encoding="utf-8")
    found = read_people(path, 2022)
    assert {figure.name: figure.people for figure in found.figures} == {"North": 1200, "South": 3400}
    assert dict(found.reading.dropped) == {"a total over places": 1}


def test_unhcr_portal(tmp_path: Path) -> None:
    path = tmp_path / "unhcr.csv"
    text = '\ufeff"Arrivals of made people, daily"\n"data_date";"individuals";"unix_timestamp"\n'
    text += '"2015-10-08";"3500";"1444262400"\n"2015-10-09";"9,8\0""";"1"\n"2015-10-09";"9,800";"1444348800"\n'
    path.write_bytes(text.encode())
    found = read_counts(path, KNOWN)
    assert [(one.day, one.people, one.where) for one in found.figures] == [
        (date(2015, 10, 8), 3500, ""),
        (date(2015, 10, 9), 9800, ""),
    ]
    assert found.series == "arrivals"
    assert (found.reading.read, found.reading.used) == (3, 2)
    assert any("line 2" in note for note in found.reading.notes)
    assert any("NUL" in note for note in found.reading.notes)


def test_dtm_of_the_interface(tmp_path: Path) -> None:
    row = {"admin0Name": "X", "admin1Name": "Upper", "admin1Pcode": "XX0", "admin2Name": "North Town", "admin2Pcode": "XX01",
           "numPresentIdpInd": 1200, "reportingDate": "2023-05-31T00:00:00", "roundNumber": 3}  # fmt: skip
    rows = [row, row | {"admin2Pcode": "XX99", "admin2Name": "Far"}, row | {"admin2Pcode": "", "numPresentIdpInd": ""}]
    found = read_counts(write(tmp_path / "dtm.csv", DTM, rows), KNOWN)
    assert [(one.column, one.where, one.people, one.day) for one in found.figures] == [
        ("place", "north", 1200, date(2023, 5, 31))
    ]
    assert found.series == "displaced"
    assert found.reading.read == 3
    assert set(found.reading.dropped) == {"a place that the case does not have", "no number of people"}


def test_dtm_of_a_country(tmp_path: Path) -> None:
    rows = [
        ["Mobility tracking, made", None, None, None],
        [],
        ["Admin 1 P-Code", "Site name", "# IDP INDIVIDUALS", "Survey date"],
        ["#adm1+code", "#loc", "#affected", "#date"],
        ["XX01", "North Town", "1,200", "13/05/2023"],
        [None, "Süd", "-", "14/05/2023"],
        [None, "Sud", 40, "02/05/2023"],
    ]
    found = read_counts(workbook(tmp_path / "dtm.xlsx", {"Notes": [], "Data": rows}), KNOWN)
    assert [(one.where, one.people, one.day.month) for one in found.figures] == [("north", 1200, 5), ("south", 40, 5)]
    assert found.reading.read == 3
    assert any("HXL" in note for note in found.reading.notes)
    assert any("Notes" in note for note in found.reading.notes)


def test_hapi(tmp_path: Path) -> None:
    row = {"location_code": "XXX", "admin2_code": "XX02", "admin2_name": "South", "population": 77, "reporting_round": 4,
           "reference_period_start": "2023-05-01T00:00:00", "reference_period_end": "2023-05-31T23:59:59"}  # fmt: skip
    found = read_counts(write(tmp_path / "hapi.csv", HAPI, [row]), KNOWN)
    assert [(one.where, one.people, one.day) for one in found.figures] == [("south", 77, date(2023, 5, 31))]
    assert found.series == "displaced"


def told_unused(notes: list[str]) -> set[str]:
    (note,) = [note for note in notes if note.startswith("columns not used")]
    return {name.strip('"') for name in note.partition(": ")[2].split(", ")}


def test_dtm_by_origin_and_reason_is_added_up(tmp_path: Path) -> None:
    """Version 3 of the interface gives a row for each origin and reason: one of them is not the place's count."""
    row = {"admin1Name": "Upper", "admin2Name": "North Town", "admin2Pcode": "XX01", "reportingDate": "2023-05-31T00:00:00", "roundNumber": 3,
           "displacementReason": "Conflict", "idpOriginAdmin1Name": "A", "idpOriginAdmin1Pcode": "A1", "numPresentIdpInd": 100}  # fmt: skip
    rows = [
        row,
        row | {"idpOriginAdmin1Pcode": "B1", "numPresentIdpInd": 20},
        row | {"displacementReason": "Disaster", "numPresentIdpInd": 3},
    ]
    rows += [
        row | {"idpOriginAdmin1Pcode": "", "idpOriginAdmin1Name": "", "numPresentIdpInd": 4},
        row,
        row | {"numPresentIdpInd": 7},
    ]
    found = read_counts(write(tmp_path / "dtm.csv", DTM_V3, rows), KNOWN)
    assert [(one.where, one.people, len(one.lines)) for one in found.figures] == [("north", 127, 4)]
    assert dict(found.reading.dropped) == {"the same row again": 1, "a second figure for the same people": 1}
    assert (found.series, found.publisher) == ("displaced", "IOM DTM")
    assert {"operation", "numberMales", "numberFemales", "assessmentType", "operationStatus"} <= told_unused(
        found.reading.notes
    )


ABROAD = KNOWN.__class__((*KNOWN.places, KnownPlace("yyy", ("YYY", "Why"), column="area")))


def test_refugees_of_hapi_by_country_of_asylum(tmp_path: Path) -> None:
    row = {"origin_location_code": "XXX", "asylum_location_code": "YYY", "population_group": "REF", "gender": "all", "age_range": "all",
           "population": 50, "reference_period_start": "2023-01-01", "reference_period_end": "2023-05-31"}  # fmt: skip
    rows = [
        row,
        row | {"population_group": "ASY", "population": 8},
        row | {"population_group": "HST", "population": 900},
    ]
    rows += [
        row | {"gender": "f", "age_range": "0-4", "population": 5},
        row | {"origin_location_code": "ZZZ", "population": 600},
    ]
    path = write(tmp_path / "hapi.csv", HAPI_REFUGEES, rows)
    found = read_counts(path, ABROAD)
    assert [(one.column, one.where, one.people) for one in found.figures] == [("area", "yyy", 658)]
    assert found.reading.dropped["people of the host community, who were not displaced"] == 1
    assert any("up to 2 countries" in note for note in found.reading.notes)
    mapping = tmp_path / "columns.toml"
    mapping.write_text('[counts]\norigin = "XXX"\n')
    found = read_counts(path, ABROAD, read_mapping(mapping, COUNT_ROLES))
    assert [one.people for one in found.figures] == [58]
    assert found.reading.dropped["people from elsewhere than XXX"] == 1
    assert found.reading.read == len(rows)


def test_unhcr_population_has_years_alone(tmp_path: Path) -> None:
    row = {"year": 2023, "coo_iso": "XXX", "coa_iso": "YYY", "coa_name": "Why", "refugees": 40, "idps": ""}
    found = read_counts(write(tmp_path / "api.csv", UNHCR_POPULATION, [row | {"idps": 0}]), ABROAD)
    assert [(one.where, one.day) for one in found.figures] == [("yyy", date(2023, 12, 31))]
    assert any("end of its year" in note for note in found.reading.notes)
    assert "asylum_seekers" in told_unused(found.reading.notes)
    text = "".join(f'"Intro, line {n}"\n' for n in range(14)) + ",".join(f"{name} " for name in UNHCR_FINDER)
    path = tmp_path / "finder.csv"
    path.write_text(text + "\n2023,Ex,XXX,Why,YYY,40,1,0,0,0,0,0\n", encoding="utf-8")
    found = read_counts(path, ABROAD)
    assert [(one.where, one.people) for one in found.figures] == [("yyy", 40)]
    assert found.publisher.startswith("UNHCR")
    assert {"IDPs of concern to UNHCR", "Asylum-seekers", "Host Community"} <= told_unused(found.reading.notes)


def test_the_operational_data_portal_by_place(tmp_path: Path) -> None:
    row = {"geomaster_name": "North Town", "date": "2023-05-31", "year": 2023, "individuals": "1234", "published": "1"}
    found = read_counts(write(tmp_path / "odp.csv", UNHCR_PORTAL, [row]), KNOWN)
    assert [(one.where, one.people, one.day) for one in found.figures] == [("north", 1234, date(2023, 5, 31))]
    assert (found.series, found.publisher.partition(" ")[0]) == ("arrivals", "UNHCR")
    assert {"households", "centroid_lat", "population_groups"} <= told_unused(found.reading.notes)


@pytest.mark.parametrize(
    ("columns", "code"), [(COD_PS_WIDE, "ADM1_PCODE"), (COD_PS_CODES, "Admin1_Code"), (HAPI_POPULATION, "admin1_code")]
)
def test_population_under_its_other_columns(tmp_path: Path, columns: list[str], code: str) -> None:
    row = {code: "XX01", "T_TL": 10, "F_TL": 6, "population": 10, "year": 2020, "reference_period_start": "2020-01-01"}
    path = write(tmp_path / "cod.csv", columns, [{name: value for name, value in row.items() if name in columns}])
    found = read_people(path, 2022)
    assert [(one.code, one.level, one.people) for one in found.figures] == [("XX01", 1, 10)]
    assert told_unused(found.reading.notes) < set(columns)


def test_of_a_population_workbook_the_finest_sheet_is_read_and_the_others_named(tmp_path: Path) -> None:
    sheets = {
        f"xxx_pop_adm{level}": [
            [name for n in range(level + 1) for name in (f"ADM{n}_EN", f"ADM{n}_PCODE")] + ["F_TL", "M_TL", "T_TL"],
            [text for n in range(level + 1) for text in (f"Unit {n}", "X" * (n + 1))] + [4, 6, 10],
        ]
        for level in range(5)
    }
    found = read_people(workbook(tmp_path / "cod.xlsx", sheets), 2022)
    assert [(one.code, one.level, one.people) for one in found.figures] == [("XXXXX", 4, 10)]
    assert any("not read" in note and "adm0" in note for note in found.reading.notes)


def test_kobo_by_a_mapping_with_its_fixed_fields_told(tmp_path: Path) -> None:
    row = {
        "start": "2023-05-01T08:00:00.000+04:00",
        "site/where": "North Town",
        "site/how_many": 30,
        "_submission_time": "2023-05-02T01:00:00",
    }
    path, mapping = (
        write(tmp_path / "kobo.csv", KOBO, [row, row | {"site/how_many": 12}], ";"),
        tmp_path / "columns.toml",
    )
    mapping.write_text(
        '[columns]\nday = "start"\nplace = "site/where"\npeople = "site/how_many"\n[counts]\nrows = "add"\n'
    )
    found = read_counts(path, KNOWN, read_mapping(mapping, COUNT_ROLES))
    assert [(one.where, one.people, one.day) for one in found.figures] == [("north", 42, date(2023, 5, 1))]
    assert told_unused(found.reading.notes) == set(KOBO) - {"start", "site/where", "site/how_many"}


def test_a_saved_mapping_reads_any_sheet(tmp_path: Path) -> None:
    rows = [
        {"start": "2023-05-01T08:00:00", "q1_where": "the upper town", "q2_how_many": "1.200", "q3_when": "03/05/2023"}
    ]
    path = write(tmp_path / "kobo.csv", ["start", "q1_where", "q2_how_many", "q3_when"], rows, ";")
    mapping = tmp_path / "columns.toml"
    mapping.write_text(
        '[columns]\nplace = "q1_where"\npeople = "q2_how_many"\nday = "q3_when"\n[table]\ndates = "day first"\n'
        'decimal = ","\n[places]\n"the upper town" = "north"\n[source]\npublisher = "Us"\n'
    )
    found = read_counts(
        path, KNOWN.__class__(KNOWN.places, {"the upper town": "north"}), read_mapping(mapping, COUNT_ROLES)
    )
    assert [(one.where, one.people, one.day) for one in found.figures] == [("north", 1200, date(2023, 5, 3))]
    assert found.source.publisher == "Us"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[columns]\npeopel = "x"', 'people"'),
        ('[colums]\npeople = "x"', "columns"),
        ('[table]\ndates = "american"', "day first"),
        ("[table]\nheader_row = 0", "header_row"),
        ("columns = 3", r"\[columns\]"),
        ("[table]\nsheeet = 3", "sheet"),
    ],
)
def test_a_mapping_that_is_wrong_is_told(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "columns.toml"
    path.write_text(text)
    with pytest.raises(UsageError, match=told):
        read_mapping(path, PEOPLE_ROLES)


def test_a_mapped_column_that_is_not_there(tmp_path: Path) -> None:
    path, mapping = tmp_path / "x.csv", tmp_path / "columns.toml"
    path.write_text("Town,Peopel\nNorth,3\n")
    mapping.write_text('[columns]\npeople = "People"\n')
    with pytest.raises(UsageError, match="did you mean"):
        read_people(path, 2022, read_mapping(mapping, PEOPLE_ROLES))


def test_a_stated_hour_is_kept(tmp_path: Path) -> None:
    """Two counts of one day, an hour of midnight as programs write it, and hours that are of each row's own."""
    path = tmp_path / "hours.csv"
    path.write_text(
        "date,people\n2025-03-02 08:00,100\n2025-03-02T18:30:00,250\n2025-03-03T00:00:00,300\n"
        "2025-03-04T09:12:00.000+03:00,400\n05/03/2025 6:00 PM,500\n"
    )
    found = read_counts(path, KNOWN)
    assert [(one.day.day, one.hour, one.people) for one in found.figures[:4]] == [
        (2, time(8), 100), (2, time(18, 30), 250), (3, None, 300), (4, None, 400),
    ]  # fmt: skip
    parts = tmp_path / "parts.csv"
    parts.write_text("date,sex,people\n2025-03-02 08:00,f,100\n2025-03-02 18:00,m,250\n")
    (whole,) = read_counts(parts, KNOWN).figures
    assert (whole.hour, whole.people) == (None, 350)
