"""Shows the notebooks on the site as pages of its own kind: a hook of mkdocs that asks nothing of any network."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs.structure.files import File
from nbconvert import MarkdownExporter

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add a page for each notebook; the notebook itself stays beside it, to be taken away."""
    for path in sorted((Path(config.docs_dir) / "notebooks").glob("*.ipynb")):
        text, _ = MarkdownExporter().from_filename(str(path))
        take = (
            f"\n\n[This page as a notebook]({path.name}), without results: `jupyter lab docs/notebooks/{path.name}`\n"
        )
        files.append(File.generated(config, f"notebooks/{path.stem}.md", content=text + take))
    return files


def on_page_markdown(markdown: str, **_: object) -> str:
    """Lead from other pages to a notebook's page: in the repository the same link opens the notebook."""
    return re.sub(r"\]\((notebooks/[\w-]+)\.ipynb\)", r"](\1.md)", markdown)
