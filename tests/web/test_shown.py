"""What is served: of a stored run its own case and parameter set, whatever the case's default is; links and labels."""

from __future__ import annotations

from pathlib import Path

import pytest
from serving import serve_folder

import corridor as co
from corridor.scenario.create import create_scenario


@pytest.mark.slow
def test_a_run_is_shown_with_its_own_set(worked_case: Path, tmp_path: Path) -> None:
    case = co.read(worked_case)
    other = next(name for name in case.sets if name != case.choose_set(None))
    co.run(case, tmp_path / "run", other, replicates=1)
    with serve_folder(tmp_path / "run", load=False) as served:
        facts = served.get("/api/case")
        assert (facts["parameters"], facts["run"], facts["editable"]) == (other, "run", False)


@pytest.mark.parametrize("label", ["public", "partners", "restricted"])
def test_the_label_is_told(tmp_path: Path, label: str) -> None:
    create_scenario(tmp_path / "case")
    settings = tmp_path / "case" / "scenario.toml"
    text = settings.read_text(encoding="utf-8")
    before = next(line for line in text.splitlines() if line.startswith("sensitivity"))
    settings.write_text(text.replace(before, f'sensitivity = "{label}"'), encoding="utf-8")
    with serve_folder(tmp_path / "case", load=False) as served:
        assert served.get("/api/case")["sensitivity"] == label


def test_links_out_of_the_case_are_not_written_through(tmp_path: Path) -> None:
    """A folder of variants, or a file in it, that leads elsewhere: what the page saves does not go there."""
    create_scenario(tmp_path / "case")
    folder, outside = tmp_path / "case" / "variants", tmp_path / "outside"
    outside.mkdir()
    (outside / "mine.toml").write_text("mine")
    (folder / "there.toml").symlink_to(outside / "mine.toml")
    with serve_folder(tmp_path / "case", edit=True, load=False) as served, served.client() as client:
        body = {"name": "there", "title": "x", "edits": {"change": {}}, "replace": True}
        client.post("/api/save-variant", json=body)
        for path in list(folder.glob("*")):
            path.unlink()
        folder.rmdir()
        folder.symlink_to(outside)
        answer = client.post("/api/save-variant", json=body | {"name": "new"})
        assert answer.status_code in (400, 422), answer.text
    assert {path.name: path.read_text() for path in outside.iterdir()} == {"mine.toml": "mine"}
