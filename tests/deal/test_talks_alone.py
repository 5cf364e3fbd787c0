"""A folder of mediation alone: read, checked, answered; what it cannot be asked is said in one sentence with a code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import corridor as co
from command import call
from corridor.scenario.scenario import read_scenario

SETTINGS = 'id = "t"\ntitle = "T"\ndata_date = "2025-05-20"\nsensitivity = "public"\ndisclaimer = "invented"\n'


@pytest.fixture(scope="module")
def talks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("talks") / "case"
    co.create(folder, like="talks")
    return folder


def test_three_tables_are_a_case(tmp_path: Path) -> None:
    (tmp_path / "scenario.toml").write_text(SETTINGS)
    (tmp_path / "actors.csv").write_text("id,name,capability,veto\na,A,10,yes\nb,B,10,yes\n")
    (tmp_path / "issues.csv").write_text("id,title,low_end,high_end\nq,Question,none,all\n")
    (tmp_path / "positions.csv").write_text("issue,actor,position,salience,no_deal\nq,a,20,50,40\nq,b,80,50,40\n")
    assert list(co.check(tmp_path).faults) == []
    case = co.read(tmp_path)
    assert case.talks_alone
    assert co.deal(case)["q"]["where"]["centre"] == 50
    assert "talks alone" in str(co.check(tmp_path))
    assert case._repr_html_()


def test_the_template_is_answered_by_command_and_call(talks: Path) -> None:
    told = call("deal", talks)
    assert told.code == 0, told.stderr
    assert "a range opened" in told.stdout
    document = json.loads(call("deal", talks, "--json").stdout)
    assert document == json.loads(json.dumps(co.deal(co.read(talks)).document))
    assert call("check", talks).code == 0
    assert "corridor deal" in call("init", talks.parent / "other", "--like", "talks").stdout


@pytest.mark.parametrize(
    "words",
    [("run", "--out", "RUN"), ("plan",), ("forecast", "--as-of", "2025-05-01"), ("sweep", "--out", "RUN")],
    ids=lambda words: words[0],
)
def test_what_talks_alone_cannot_be_asked(talks: Path, tmp_path: Path, words: tuple[str, ...]) -> None:
    ended = call(words[0], talks, *(str(tmp_path / "run") if word == "RUN" else word for word in words[1:]))
    assert ended.code in (2, 3), ended.stderr
    assert "Traceback" not in ended.stderr
    assert ended.stderr.count("[talks_alone]") == 1
    assert not (tmp_path / "run").exists()


def test_from_python_too(talks: Path) -> None:
    case = co.read(talks)
    for ask in (co.run, co.plan):
        with pytest.raises(co.FaultsError) as told:
            ask(case)
        assert [fault.code for fault in told.value.faults] == ["talks_alone"]


def test_nothing_is_added_to_talks(tmp_path: Path) -> None:
    with pytest.raises(co.UsageError, match="stands alone"):
        co.create(tmp_path / "case", like="talks", extra=["relief"])


def test_old_names_and_hashes_hold(tmp_path: Path) -> None:
    """A position without a date is `issue/actor` in a variant, with one `issue/actor/day`; a blank column changes no hash."""
    co.create(tmp_path / "case", like="talks")
    table = tmp_path / "case" / "positions.csv"
    first = "".join(line for line in table.read_text().splitlines(keepends=True) if ",2025-" not in line)
    table.write_text(first)
    before = read_scenario(tmp_path / "case")
    table.write_text("\n".join(",".join(drop_date(line)) for line in first.splitlines()) + "\n")
    after = read_scenario(tmp_path / "case")
    assert ",date," not in table.read_text()
    assert (after.hash, co.deal(after).document) == (before.hash, co.deal(before).document)
    varied = after.edit({"change": {"positions": {"flow/upper": {"position": 44}}}})
    assert co.deal(varied)["flow"]["who"][0]["name"]
    assert {row["position"].middle for row in varied.positions if row["issue"] == "flow"} >= {44.0}
    added = after.edit({"add": {"positions": {"flow/upper/2025-05-01": {"position": 40, "salience": 50}}}})
    changed = added.edit({"change": {"positions": {"flow/upper/2025-05-01": {"position": 41}}}})
    assert [p.position.middle for p in co.deal(changed).issues[0].positions if p.actor.id == "upper"] == [41.0]


def drop_date(line: str) -> list[str]:
    cells = line.split(",")
    return cells if line.startswith("#") else cells[:2] + cells[3:]
