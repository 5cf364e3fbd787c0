"""The offline kit holds what its installer asks for."""

from __future__ import annotations

import re
from pathlib import Path

SCRIPTS = Path(__file__).parents[2] / "scripts"


def test_the_kit_brings_the_extras_that_it_installs() -> None:
    made = set(re.findall(r"--extra (\w+)", (SCRIPTS / "make_kit.sh").read_text(encoding="utf-8")))
    found = re.search(r'"corridor\[([\w,]+)\]"', (SCRIPTS / "install_kit.sh").read_text(encoding="utf-8"))
    assert found is not None
    assert set(found[1].split(",")) == made
    assert "build" in made
