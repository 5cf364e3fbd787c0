"""The finished runs of a case in a folder, as they say of themselves: to be chosen from by name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

MOST_RUNS, MOST_BYTES = 50, 1_000_000  # runs that are listed, and the bytes of a manifest that is read for that


def list_runs(beside: Path | None, scenario: str) -> dict[str, dict[str, Any]]:
    """Return by folder name the finished runs of a case in a folder, the newest first; links are not followed."""
    if beside is None or not beside.is_dir():
        return {}
    found = {}
    for folder in beside.iterdir():
        manifest = folder / "manifest.json"
        if folder.is_symlink() or manifest.is_symlink() or not manifest.is_file():
            continue
        about = _read_manifest(manifest)
        if about.get("scenario") == scenario and about.get("state") == "complete" and about.get("keep") == "replicates":
            found[folder.name] = about | {"changed": manifest.stat().st_mtime}
    newest = sorted(found.items(), key=lambda item: -item[1]["changed"])[:MOST_RUNS]
    names = ("variant", "parameters", "replicates", "seed", "parameters_title")
    return {name: {key: about.get(key, "") for key in names} for name, about in newest}


def _read_manifest(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > MOST_BYTES:
            return {}
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) and "engine" not in document else {}
