"""The notebooks: stored without results, and every cell works."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "docs" / "notebooks").glob("*.ipynb"))
LONGEST = 15  # lines of a cell


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_stored_without_results(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(not cell.outputs and cell.execution_count is None for cell in cells)
    assert sum("replicates = " in cell.source for cell in cells) == 1


def test_a_behaviour_takes_few_lines() -> None:
    """Each of the four is one cell with its plot."""
    notebook = nbformat.read(ROOT / "docs" / "notebooks" / "swap-a-behaviour.ipynb", as_version=4)
    swaps = [cell.source for cell in notebook.cells if "co.Behaviour(" in cell.source]
    assert len(swaps) == 4
    assert all(len(cell.splitlines()) <= LONGEST for cell in swaps)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_cell_of_a_notebook_works(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With few replicates, as a reader would run it from the repository's folder of notebooks."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT / "src"))
    monkeypatch.setenv("MPLBACKEND", "agg")
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        cell.source = cell.source.replace("replicates = 20", "replicates = 5")
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(path.parent)}}).execute()
