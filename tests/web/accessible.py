"""What axe-core finds in a page: what keeps people with a keyboard, a magnifier or a screen reader out."""

from __future__ import annotations

from typing import Any

GRAVE = ("serious", "critical")


def find_grave(page: Any) -> list[str]:
    """Return the serious and critical findings in a browser's page, each with where it stands.

    The browser itself evaluates axe in the page, which the page's policy does not forbid.
    """
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [
        f"{finding['id']} ({finding['impact']}): {finding['help']}: {node['target']}"
        for finding in found
        if finding["impact"] in GRAVE
        for node in finding["nodes"]
    ]
