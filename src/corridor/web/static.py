"""`corridor report --static`: the page as one file, for those who only receive it; it asks nobody for anything."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corridor.web.bundle import bundle
from corridor.web.files import list_files

if TYPE_CHECKING:
    from corridor import Run

LARGEST = 2_000_000  # bytes of the file: what goes through a mail
SCREENS = {"now.js": "now.js", "what_if.js": "kept_what_if.js", "compare.js": "compare.js"}
REPLACED = {"source.js": "kept.js"}
STYLES = ("page.css", "map.css", "now.css", "what_if.css", "compare.css")
POLICY = (
    "default-src 'none'; script-src 'sha256-{script}'; style-src 'sha256-{style}'; img-src data:; "
    "base-uri 'none'; form-action 'none'"
)


def write_static(
    run: Run | Path | str,
    out: Path | str | None = None,
    language: str = "en",
    quick: bool = False,
    progress: Callable[[int, int], None] | None = None,
    replace: bool = False,
) -> dict[str, Any]:
    """Write the page of a run as one file (static.html in its folder, or `out`), and return what is in it.

    It holds the screens Now, What if and Compare with some twenty what-ifs made beforehand: the case's own variants,
    then both ends of the levers with most effect, which is measured first unless `quick`; fewer where the file would
    become larger than 2 MB. `progress` hears how much of about how much is done.

    Raises UsageError for a run that kept its summary only, for a language that there is not, and when the file exists
    and was not asked to be replaced (`replace`), or cannot be written.
    """
    from corridor.front.page.kept import choose_page, describe_kept, drop_last, take_run, write_page

    opened = take_run(run)
    path = choose_page(opened, out, replace)
    kept = describe_kept(opened, language, quick, progress)
    text = write_html(kept)
    while len(text.encode("utf-8")) > LARGEST and drop_last(kept):
        text = write_html(kept)
    write_page(path, text)
    told = kept["facts"]["kept"]
    return {
        "report": str(path),
        "run": told["run"],
        "replicates": told["replicates"],
        "bytes": len(text.encode("utf-8")),
        "moments": len(kept["times"]),
        "what_ifs": [option["name"] for option in kept["options"][1:]],
    }


def write_html(kept: dict[str, Any]) -> str:
    """Return the page of one file with what it keeps. Raises ValueError for a module that cannot be taken in."""
    files = {name: content.decode("utf-8") for name, content in list_files().items()}
    scripts = {name: text for name, text in files.items() if name.endswith(".js")}
    script = "\n" + bundle(scripts, "main.js", SCREENS, REPLACED)
    style = "\n" + "\n".join(files[name] for name in STYLES)
    policy = POLICY.format(script=_hash(script), style=_hash(style))
    data = json.dumps(kept, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    packed = base64.b64encode(zlib.compress(data.encode("utf-8"), 9)).decode("ascii")
    page = re.sub(r'<link rel="stylesheet"[^>]*>\n|<script type="module"[^>]*></script>\n', "", files["index.html"])
    head = (
        f'<meta http-equiv="content-security-policy" content="{policy}">\n'
        f"<title>{html.escape(kept['facts']['title'])}</title>\n<style>{style}</style>\n</head>"
    )
    body = (
        f'<script type="application/json" id="kept">{packed}</script>\n<script type="module">{script}</script>\n</body>'
    )
    page = re.sub(r"<title>[^<]*</title>\n", "", page)
    return page.replace("</head>", head).replace("</body>", body)


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
