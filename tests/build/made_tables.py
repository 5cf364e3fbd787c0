"""Rows that nobody counted, under the columns of real files."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from corridor.build.known_places import KnownPlace, KnownPlaces


def _cut(names: str) -> list[str]:
    return names.split(",")


ACLED_OLD = _cut(
    "data_id,iso,event_id_cnty,event_id_no_cnty,event_date,year,time_precision,event_type,sub_event_type,actor1,"
    "assoc_actor_1,inter1,actor2,assoc_actor_2,inter2,interaction,region,country,admin1,admin2,admin3,location,latitude,"
    "longitude,geo_precision,source,source_scale,notes,fatalities,timestamp,iso3"
)
ACLED_NEW = _cut(
    "event_id_cnty,event_date,year,time_precision,disorder_type,event_type,sub_event_type,actor1,assoc_actor_1,inter1,actor2,"
    "assoc_actor_2,inter2,interaction,civilian_targeting,iso,region,country,admin1,admin2,admin3,location,latitude,longitude,"
    "geo_precision,source,source_scale,notes,fatalities,tags,timestamp"
)
UCDP = _cut(
    "id,relid,year,active_year,code_status,type_of_violence,conflict_dset_id,conflict_new_id,conflict_name,dyad_dset_id,"
    "dyad_new_id,dyad_name,side_a_dset_id,side_a_new_id,side_a,side_b_dset_id,side_b_new_id,side_b,number_of_sources,"
    "source_article,source_office,source_date,source_headline,source_original,where_prec,where_coordinates,"
    "where_description,adm_1,adm_2,latitude,longitude,geom_wkt,priogrid_gid,country,country_id,region,event_clarity,"
    "date_prec,date_start,date_end,deaths_a,deaths_b,deaths_civilians,deaths_unknown,best,high,low,gwnoa,gwnob"
)
DTM = _cut(
    "id,operation,admin0Name,admin0Pcode,admin1Name,admin1Pcode,admin2Name,admin2Pcode,numPresentIdpInd,reportingDate,"
    "yearReportingDate,monthReportingDate,roundNumber,displacementReason,numberMales,numberFemales,assessmentType,"
    "operationStatus"
)
HAPI = _cut(
    "location_code,has_hrp,in_gho,provider_admin1_name,provider_admin2_name,admin1_code,admin1_name,admin2_code,admin2_name,"
    "admin_level,reporting_round,assessment_type,operation,population,reference_period_start,reference_period_end,"
    "dataset_hdx_id,resource_hdx_id,warning,error"
)
COD_PS = _cut(
    "ISO3,ADM0_PCODE,ADM0_NAME,ADM1_PCODE,ADM1_NAME,Population_group,Gender,Age_range,Age_min,Age_max,Population,Reference_year"
)

NORTH = KnownPlace("north", ("North Town", "الشمال", "Nordstadt"), "XX01", 47.0, 9.0, areas=("Upper", "XX0"))
SOUTH = KnownPlace("south", ("South Town", "Süd"), "XX02", 47.5, 9.5, areas=("Upper", "XX0"))
EAST = KnownPlace("east", ("East",), "XX03", 47.0, 10.0, areas=("Lower",))
ABROAD = KnownPlace("abroad", ("Abroad",), "", 48.5, 9.5, inside=False)
COUNTRY = KnownPlace("elsewhere", ("Elsewhere",), column="area")
KNOWN = KnownPlaces((NORTH, SOUTH, EAST, ABROAD, COUNTRY))


def write(
    path: Path, columns: list[str], rows: list[dict[str, object]], delimiter: str = ",", encoding: str = "utf-8"
) -> Path:
    """Write rows under columns."""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", delimiter=delimiter, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def workbook(path: Path, sheets: dict[str, list[list[object]]], merged: dict[str, list[str]] | None = None) -> Path:
    """Write a workbook of sheets."""
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        for area in (merged or {}).get(name, []):
            sheet.merge_cells(area)
    book.save(path)
    return path
