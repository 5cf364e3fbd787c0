"""Whatever `corridor plan` prints is whole in French: plans, trials, rolling ones, edited sheets, cover, the ration."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

import corridor as co
from corridor.cli.main import app
from corridor.relief.ration import Ration
from corridor.relief.rolled_words import describe_rolled, describe_rolling
from corridor.relief.tried_words import describe_convoy_trial, describe_trial
from corridor.relief.words import describe_ration
from corridor.words.language import LANGUAGES
from english import find_english
from relief_world import guarded_world

FRENCH = LANGUAGES["fr"]
ENGLISH_WORDS = re.compile(r"\b(the|of|with|and|are|is|for|by|without|than|to|nothing|trucks|days|hours|sent|once)\b")
SPREAD = {"q05": 1200.0, "median": 1500.5, "q95": 2000.0}
CAUSES = ("trucks", "fuel", "clearance", "slot", "road", "inspection")
ROW = {"item": "farine", "planned_tonnes": 3.0, "sent_tonnes": 3.0, "brought_tonnes": SPREAD, "share_met": 0.5}
DAYS = {f"person_days_{name}": SPREAD for name in ("with", "saved")} | {"person_days_promised": 1500.0}
TRIAL = {
    "replicates": 2,
    "items": [ROW | {"person_days_saved": None}, ROW | DAYS],
    "truck_hours_waited": dict.fromkeys(CAUSES, SPREAD),
    "trucks_turned_back": SPREAD,
    "people_out": SPREAD,
    "people_out_promised": 120,
    "hours_waited_saved": SPREAD,
    "hours_waited_saved_promised": 99.0,
}
MEASURES = dict.fromkeys(("person_days", "weighted_hours", "brought_tonnes", "people_out", "hours_waited"), 12345.6)
PAIRS = {name: {"mean": -5.0, "low": -9.5, "high": 1234.0, "share_less": 0.5} for name in MEASURES}
WAYS = ("nothing", "once", "rolling", "forecast")
ROLLED = {
    "replicates": [0, 1],
    "ways": dict.fromkeys(WAYS, MEASURES),
    "beside_once": dict.fromkeys(WAYS, PAIRS),
    "weighed": 300,
    "counts": 4,
}
PLACES = {"person_days_at_places": 5.0, "person_days_on_the_road": None}
COURSES = {
    way: [
        {**ROW, "brought_tonnes": 3.0, **PLACES},
        {**ROW, "brought_tonnes": 3.0, **PLACES, "person_days_at_places": None},
    ]
    for way in ("rolling", "once", "nothing")
}
OUT = {way: {"people_out": 5.0, "hours_waited": 7.0} for way in COURSES}
ROLLING = {"plans": 3, "replicate": 0, "courses": COURSES, "out": OUT}
RATION = Ration({"riz": 400.0}, 400.0, 0.123, {}, {"kcal": 1.0}, "cost")


def assert_french(text: str) -> None:
    assert text
    assert not find_english(" ".join(text.split()))
    said = " ".join(word for word in text.split() if "=" not in word and "/" not in word)
    assert not ENGLISH_WORDS.search(said), ENGLISH_WORDS.search(said)


def test_answers_of_every_kind_are_french() -> None:
    for text in (
        describe_trial(TRIAL, FRENCH),
        describe_convoy_trial(TRIAL, FRENCH),
        describe_rolled(ROLLED, FRENCH),
        describe_rolling(ROLLING, FRENCH),
        describe_ration(RATION, FRENCH),
    ):
        assert_french(text)
    assert "(−10 à +1 234) ; 50 %" in " ".join(describe_rolled(ROLLED, FRENCH).split())
    with pytest.raises(AssertionError):
        assert_french(describe_rolled(ROLLED))  # the test finds English


@pytest.mark.slow
def test_what_the_command_prints_is_french(tmp_path: Path) -> None:
    """A plan, its trial, a rolling one, both plans, the cover, and an edited sheet, with what stands around them."""
    folder = tmp_path / "monde"
    guarded_world(folder)
    asked = [str(folder), "--days", "2", "--period", "6", "--language", "fr"]
    sheet = [str(folder), "--from-sheet", str(tmp_path / "fiche" / "plan.xlsx"), "--language", "fr", "--try", "1"]
    for arguments in (
        [*asked, "--try", "1", "--out", str(tmp_path / "fiche")],
        [*asked, "--rolling"],
        [*asked, "--both", "--from", "2030-01-02"],
        [*asked, "--ledger", "--out", str(tmp_path / "couverture")],
        [*asked, "--in-order", "--fractions"],
        sheet,
        [*sheet, "--as", "lundi"],
    ):
        done = CliRunner().invoke(app, ["plan", *arguments])
        assert done.exit_code == 0, done.output
        assert_french(done.output.replace(str(tmp_path), ""))


def test_a_language_that_there_is_not_is_refused_before_the_work(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["plan", str(tmp_path), "--language", "klingon"])
    assert isinstance(done.exception, co.UsageError)
    assert 'no language "klingon"' in str(done.exception)
