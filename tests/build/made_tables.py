"""Rows that nobody counted, under the columns of real files: names of columns alone, no row of anybody's.

Where the names come from (read in November 2026 in public repositories that read or write such files):
ACLED: the field list of queries to acleddata.com/api/acled/read (since the login of 2025; no data_id, no iso3) and headers
of exports before it. UCDP GED: the 49 columns of 25.1 and of the monthly candidate releases, of which some came without a
header. IOM DTM: HDX's scraper of its interface (v2) and the readme of the package dtmapi (v3: rows by origin and reason).
HDX HAPI: its scrapers and its application. UNHCR: the population interface's field list, the data finder's CSV with
14 lines above its header, and the sublocation answers of the operational data portal. COD-PS: headers of
xxx_admpop_admN_YEAR.csv. KoBo: the fixed fields of an export.
"""

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
ACLED_OAUTH = [name for name in ACLED_NEW if name != "timestamp"]
HAPI_EVENTS = _cut(
    "location_code,has_hrp,in_gho,provider_admin1_name,provider_admin2_name,admin1_code,admin1_name,admin2_code,admin2_name,"
    "admin_level,event_type,events,fatalities,reference_period_start,reference_period_end,dataset_hdx_id,resource_hdx_id,"
    "warning,error"
)
HAPI_REFUGEES = _cut(
    "origin_location_code,origin_has_hrp,origin_in_gho,asylum_location_code,asylum_has_hrp,asylum_in_gho,population_group,gender,"
    "age_range,min_age,max_age,population,reference_period_start,reference_period_end,dataset_hdx_id,resource_hdx_id,warning,"
    "error"
)
HAPI_POPULATION = _cut(
    "location_code,has_hrp,in_gho,provider_admin1_name,provider_admin2_name,admin1_code,admin1_name,admin2_code,admin2_name,"
    "admin_level,gender,age_range,min_age,max_age,population,reference_period_start,reference_period_end,dataset_hdx_id,"
    "resource_hdx_id,warning,error"
)
UNHCR_POPULATION = _cut(
    "year,coo_id,coo_name,coo,coo_iso,coa_id,coa_name,coa,coa_iso,refugees,asylum_seekers,returned_refugees,idps,returned_idps,"
    "stateless,ooc,oip,hst"
)
UNHCR_FINDER = _cut(
    "Year,Country of origin,Country of origin (ISO),Country of asylum,Country of asylum (ISO),Refugees under UNHCR's mandate,"
    "Asylum-seekers,IDPs of concern to UNHCR,Other people in need of international protection,Stateless persons,"
    "Host Community,Others of concern"
)
UNHCR_PORTAL = _cut(
    "id,geomaster_id,geomaster_name,admin_level,centroid_lat,centroid_lon,lat_max,lon_max,lat_min,lon_min,date,month,year,source,"
    "population_groups_concat,population_group_id,population_groups,individuals,individuals_type,demography_type,households,"
    "color,published"
)
DTM_V3 = _cut(
    "id,operation,admin0Name,admin0Pcode,admin1Name,admin1Pcode,admin2Name,admin2Pcode,adminLevel,numPresentIdpInd,reportingDate,"
    "yearReportingDate,monthReportingDate,roundNumber,displacementReason,numberMales,numberFemales,idpOriginAdmin1Name,"
    "idpOriginAdmin1Pcode,assessmentType,operationStatus"
)
COD_PS_WIDE = _cut(
    "year,ISO3,ADM0_EN,ADM0_PCODE,ADM1_EN,ADM1_PCODE,F_TL,M_TL,T_TL,F_00_04,F_80Plus,M_00_04,M_80Plus,T_00_04,T_80Plus"
)
COD_PS_CODES = _cut(
    "Admin0_Name,Admin0_Code,Admin1_Name,Admin1_Code,F_TL,M_TL,T_TL,F_00_04,M_00_04,T_00_04,F_80plus,M_80plus,T_80plus"
)
KOBO = _cut(
    "start,end,today,site/where,site/how_many,_id,_uuid,_submission_time,_validation_status,_notes,_status,_submitted_by,"
    "__version__,_tags,_index"
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
