from __future__ import annotations

import ast
from pathlib import Path

import pytest
from breakages import BREAKAGES, Breakage, swap

import corridor.scenario
from corridor.front.cases import check
from corridor.scenario.create import create_scenario
from corridor.scenario.faults import Fault, FaultsError, UsageError, load_fault_kinds
from corridor.scenario.read import read_draft
from corridor.scenario.scenario import load_draft, read_scenario

ELSEWHERE = {  # codes whose folders need more than an edit of the template
    "missing_folder": "test_missing_folder",
    "more_faults": "test_faults_beyond_a_thousand_are_counted",
    "unknown_table": "test_broken_variant",
    "unsupported_number": "test_strict",
    "voice_only": "test_broken_deal",
    "incomplete_power_shift": "test_broken_deal",
    "too_few_positions": "test_broken_deal",
    "veto_not_screened": "test_broken_deal",
    "accepted_and_refused": "test_broken_proposals",
    "talks_alone": "test_talks_alone",
}


def locate(faults: list[Fault]) -> set[tuple[str, str, int, str]]:
    return {(fault.code, fault.file, fault.row, fault.column) for fault in faults}


def test_template_is_clean(folder: Path) -> None:
    assert list(check(folder).faults) == []


@pytest.mark.parametrize("breakage", BREAKAGES, ids=lambda b: b.name)
def test_each_mistake_gives_its_fault_and_no_other(folder: Path, breakage: Breakage) -> None:
    for edit in breakage.edits:
        edit(folder)
    faults = list(check(folder).faults)
    assert locate(faults) == breakage.faults
    assert len(faults) == len(breakage.faults)
    for fault in faults:
        assert fault.found
        assert fault.allowed
        assert fault.fix
        assert fault.severity == load_fault_kinds()[fault.code].severity
    if any(fault.severity == "error" for fault in faults):
        with pytest.raises(FaultsError):
            read_scenario(folder)
    else:
        assert list(read_scenario(folder).warnings) == faults


def test_every_code_has_a_broken_folder() -> None:
    covered = {fault[0] for breakage in BREAKAGES for fault in breakage.faults}
    assert covered | ELSEWHERE.keys() >= codes_of_a_scenario()
    assert set(ELSEWHERE.values()) <= globals().keys()


def codes_of_a_scenario() -> set[str]:
    """Every code that reading and checking a scenario folder may note: those named in its room."""
    files = [p for p in Path(corridor.scenario.__file__).parent.rglob("*.py") if p.name != "chain.py"]  # of ledgers
    words = {
        node.value for path in files for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Constant)
    }
    return {kind.code for kind in load_fault_kinds().values() if kind.kind in words}


def test_missing_folder(tmp_path: Path) -> None:
    assert locate(list(check(tmp_path / "no").faults)) == {("missing_folder", str(tmp_path / "no"), 0, "")}
    (tmp_path / "file").write_text("x")
    assert locate(list(check(tmp_path / "file").faults)) == {("missing_folder", str(tmp_path / "file"), 0, "")}


def test_no_permission(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "read_bytes", refuse)
    faults = list(check(folder).faults)
    assert {fault.code for fault in faults} == {"unreadable_file"}
    assert {"places.csv", "scenario.toml"} <= {fault.file for fault in faults}
    monkeypatch.setattr("os.access", lambda *_: False)
    assert locate(list(check(folder).faults)) == {("unreadable_file", str(folder), 0, "")}


def test_missing_required_tables_are_all_told(folder: Path) -> None:
    for name in ("places.csv", "roads.csv", "groups.csv", "people.csv"):
        (folder / name).unlink()
    faults = list(check(folder).faults)
    assert locate(faults) == {
        ("missing_file", name, 0, "") for name in ("places.csv", "roads.csv", "groups.csv", "people.csv")
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[change.checkpoint.bridge_checkpoint]\nlanes = 2", ("unknown_table", 1, "change.checkpoint")),
        ("[change.checkpoints.bridge]\nlanes = 2", ("unknown_reference", 1, "change.checkpoints.bridge")),
        (
            "[change.checkpoints.bridge_checkpoint]\nlane = 2",
            ("unknown_column", 2, "change.checkpoints.bridge_checkpoint.lane"),
        ),
        (
            "[change.checkpoints.bridge_checkpoint]\nlanes = -2",
            ("not_positive", 2, "change.checkpoints.bridge_checkpoint.lanes"),
        ),
        (
            "[change.checkpoints.bridge_checkpoint]\nplace = 'x'",
            ("unknown_reference", 2, "change.checkpoints.bridge_checkpoint.place"),
        ),
        (
            "[change.checkpoints.bridge_checkpoint]\nname = [1]",
            ("wrong_type", 2, "change.checkpoints.bridge_checkpoint.name"),
        ),
        ("[change.events.truce]\ntime = 2026-01-01", ("event_outside_period", 2, "change.events.truce.time")),
        ("[add.events.relief]\nkind = 'note'", ("missing_value", 1, "add.events.relief.time")),
        (
            "[add.places.hut]\nname='Hut'\narea='inside'\nlatitude=1\nlongitude=1",
            ("unreachable_place", 1, "add.places.hut.id"),
        ),
        (
            "[add.places.town]\nname='T'\narea='inside'\nlatitude=10.01\nlongitude=20",
            ("duplicate_id", 1, "add.places.town.id"),
        ),
        ("add = 3", ("wrong_type", 1, "add")),
        ("[add]\nevents = 3", ("wrong_type", 2, "add.events")),
        ("[add.events]\nrelief = 3", ("wrong_type", 2, "add.events.relief")),
        ("[remove]\nevents = 'truce'", ("wrong_type", 2, "remove.events")),
        ("[remove]\nevents = ['truc']", ("unknown_reference", 2, "remove.events")),
        ("[chang.events.truce]\nvalue = 1", ("unknown_setting", 1, "chang")),
        ("[change", ("bad_toml", 1, "")),
    ],
)
def test_broken_variant(folder: Path, text: str, expected: tuple[str, int, str]) -> None:
    (folder / "variants" / "v.toml").write_text(text)
    code, row, column = expected
    assert locate(list(check(folder, "v").faults)) == {(code, "variants/v.toml", row, column)}
    assert list(check(folder).faults) == [], "a broken variant leaves the scenario itself alone"


