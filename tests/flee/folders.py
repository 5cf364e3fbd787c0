"""Small Flee folders made for tests, and where the published cases are."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

CASES = ("burundi2015", "mali2012", "ssudan2013", "car2013")
LOCATIONS = """#name,region,country,latitude,longitude,location_type,conflict_date,population
War,North,Home,1,1,conflict_zone,0,50000
Later,North,Home,1,2,conflict_zone,9,20000
Town,South,Home,2,1,town,,
Cross,South,Home,2,2,marker,,
Hub,East,Abroad,3,1,forwarding_hub,,
Near,East,Abroad,3,2,camp,,600
Far,East,Abroad,3,3,camp,,5000
"""
ROUTES = """#name1,name2,distance,forced_redirection
War,Town,80,0
Later,Town,45,0
Town,Hub,60,0
Town,Cross,70,0
Cross,Far,150,0
Hub,Near,25,0
Hub,Far,310,0
War,Near,200,0
"""
SETTINGS = """spawn_rules:
  conflict_spawn_decay: [1.0, 0.5, 0.1]
  conflict_spawn_decay_interval: 10
move_rules:
  max_move_speed: 200.0
  camp_weight: 2.0
  default_movechance: 0.4
  start_on_foot: True
  avoid_short_stints: True
"""


def find_data():
    """Return the folder of the published cases, or skip the test."""
    root = Path(os.environ.get("CORRIDOR_DATA", Path(__file__).parents[3] / "shared" / "data"))
    if not (root / "flee").is_dir():
        pytest.skip("no data: set CORRIDOR_DATA")
    return root / "flee"


def make_folder(path, days=30, **files):
    """Write a small folder of Flee; `files` replace or add files of input_csv and simsetting.yml."""
    conflicts = "#Day,War,Later\n" + "".join(f"{d},1,{int(9 <= d < 20)}\n" for d in range(days))
    contents = {
        "input_csv/locations.csv": LOCATIONS,
        "input_csv/routes.csv": ROUTES,
        "input_csv/closures.csv": "#closure_type,name1,name2,closure_start,closure_end\ncountry,Home,Abroad,5,12\n",
        "input_csv/conflicts.csv": conflicts,
        "input_csv/sim_period.csv": f"StartDate,2020-01-01\nLength,{days}\n",
        "simsetting.yml": SETTINGS,
        "source_data/data_layout.csv": "total,total.csv\nNear,near.csv\nFar,far.csv\n",
        "source_data/total.csv": "2020-01-01,40\n2020-02-01,3000\n",
        "source_data/near.csv": "2020-01-01,40\n2020-01-11,500\n2020-02-01,900\n",
        "source_data/far.csv": "2020-01-01,0\n2020-02-01,2100\n",
    }
    for name, text in files.items():
        known = [key for key in contents if Path(key).stem == name]
        contents[known[0] if known else f"input_csv/{name}.csv"] = text
    for name, text in contents.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_text(text)
    return path


def find_behaviours(answer):
    """Return the folders of one rule each that hold Flee's `answer`, as cases of a test; one that skips without data."""
    root = Path(os.environ.get("CORRIDOR_DATA", Path(__file__).parents[3] / "shared" / "data"))
    found = sorted(path.parent for path in (root / "flee-behaviours").glob(f"*/{answer}"))
    cases = [pytest.param(path, id=path.name) for path in found]
    return cases or [pytest.param(root, marks=pytest.mark.skip(reason="no data: set CORRIDOR_DATA"))]
