"""`corridor serve`: the page of a case or a run, on this machine."""

from __future__ import annotations

import ipaddress
import os
import sys
import threading
import webbrowser
from pathlib import Path
from typing import Annotated

import typer

import corridor as co
from corridor.cli.answer import say


def serve(
    folder: Annotated[
        Path, typer.Argument(help="A case folder, or the folder of a finished run.", metavar="DIR|RUN")
    ] = Path(),
    edit: Annotated[bool, typer.Option("--edit", help="Let the page save variants and rows into the case.")] = False,
    port: Annotated[int, typer.Option(help="Port to listen on; any free one if 0.", min=0, max=65535)] = 0,
    host: Annotated[
        str, typer.Option(help="Address to listen on. Anything but 127.0.0.1 lets other machines ask for the page.")
    ] = "127.0.0.1",
    language: Annotated[str, typer.Option(help="Language of the page: en, fr, ar, uk.")] = "en",
    parameters: Annotated[str | None, typer.Option(metavar="SET", help="Parameter set of a case.")] = None,
    outline: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Lines drawn below the map: a GeoJSON file.")
    ] = None,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Print the address and open no browser.")] = False,
) -> None:
    """Open the page of a case or a run in the browser: look, try changes, compare. Ctrl-C stops it."""
    if not is_own(host):
        say(
            f"warning: other machines can reach {host}; whoever has the address with its token can read this case"
            f"{' and write into it' if edit else ''}, and nothing between them and this machine is encrypted"
        )

    def show(address: str) -> None:
        say(f"open {address} (Ctrl-C stops)")
        if not no_browser:
            threading.Thread(target=open_browser, args=(address,), daemon=True).start()

    co.serve(folder, edit, port, host, language, parameters, outline, show)


def is_own(host: str) -> bool:
    """Tell whether an address reaches this machine alone."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def open_browser(address: str) -> None:
    """Open the address in the user's browser; where there is none, say so. None that would take over the terminal."""
    windows = sys.platform != "linux" or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"))
    try:
        opened = windows and webbrowser.open(address)
    except (webbrowser.Error, OSError):
        opened = False
    if not opened:
        say("no browser could be opened: open the address yourself")
