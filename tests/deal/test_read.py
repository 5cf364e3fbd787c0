"""The negotiation in a scenario folder: what is read under a set and variant, what only the deal can see."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import corridor.scenario
from corridor.deal.forecast import forecast_issue
from corridor.deal.outcomes import read_outcomes
from corridor.deal.read import take_deal
from corridor.scenario.checks.deal import check_deal
from corridor.scenario.faults import FaultsError, UsageError
from corridor.scenario.scenario import load_draft, read_scenario

TEMPLATE = Path(corridor.scenario.__file__).parent / "template"
GOOD = {
    "actors": "id,name,capability,veto,voice_only,claims\n"
    "north,The North,10 (5..20),yes,no,c1\n"
    "south,The South,40 ± 20%,,,\n"
    "helper,A helper,,no,yes,\n",
    "issues": "id,title,low_end,high_end,clause\nroad,The road,shut,open,none\n",
    "positions": "issue,actor,position,salience,no_deal,x_mine\n"
    "road,north,10..30,80,20,any\n"
    "road,south,70,40 (20..60),,\n"
    "road,helper,100,100,,\n",
}
SHIFT = "id,title,low_end,high_end,exposed_actor,power_now,power_after,fighting_cost,patience\nroad,R,a,b,north,{}\n"
HELPER = GOOD["actors"].replace("helper,A helper,,no,yes,", "helper,A helper,{},yes,")

UNKNOWN = "unknown_reference"
OWN_CAPABILITY = (
    "issue,actor,position,salience,no_deal,capability\nroad,north,1,1,9,\nroad,south,1,1,,\nroad,helper,1,1,,3\n"
)


def write(folder: Path, **tables: str | None) -> Path:
    """Write a small whole scenario with these tables of a deal; None leaves a table out."""
    shutil.copytree(TEMPLATE, folder, dirs_exist_ok=True)
    for table, text in {**GOOD, **tables}.items():
        if text is not None:
            (folder / f"{table}.csv").write_text(text, encoding="utf-8")
    return folder


def read_deal(folder, variant=None, parameters=None):
    scenario = read_scenario(folder, variant)
    return take_deal(scenario, scenario.choose_set(parameters))


def replaced(table, old, new):
    assert old in GOOD[table]
    return {table: GOOD[table].replace(old, new)}


def faults_of(folder, variant=None):
    """Return what `corridor check` says of a folder, each fault once."""
    draft = load_draft(folder, variant)
    check_deal(draft)  # among the checks of a folder already or not: it tells nothing twice
    assert len(draft.faults) == len(set(draft.faults))
    return sorted(draft.faults)


def test_a_good_folder(tmp_path):
    assert faults_of(write(tmp_path)) == []
    (issue,) = read_deal(tmp_path).issues
    by_name = {position.actor.id: position for position in issue.positions}
    north, south, helper = (by_name[name] for name in ("north", "south", "helper"))
    assert (north.capability.low, north.capability.middle, north.capability.high) == (5.0, 10.0, 20.0)
    assert (south.capability.low, south.capability.high) == pytest.approx((40 / 1.2, 48.0))
    assert north.veto
    assert north.no_deal.middle == 20.0
    assert north.actor.claims == ("c1",)
    assert not south.veto
    assert south.no_deal is None
    assert helper.weight == 0.0
    assert [party.actor.id for party in issue.parties] == ["north", "south"]


def test_order_of_rows_does_not_matter(tmp_path):
    turned = {t: "\n".join([text.splitlines()[0], *text.splitlines()[:0:-1]]) for t, text in GOOD.items()}
    first, second = write(tmp_path / "a"), write(tmp_path / "b", **turned)
    assert read_deal(first) == read_deal(second)


def test_a_position_may_override_capability_and_veto(tmp_path):
    text = "issue,actor,position,salience,capability,veto\nroad,north,1,1,7,no\nroad,south,2,2,,yes\n"
    north, south = read_deal(write(tmp_path, positions=text)).issues[0].positions
    assert (north.capability.middle, north.veto) == (7.0, False)
    assert (south.capability.middle, south.veto) == (40.0, True)


def test_a_power_shift_is_read(tmp_path):
    deal = read_deal(write(tmp_path, issues=SHIFT.format("0.4,0.7,0.1..0.3,0.9")))
    shift = deal.issues[0].power_shift
    assert shift.exposed == "north"
    assert (shift.fighting_cost.low, shift.fighting_cost.high) == (0.1, 0.3)
    assert shift.guarantee.middle == 0.0


def test_sets_and_variants_choose_the_rows(tmp_path):
    positions = (
        "issue,actor,position,salience,no_deal,set\n"
        "road,north,10,50,20,early\nroad,north,90,50,20,late\nroad,south,50,50,,\n"
    )
    folder = write(tmp_path, positions=positions)
    with (folder / "scenario.toml").open("a", encoding="utf-8") as file:
        file.write('\ndefault_set = "early"\n')
        for name in ("early", "late"):
            file.write(f'[sets.{name}]\ntitle = "{name}"\nknown_until = "2025-03-01"\n')
    (folder / "variants" / "softer.toml").write_text(
        'title = "Softer"\n[change.positions."road/north"]\nposition = 40\n', encoding="utf-8"
    )
    assert faults_of(folder) == []

    def position(**more):
        return next(p for p in read_deal(folder, **more).issues[0].positions if p.actor.id == "north").position

    assert position().middle == 10.0
    assert position(parameters="late").middle == 90.0
    assert position(parameters="late", variant="softer").middle == 40.0
    with pytest.raises(UsageError, match="no parameter set"):
        read_deal(folder, parameters="lat")
    with pytest.raises(UsageError, match="no variant"):
        read_deal(folder, variant="harder")


@pytest.mark.parametrize(
    ("tables", "place", "code"),
    [
        (replaced("actors", "10 (5..20)", ""), ("actors.csv", 2, "capability"), "missing_value"),
        ({"actors": HELPER.format("5,no")}, ("actors.csv", 4, "capability"), "voice_only"),
        ({"actors": HELPER.format(",yes")}, ("actors.csv", 4, "veto"), "voice_only"),
        (
            {"positions": OWN_CAPABILITY},
            ("positions.csv", 4, "capability"),
            "voice_only",
        ),
        (replaced("positions", "40 (20..60)", "0"), ("issues.csv", 2, "id"), "too_few_positions"),
        ({"positions": None}, ("issues.csv", 2, "id"), "too_few_positions"),
        ({"issues": SHIFT.format("0,1,,0.9")}, ("issues.csv", 2, "fighting_cost"), "incomplete_power_shift"),
        (
            {"issues": SHIFT.replace(",north,", ",,").format("0.4,0.7,1,0.9")},
            ("issues.csv", 2, "exposed_actor"),
            "incomplete_power_shift",
        ),
        ({"issues": SHIFT.format("0.4,0.7,1,1")}, ("issues.csv", 2, "patience"), "out_of_range"),
        ({"issues": SHIFT.format("0.4,0.7,1,0..0.9")}, ("issues.csv", 2, "patience"), "out_of_range"),
        # Found by the reader of scenarios: the deal does not complain a second time.
        (replaced("actors", "10 (5..20)", "ten"), ("actors.csv", 2, "capability"), "wrong_type"),
        (replaced("actors", ",yes,no,c1", ",yes,perhaps,c1"), ("actors.csv", 2, "voice_only"), "wrong_type"),
        (replaced("positions", "40 (20..60)", "many"), ("positions.csv", 3, "salience"), "wrong_type"),
        (replaced("positions", "road,south", "raod,south"), ("positions.csv", 3, "issue"), UNKNOWN),
        (replaced("positions", "road,south", "road,soth"), ("positions.csv", 3, "actor"), UNKNOWN),
        (replaced("positions", "road,south", "road,north"), ("positions.csv", 3, "issue"), "duplicate_id"),
        (replaced("positions", ",any", ",any,more"), ("positions.csv", 2, ""), "too_many_cells"),
        (
            {"issues": SHIFT.replace(",north,", ",nroth,").format("0.4,0.7,1,0.9")},
            ("issues.csv", 2, "exposed_actor"),
            UNKNOWN,
        ),
    ],
)  # fmt: skip
def test_one_mistake_gives_one_fault(tmp_path, tables, place, code):
    (fault,) = faults_of(write(tmp_path, **tables))
    assert ((fault.file, fault.row, fault.column), fault.code) == (place, code)
    assert fault.severity == "error"
    with pytest.raises(FaultsError) as caught:
        read_deal(tmp_path)
    assert caught.value.faults == [fault]
    assert caught.value.exit_code == 3


def test_all_faults_of_all_tables_at_once(tmp_path):
    folder = write(
        tmp_path,
        **replaced("actors", "10 (5..20)", ""),
        issues=SHIFT.format("0.4,0.7,,1"),
        **replaced("positions", "10..30", "300"),
    )
    assert [(f.file, f.column) for f in faults_of(folder)] == [
        ("actors.csv", "capability"),
        ("issues.csv", "fighting_cost"),
        ("issues.csv", "patience"),
        ("positions.csv", "position"),
    ]


@pytest.mark.parametrize(
    ("tables", "words"),
    [
        (replaced("positions", "80,20,any", "80,,any"), "north has a veto on road and no no_deal value"),
        (
            {
                "actors": GOOD["actors"] + "west,The West,1,yes,no,\n",
            },
            "west has a veto on road and no position",
        ),
    ],
)
def test_a_veto_that_cannot_be_screened_is_a_warning(tmp_path, tables, words):
    (fault,) = faults_of(write(tmp_path, **tables))
    assert (fault.code, fault.severity, fault.found) == ("veto_not_screened", "warning", words)
    assert read_deal(tmp_path).issues  # a warning does not prevent use


def test_a_fault_in_a_variant_is_told_where_it_stands(tmp_path):
    folder = write(tmp_path)
    (folder / "variants" / "mute.toml").write_text(
        'title = "Mute"\n[change.actors.helper]\ncapability = 3\n', encoding="utf-8"
    )
    (fault,) = faults_of(folder, "mute")
    assert (fault.file, fault.code) == ("variants/mute.toml", "voice_only")
    assert "helper" in fault.column


def test_a_folder_without_a_negotiation(tmp_path):
    folder = write(tmp_path, actors=None, issues=None, positions=None)
    assert faults_of(folder) == []
    with pytest.raises(UsageError, match=r"no negotiation .*issues\.csv"):
        read_deal(folder)


def test_a_scenario_changed_in_python_is_checked_too(tmp_path):
    scenario = read_scenario(write(tmp_path))
    tables = {**scenario.tables, "positions": scenario.tables["positions"][:1]}
    with pytest.raises(FaultsError, match="too_few_positions"):
        take_deal(scenario.replace("fewer", tables=tables), "")


def test_forecast_from_a_folder_against_arithmetic(tmp_path):
    (issue,) = read_deal(write(tmp_path)).issues
    north, south = 10 * 80, 40 * 40
    assert forecast_issue(issue).centre == pytest.approx((north * 20 + south * 70) / (north + south))


def test_outcomes(tmp_path):
    path = tmp_path / "found.csv"
    path.write_text("issue;outcome;x_mine\n# a remark\nroad;35;a\n\ntax; 0 ;b\n", encoding="utf-8-sig")
    assert read_outcomes(path, ["road", "tax"]) == {"road": 35.0, "tax": 0.0}


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"issue,outcome\nraod,35\nroad,350\n", {(2, "unknown_reference"), (3, "out_of_range")}),
        (b"issue,outcome\nroad,\n", {(2, "missing_value")}),
        (b"issue,outcome\nroad\n", {(2, "missing_value")}),
        (b"issue,outcome\nroad,1\nroad,2\n", {(3, "duplicate_id")}),
        (b"issue,outcome\nroad,nan\n", {(2, "wrong_type")}),
        (b"isue,outcome\nroad,3\n", {(1, "missing_column")}),
        (b"", {(1, "missing_column")}),
        (b"\xff\xfe", {(1, "bad_encoding")}),
        (b'issue,outcome\n"road,3\n', {(2, "bad_csv")}),
        (None, {(0, "missing_file")}),
    ],
)
def test_bad_outcomes(tmp_path, content, found):
    path = tmp_path / "found.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(FaultsError) as caught:
        read_outcomes(path, ["road"])
    assert {(f.row, f.code) for f in caught.value.faults} == found
