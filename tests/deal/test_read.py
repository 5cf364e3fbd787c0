"""Reading a deal's tables: good ones in any order, bad ones with every fault and never a traceback."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corridor.deal.read import load_columns, read_deal, read_outcomes
from corridor.faults import FaultsError

GOOD = {
    "actors": "id,name,capability,veto,voice_only,claims\n"
    "north,The North,10 (5..20),yes,no,c1 c2\n"
    "south,The South,40 ± 20%,,,\n"
    "helper,A helper,,no,yes,\n",
    "issues": "id,title,low_end,high_end,clause\nroad,The road,shut,open,none\n",
    "positions": "issue,actor,position,salience,no_deal,x_mine\n"
    "road,north,10..30,80,20,any\n"
    "road,south,70,40 (20..60),,\n"
    "road,helper,100,100,,\n",
}
SHIFT = (
    "id,title,low_end,high_end,exposed_actor,power_now,power_after,fighting_cost,patience\n"
    "road,R,a,b,north,{}\n"
)
MISSPELT = SHIFT.replace(",north,", ",nroth,").format("0.4,0.7,1,0.9")
HELPER = (
    GOOD["actors"].replace("\n", "\nhelper,A helper,{},yes,\n", 1).replace("helper,A helper,,no,yes,\n", "")
)


def write(folder, **tables):
    for table, text in {**GOOD, **tables}.items():
        if isinstance(text, bytes):
            (folder / f"{table}.csv").write_bytes(text)
        elif text is not None:
            (folder / f"{table}.csv").write_text(text, encoding="utf-8")
    return folder


def faults_of(folder):
    with pytest.raises(FaultsError) as caught:
        read_deal(folder)
    assert caught.value.exit_code == 3
    for fault in caught.value.faults:
        assert fault.file
        assert fault.code
        assert fault.fix
    return caught.value.faults


def test_a_good_folder(tmp_path):
    deal = read_deal(write(tmp_path))
    (issue,) = deal.issues
    north, south, helper = issue.positions
    assert (north.capability.low, north.capability.value, north.capability.high) == (5.0, 10.0, 20.0)
    assert north.veto
    assert north.no_deal.value == 20.0
    assert north.actor.claims == ("c1", "c2")
    assert not south.veto
    assert helper.weight == 0.0
    assert [party.actor.id for party in issue.parties] == ["north", "south"]


def test_order_dress_and_comments_do_not_matter(tmp_path):
    straight, dressed = tmp_path / "a", tmp_path / "b"
    straight.mkdir()
    dressed.mkdir()
    lines = GOOD["positions"].splitlines()
    turned = [
        lines[0].replace(",", ";"),
        "",
        "# a remark;;;;;",
        *(line.replace(",", ";") for line in lines[:0:-1]),
    ]
    write(dressed, positions=b"\xef\xbb\xbf" + "\r\n".join(turned).encode())
    assert read_deal(write(straight)).fingerprint() == read_deal(dressed).fingerprint()


def test_a_position_may_override_capability_and_veto(tmp_path):
    text = "issue,actor,position,salience,capability,veto\nroad,north,1,1,7,no\nroad,south,2,2,,yes\n"
    north, south = read_deal(write(tmp_path, positions=text)).issues[0].positions
    assert (north.capability.value, north.veto) == (7.0, False)
    assert (south.capability.value, south.veto) == (40.0, True)


def test_a_power_shift_is_read(tmp_path):
    deal = read_deal(write(tmp_path, issues=SHIFT.format("0.4,0.7,0.1..0.3,0.9")))
    shift = deal.issues[0].power_shift
    assert shift.exposed == "north"
    assert (shift.fighting_cost.low, shift.fighting_cost.high) == (0.1, 0.3)
    assert shift.guarantee.value == 0.0


def replaced(table, old, new):
    assert old in GOOD[table]
    return {table: GOOD[table].replace(old, new)}


@pytest.mark.parametrize(
    ("tables", "file", "row", "column", "code"),
    [
        (replaced("actors", "10 (5..20)", "ten"), "actors.csv", 2, "capability", "not_a_number"),
        (replaced("actors", "10 (5..20)", "20..5"), "actors.csv", 2, "capability", "not_a_number"),
        (replaced("actors", "10 (5..20)", "30 (5..20)"), "actors.csv", 2, "capability", "not_a_number"),
        (replaced("actors", "10 (5..20)", "1e999"), "actors.csv", 2, "capability", "not_a_number"),
        (replaced("actors", "10 (5..20)", "-1"), "actors.csv", 2, "capability", "out_of_range"),
        (replaced("actors", "10 (5..20)", ""), "actors.csv", 2, "capability", "required"),
        (replaced("actors", ",yes,no,c1", ",perhaps,no,c1"), "actors.csv", 2, "veto", "not_yes_or_no"),
        ({"actors": HELPER.format("5,no")}, "actors.csv", 2, "capability", "voice_only"),
        ({"actors": HELPER.format(",yes")}, "actors.csv", 2, "veto", "voice_only"),
        (replaced("actors", "The North", ""), "actors.csv", 2, "name", "required"),
        (replaced("actors", "south,", "north,"), "actors.csv", 3, "id", "duplicate_row"),
        (replaced("actors", "north,", "north.east,"), "actors.csv", 2, "id", "not_an_id"),
        (replaced("actors", "capability", "capabilty"), "actors.csv", 1, "capabilty", "unknown_column"),
        (replaced("actors", "veto,voice_only", "veto,veto"), "actors.csv", 1, "veto", "duplicate_column"),
        (replaced("actors", "id,name", "id,x_name"), "actors.csv", 1, "name", "missing_column"),
        (replaced("issues", "none", "amnesti"), "issues.csv", 2, "clause", "not_a_choice"),
        (replaced("positions", "10..30", "10..130"), "positions.csv", 2, "position", "out_of_range"),
        (replaced("positions", "road,north", "raod,north"), "positions.csv", 2, "issue", "unknown_reference"),
        (replaced("positions", "road,north", "road,nort"), "positions.csv", 2, "actor", "unknown_reference"),
        (replaced("positions", "road,south", "road,north"), "positions.csv", 3, "actor", "duplicate_row"),
        (replaced("positions", "40 (20..60)", "0"), "issues.csv", 2, "id", "too_few_positions"),
        (replaced("positions", ",any", ",any,more"), "positions.csv", 2, "", "too_many_cells"),
        ({"issues": None}, "issues.csv", 0, "", "missing_file"),
        ({"issues": ""}, "issues.csv", 0, "", "empty_table"),
        ({"issues": b"\xff\xfeid"}, "issues.csv", 0, "", "not_utf8"),
        ({"issues": b"id\x00,title\n"}, "issues.csv", 0, "", "empty_table"),
        ({"issues": "id,title,low_end,high_end\n"}, "issues.csv", 0, "", "no_issues"),
        ({"issues": GOOD["issues"] + 'a,"' + "b" * 200_000}, "issues.csv", 3, "", "not_csv"),
        ({"issues": SHIFT.format("0,1,,0.9")}, "issues.csv", 2, "fighting_cost", "incomplete_power_shift"),
        ({"issues": SHIFT.format("0.4,0.7,1,1")}, "issues.csv", 2, "patience", "out_of_range"),
        ({"issues": MISSPELT}, "issues.csv", 2, "exposed_actor", "unknown_reference"),
    ],
)  # fmt: skip
def test_one_mistake_gives_one_fault(tmp_path, tables, file, row, column, code):
    found = [(f.file, f.row, f.column, f.code) for f in faults_of(write(tmp_path, **tables))]
    others = [f for f in found if f != (file, row, column, code)]
    assert (file, row, column, code) in found
    # Renaming a column or an actor makes two: the new name is unknown and the old one is missed.
    assert others == [] or [f[3] for f in others] in (["missing_column"], ["unknown_reference"])


def test_all_faults_of_all_tables_at_once(tmp_path):
    folder = write(
        tmp_path,
        **replaced("actors", "10 (5..20)", "ten"),
        **replaced("issues", "shut", ""),
        **replaced("positions", "10..30", "300"),
    )
    assert [(f.file, f.code) for f in faults_of(folder)] == [
        ("actors.csv", "not_a_number"),
        ("issues.csv", "required"),
        ("positions.csv", "out_of_range"),
    ]


def test_misspelt_names_are_answered_with_the_right_ones(tmp_path):
    (fault,) = faults_of(write(tmp_path, **replaced("positions", "salience", "saliance")))[:1]
    assert "did you mean 'salience'" in fault.fix
    (fault,) = faults_of(write(tmp_path, **replaced("positions", "road,north", "road,nort")))
    assert "did you mean 'north'" in fault.fix


cells = st.one_of(
    st.sampled_from(["north", "road", "50", "yes", "", '"', "10..20", "\n", "x_", "#"]), st.text(max_size=6)
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_anything_at_all_is_read_or_refused(tmp_path, data):
    table = data.draw(st.sampled_from(list(GOOD)))
    rows = data.draw(st.lists(st.lists(cells, max_size=8), max_size=4))
    header = data.draw(st.sampled_from(["", GOOD[table].splitlines()[0] + "\n"]))
    text = header + "\n".join(",".join(row) for row in rows)
    write(tmp_path, **{table: text.encode("utf-8", "surrogatepass")})
    try:
        assert read_deal(tmp_path).issues
    except FaultsError as error:
        assert error.faults  # noqa: PT017


def test_outcomes(tmp_path):
    deal = read_deal(write(tmp_path))
    path = tmp_path / "found.csv"
    path.write_text("issue,outcome\nroad,35\n")
    assert read_outcomes(path, deal) == {"road": 35.0}
    path.write_text("issue,outcome\nraod,35\nroad,350\n")
    with pytest.raises(FaultsError) as caught:
        read_outcomes(path, deal)
    assert {(f.file, f.row, f.code) for f in caught.value.faults} == {
        ("found.csv", 2, "unknown_reference"),
        ("found.csv", 3, "out_of_range"),
    }


def test_columns_say_what_they_mean():
    for table in ("actors", "issues", "positions", "outcomes"):
        for column in load_columns(table).values():
            assert column.meaning or column.name in ("set", "claims", "note")
