"""The page on building a case: every command on it is carried out with made files; they are ten at most to a briefing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pages import follow_page, read_blocks, split_commands

from made_roads import square, valley

PAGE = Path(__file__).parents[2] / "docs" / "build.md"
FEWER = {"run": ("--replicates", "10"), "report": ("--quick",)}


def make_files(folder: Path) -> None:
    valley().write(folder / "country.osm.pbf")
    shapes = [("XX01", "Beyond", square(20.2, 10.0, 20.4, 10.2)), ("XX02", "Valley", square(20.0, 10.0, 20.2, 10.2))]
    features = [
        {"type": "Feature", "properties": {"ADM1_PCODE": code, "ADM1_EN": name},
         "geometry": {"type": "Polygon", "coordinates": [ring]}}
        for code, name, ring in shapes
    ]  # fmt: skip
    (folder / "districts.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    people = "ADM1_PCODE,ADM1_NAME,Population,Reference_year\nXX02,Valley,9800,2024\nXX01,Beyond,70000,2024\n"
    (folder / "people.csv").write_text(people)
    columns = "event_id_cnty,event_date,time_precision,event_type,admin1,latitude,longitude,geo_precision,notes"
    (folder / "events.csv").write_text(f'{columns}\nXXX1,02 March 2025,1,Battles,Valley,10.05,20.02,1,"one, two"\n')
    counts = "date,individuals,published\n2025-03-03,300,2025-03-04\n2025-03-05,2500,2025-03-06\n"
    (folder / "counts.csv").write_text(counts)


def shorten(words: list[str]) -> list[str]:
    return [*words, *FEWER.get(words[0], ())]


@pytest.mark.slow
def test_every_command_of_the_page_works(tmp_path: Path) -> None:
    make_files(tmp_path)
    follow_page(PAGE, tmp_path, shorten)
    assert (tmp_path / "first-run" / "report.html").is_file()
    assert "OpenStreetMap" in (tmp_path / "first-run" / "report.html").read_text(encoding="utf-8")
    assert "0.01..0.04" in (tmp_path / "valley" / "groups.csv").read_text(encoding="utf-8"), "kept when built again"


def test_ten_commands_lead_to_a_briefing() -> None:
    commands: list[str] = []
    for block in read_blocks(PAGE):
        commands += split_commands(block.text) if block.language == "sh" else []
        if any(command.startswith("corridor report") for command in commands):
            break
    assert len(commands) <= 10
