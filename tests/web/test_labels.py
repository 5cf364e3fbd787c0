"""Names on the map: none over another at any zoom, the weightiest first, all within the picture."""

from __future__ import annotations

import random
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import pytest

import corridor as co
from corridor.front.page.shell import describe_case

pytestmark = pytest.mark.slow
SCENARIOS = Path(__file__).parents[2] / "scenarios"
ZOOMS = 12
STEP = 1.5  # of one press of a key
PLACE = "async ([items, size]) => [...(await import('/page/labels.js')).placeLabels(items, size)]"
DRAW = """async (facts) => {
  const { drawMap } = await import("/page/map.js");
  const map = drawMap(facts);
  document.querySelector("main").replaceChildren(map.element);
  window.shown = map;
  const places = Object.fromEntries(facts.places.map((place, i) => [place.id, { people: 1000 * (i % 17) }]));
  map.show({ places, ways: {} });
}"""
# the ink of a name, and not the frame of its font, which stands clear above and below
READ = """() => [...document.querySelectorAll(".map .name")].filter((name) => name.style.display !== "none").map((name) => {
  const box = name.getBoundingClientRect();
  return { id: name.dataset.label, left: box.left, right: box.right, top: box.top + 2, bottom: box.bottom - 2 };
})"""


def make_places(number: int) -> dict[str, Any]:
    """Return a map of places at random in a crowd and around it, each joined to the one before."""
    luck = random.Random(7)
    kinds = ["city", "town", "village", "village", "junction", "crossing", "camp"]
    places = []
    for i in range(number):
        spread = 0.05 if i % 3 else 2.0
        places.append(
            {
                "id": f"p{i}",
                "name": f"Place number {i}" + (" / Other name of it" if i % 4 == 0 else ""),
                "kind": luck.choice(kinds),
                "side": luck.choice(["inside", "outside"]),
                "longitude": luck.gauss(40, spread),
                "latitude": luck.gauss(15, spread),
            }
        )
    ways = [
        {"id": f"w{i}", "from": a["id"], "to": b["id"], "length_km": 5} for i, (a, b) in enumerate(pairwise(places))
    ]
    return {"places": places, "ways": ways, "services": [], "checkpoints": []}


def list_overlaps(boxes: list[dict[str, Any]]) -> list[tuple[Any, Any]]:
    """Return the pairs of boxes that share any pixel."""
    return [
        (a, b)
        for a, b in combinations(boxes, 2)
        if a["left"] < b["right"] and b["left"] < a["right"] and a["top"] < b["bottom"] and b["top"] < a["bottom"]
    ]


def frames(page: Any, rest: int = 0) -> None:
    """Wait until what was asked for is drawn; with many places that is after `rest` ms without a move."""
    page.evaluate(
        "(rest) => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, rest))))",
        rest,
    )


@pytest.mark.parametrize("case", ["karabakh-2023", "sudan-2023", "ukraine-2022", "300 places"])
@pytest.mark.parametrize("width", [390, 1400])
def test_no_name_lies_over_another_at_any_zoom(open_screen: Any, case: str, width: int) -> None:
    """At twelve zooms no two names share a pixel; every name can be read somewhere on the way in."""
    facts = make_places(300) if case == "300 places" else describe_case(co.read(SCENARIOS / case))
    page = open_screen("now", width)
    page.evaluate(DRAW, facts)
    frames(page)
    seen = []
    for zoom in range(ZOOMS):
        boxes = page.evaluate(READ)
        assert list_overlaps(boxes) == [], f"zoom {zoom}"
        seen.append(len(boxes))
        page.evaluate(f"window.shown.zoom({STEP})")
        frames(page, 250)
    assert seen[0] >= 8


def test_labels_are_placed_by_weight_within_the_picture(open_screen: Any) -> None:
    """Of generated labels none overlaps another or another's mark, and none that is placed would do less than one left out."""
    page = open_screen("now")
    size = {"width": 600, "height": 400}
    for seed in range(20):
        luck = random.Random(seed)
        items = [
            {
                "id": f"p{i}", "x": luck.uniform(0, 600), "y": luck.uniform(0, 400), "width": luck.uniform(20, 120),
                "height": luck.choice([15, 29]), "gap": 7, "mark": luck.choice([0, 5]), "weight": luck.choice([1, 2, 3]),
            }
            for i in range(120)
        ]  # fmt: skip
        placed = dict(page.evaluate(PLACE, [items, size]))
        marks = [
            {
                "left": p["x"] - p["mark"],
                "right": p["x"] + p["mark"],
                "top": p["y"] - p["mark"],
                "bottom": p["y"] + p["mark"],
                "id": p["id"],
            }
            for p in items
            if p["mark"]
        ]
        assert list_overlaps(list(placed.values())) == []
        for name, box in placed.items():
            assert all(mark["id"] == name or not list_overlaps([box, mark]) for mark in marks)
            assert 0 <= box["left"] <= box["right"] <= 600
            assert 0 <= box["top"] <= box["bottom"] <= 400
        shares = [
            sum(p["id"] in placed for p in items if p["weight"] == weight) / sum(p["weight"] == weight for p in items)
            for weight in (1, 3)
        ]
        assert shares[0] < shares[1]


def test_names_are_broken_where_two_meet(open_screen: Any) -> None:
    """Both names of a place are kept, one below the other; only a name that is too long for a map is cut."""
    page = open_screen("now")
    names = [
        "Stepanakert / Khankendi",
        "Yerevan",
        "Patients and wounded people of the town",
        "x" * 60,
        "أم درمان / Omdurman",
    ]
    broken = page.evaluate("async (names) => names.map((await import('/page/labels.js')).breakName)", names)
    assert broken[0] == ["Stepanakert /", "Khankendi"]
    assert broken[1] == ["Yerevan"]
    assert " ".join(broken[2]) == names[2]
    assert max(len(line) for lines in broken for line in lines) <= 34
    assert broken[4] == ["أم درمان /", "Omdurman"]
