"""The whole answer and the command: the three questions apart, and what it must not claim."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

import corridor as co
from corridor.cli.deal import deal as deal_command
from corridor.deal.answer import MUST_NOT_CLAIM, SMALLER, TOO_FAR, answer_deal
from corridor.deal.parties import Deal
from corridor.deal.what_if import WhatIf
from corridor.deal.words import write_answer
from corridor.scenario.faults import FaultsError, UsageError

from .examples import make_issue, make_position

CASE = Path(__file__).parents[2] / "scenarios" / "karabakh-2023"
app = typer.Typer()
app.command("deal")(deal_command)


def run(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def answer_json(*arguments):
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def make_deal(*positions):
    issue = make_issue(*positions)
    return Deal(tuple(p.actor for p in issue.positions), (issue,))


def keys_of(part):
    if isinstance(part, dict):
        return set(part) | {key for value in part.values() for key in keys_of(value)}
    return {key for value in part for key in keys_of(value)} if isinstance(part, list) else set()


def test_where_who_and_whether_stand_apart():
    deal = make_deal(make_position("north", "20", veto=True, no_deal="30"), make_position("south", "70"))
    document = answer_deal(deal, deal.issues)
    (issue,) = document["issues"]
    assert set(issue) == {"issue", "title", "scale", "where", "who", "whether", "what_if", "rounds"}
    assert issue["where"]["centre"] == pytest.approx(45.0)
    assert issue["where"]["equal_weights"]["centre"] == pytest.approx(45.0)
    assert issue["whether"]["meaning"] == "screens, not chances"
    # Nowhere is there a chance of a deal, of peace or of its holding.
    assert not [key for key in keys_of(document) if re.search(r"probab|chance|likel|odds", key)]
    json.dumps(document, allow_nan=False)


def test_an_empty_range_or_commitment_problem_does_not_move_the_forecast():
    open_deal = make_deal(make_position("north", "20"), make_position("south", "70"))
    shut = make_deal(
        make_position("north", "20", veto=True, no_deal="95"),
        make_position("south", "70", veto=True, no_deal="95"),
    )
    first, second = (answer_deal(deal, deal.issues)["issues"][0] for deal in (open_deal, shut))
    assert second["whether"]["range"]["verdict"] == "empty"
    assert first["where"] == second["where"]


def test_positions_too_far_apart():
    deal = make_deal(make_position("north", "5"), make_position("south", "95"))
    document = answer_deal(deal, deal.issues)
    assert document["issues"][0]["where"]["verdict"] == TOO_FAR
    text = write_answer(document)
    assert TOO_FAR.capitalize() in text
    assert "For the record only" in text


def test_one_actor_with_most_of_the_weight_is_called_untested():
    deal = make_deal(make_position("north", "20", capability="90"), make_position("south", "40"))
    document = answer_deal(deal, deal.issues)
    assert document["issues"][0]["where"]["beyond_what_was_tested"]
    assert "Untested: one actor holds 90%" in write_answer(document)


def test_small_differences_are_called_small():
    deal = make_deal(make_position("north", "20"), make_position("south", "70"))
    document = answer_deal(deal, deal.issues, [WhatIf(None, "north", "position", 30.0)])
    (difference,) = document["issues"][0]["what_if"]
    assert difference["change"] == pytest.approx(5.0)
    assert difference["verdict"] == SMALLER
    assert SMALLER in write_answer(document)


def test_text_and_json_say_what_must_not_be_claimed():
    deal = make_deal(make_position("north", "20"), make_position("south", "70"))
    document = answer_deal(deal, deal.issues)
    text = write_answer(document)
    assert document["must_not_claim"] == list(MUST_NOT_CLAIM)
    for claim in MUST_NOT_CLAIM:
        assert claim in text
    assert "a probability of peace" in text
    assert document["assumptions"]  # no row names a claim


def test_base_rates_carry_their_number_of_cases():
    deal = make_deal(make_position("north", "20"), make_position("south", "70"))
    for rate in answer_deal(deal, deal.issues)["base_rates"]["rates"]:
        assert rate["cases"] > 0
        assert 0 < rate["share"] < 1
        assert rate["source"]
        assert rate["caution"]
        assert f"of {rate['cases']} " in write_answer(answer_deal(deal, deal.issues))


@pytest.mark.slow
def test_worked_case():
    document = answer_json(CASE, "--what-if", "azerbaijan.position=40")
    issues = {issue["issue"]: issue for issue in document["issues"]}
    assert set(issues) == {"guarantees", "amnesty", "disarmament", "access", "status"}
    for issue in issues.values():
        assert issue["where"]["interval_80"][0] < issue["where"]["interval_80"][1]
        assert len(issue["what_if"]) == 1
        assert issue["where"]["beyond_what_was_tested"]
        assert "icrc_un" not in [lever["actor"] for lever in issue["who"]]
    assert document["voices_without_capability"] == ["icrc_un"]
    assert issues["disarmament"]["whether"]["range"]["central"]["binds_high"] == ["fighters"]
    assert issues["disarmament"]["whether"]["commitment"]["guarantee_suffices"] == "depends"
    assert len(answer_json(CASE, "--issue", "status", "--issue", "amnesty")["issues"]) == 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--issue", "statu"], 'did you mean "status"'),
        (["--what-if", "azerbajan.position=4"], 'did you mean "azerbaijan"'),
        (["--what-if", "amnesty:icrc_un.position=4"], "no position on amnesty"),
        (["--score", "l", "--verify", "l"], "one of"),
        (["--score", "l"], "--outcomes"),
        (["--verify", "no-such-ledger"], "cannot read"),
        (["--seal", "l", "--outcome-known", "perhaps"], "no, yes, unknown"),
    ],
)
def test_usage_mistakes(arguments, words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = run(CASE, *arguments)
    assert isinstance(result.exception, UsageError)
    assert words in str(result.exception)
    assert not list(tmp_path.iterdir())


def test_bad_tables_raise_faults_for_the_command_line(tmp_path):
    assert isinstance(run(tmp_path, "--json").exception, FaultsError)


@pytest.mark.slow
def test_seal_verify_and_score(tmp_path):
    ledger, outcomes = tmp_path / "ledger.jsonl", tmp_path / "outcomes.csv"
    sealed = answer_json(CASE, "--issue", "access", "--seal", ledger, "--outcome-known", "yes")["sealed"]
    verified = answer_json(CASE, "--verify", ledger)
    assert verified["records"] == 1
    assert verified["last_sha256"] == sealed["sha256"]
    assert verified["these_inputs_sealed_at"] == [sealed["sealed_at"]]
    outcomes.write_text("issue,outcome\naccess,5\n")
    scored = answer_json(CASE, "--score", ledger, "--outcomes", outcomes)
    (entry,) = scored["forecasts"]
    assert entry["miss"] == pytest.approx(abs(sealed["forecasts"]["access"]["forecast"]["centre"] - 5))
    assert scored["summary"]["outcome_known_yes"]["forecasts"] == 1
    assert scored["summary"]["outcome_known_no"] == {"forecasts": 0}
    assert "mean miss" in run(CASE, "--score", ledger, "--outcomes", outcomes).stdout
    assert "is whole" in run(CASE, "--verify", ledger).stdout


def test_the_command_loads_no_numerical_library():
    code = "import sys, corridor.cli.deal; print([m for m in ('numpy', 'scipy', 'numba') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "[]", done.stderr


@pytest.mark.slow
def test_from_python_one_issue_is_looked_up_by_its_name():
    case = co.read(CASE)
    found = co.deal(case)
    assert (
        found["amnesty"]["where"]["centre"] == answer_json(CASE, "--issue", "amnesty")["issues"][0]["where"]["centre"]
    )
    assert list(found) == [issue["issue"] for issue in found.document["issues"]]
    assert found["amnesty"]["title"] in found._repr_html_()
    assert str(found).endswith(case.settings["disclaimer"])
    (change,) = found.what_if("amnesty:azerbaijan.position=40")["amnesty"]["what_if"]
    assert change["change"] != 0
    assert found["amnesty"]["what_if"] == []
    with pytest.raises(UsageError, match="did you mean"):
        found["amnesti"]