def test_variant_that_removes_what_others_need(folder: Path) -> None:
    (folder / "variants" / "v.toml").write_text("[remove]\ncheckpoints = ['bridge_checkpoint']")
    assert locate(list(check(folder, "v").faults)) == {("unknown_reference", "events.csv", 6, "target")}


def test_unknown_variant(folder: Path) -> None:
    with pytest.raises(UsageError, match='did you mean "two_more_lanes"'):
        check(folder, "two_more_lane")
    with pytest.raises(UsageError):
        check(folder, "../scenario")


def test_strict(folder: Path) -> None:
    swap("people.csv", "place,group,people,note", "place,group,people,claims")(folder)
    swap("people.csv", "14000 ± 15%,estimate of the town hall", "14000 ± 15%,c1")(folder)
    faults = load_draft(folder, None, strict=True).faults
    assert {fault.code for fault in faults} == {"unsupported_number"}
    rows = {(fault.row, fault.column) for fault in faults if fault.file == "people.csv"}
    assert rows == {(3, "people"), (4, "people"), (5, "people")}
    assert not any(fault.column in ("latitude", "longitude") for fault in faults)


DEAL = {
    "actors": "id,name,capability,veto,voice_only\nnorth,North,10,no,no\nsouth,South,20,no,no\nhelper,Helper,,no,yes\n",
    "issues": "id,title,low_end,high_end,exposed_actor,power_now\nroad,The road,shut,open,,\n",
    "positions": "issue,actor,position,salience\nroad,north,10,80\nroad,south,70,40\nroad,helper,100,100\n",
}


@pytest.mark.parametrize(
    ("table", "old", "new", "code"),
    [
        ("actors", "helper,Helper,,no", "helper,Helper,5,no", "voice_only"),
        ("issues", "open,,", "open,north,0.5", "incomplete_power_shift"),
        ("positions", "road,south,70,40", "road,south,70,0", "too_few_positions"),
        ("actors", "north,North,10,no", "north,North,10,yes", "veto_not_screened"),
    ],
)
def test_broken_deal(folder: Path, table: str, old: str, new: str, code: str) -> None:
    for name, text in DEAL.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    assert list(check(folder).faults) == []
    swap(f"{table}.csv", old, new)(folder)
    assert {fault.code for fault in list(check(folder).faults)} == {code}


def test_broken_proposals(folder: Path) -> None:
    for name, text in DEAL.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    head = "proposal,issue,date,from,value,accepted_by,refused_by\n"
    (folder / "proposals.csv").write_text(f"{head}first,road,2025-03-02,north,50,south,\n")
    assert list(check(folder).faults) == []
    (folder / "proposals.csv").write_text(f"{head}first,road,2025-03-02,north,50,south,north south\n")
    assert locate(list(check(folder).faults)) == {("accepted_and_refused", "proposals.csv", 2, "refused_by")}
    (folder / "proposals.csv").write_text(f"{head}first,road,2025-03-05,nord,50,,\n")
    codes = {fault.code for fault in list(check(folder).faults)}
    assert codes == {"unknown_reference", "after_data_date"}


def test_talks_alone(tmp_path: Path) -> None:
    """A folder of talks alone is whole without places and people; a variant cannot bring them in."""
    folder = tmp_path / "case"
    create_scenario(folder, like="talks")
    assert list(check(folder).faults) == []
    (folder / "variants").mkdir()
    (folder / "variants" / "people.toml").write_text('[add.people."a/b"]\npeople = 5\n')
    assert "talks_alone" in {fault.code for fault in list(check(folder, "people").faults)}
    (folder / "positions.csv").unlink()
    assert locate(list(check(folder).faults)) == {("missing_file", "positions.csv", 0, "")}


@pytest.mark.parametrize(
    ("file", "old", "new", "meant"),
    [
        ("places.csv", "latitude", "Lattitude", "latitude"),
        ("places.csv", ",crossing,", ",crosing,", "crossing"),
        ("events.csv", ",danger,", ",Danger,", "danger"),
        ("scenario.toml", "UTC", "asia/yerevn", "Asia/Yerevan"),
        ("roads.csv", "town,bridge,32", "town,Bridge,32", "bridge"),
        ("scenario.toml", "disclaimer", "Disclaimr", "disclaimer"),
    ],
)
def test_suggests_what_was_meant(folder: Path, file: str, old: str, new: str, meant: str) -> None:
    swap(file, old, new)(folder)
    (fault,) = list(check(folder).faults)
    assert f'did you mean "{meant}"?' in fault.fix


def test_faults_carry_codes_of_the_table_only(folder: Path) -> None:
    with pytest.raises(KeyError):
        read_draft(folder).note("no_such_code", ("places.csv", 1, "id"))


def test_faults_beyond_a_thousand_are_counted(folder: Path) -> None:
    rows = "".join(f"p{number},town,1\n" for number in range(1500))
    (folder / "people.csv").write_text(f"place,group,people\n{rows}")
    faults = list(check(folder).faults)
    assert sum(fault.code == "unknown_reference" for fault in faults) == 1000
    (more,) = (fault for fault in faults if fault.code == "more_faults")
    assert more.found == "2,000 more of unknown_reference"
