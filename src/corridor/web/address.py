"""The names under which the page's server may be asked, and the address that is printed."""

from __future__ import annotations

import ipaddress
import socket

EVERYWHERE = ("0.0.0.0", "::")  # the address of every network of a machine
BROWSERS_LEAVE_OUT = 80  # the port that browsers do not write


def is_loopback(host: str) -> bool:
    """Tell whether an address or name reaches this machine alone."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def write_host(host: str, port: int) -> str:
    """Return an address with its port as a browser writes it in `Host`."""
    name = f"[{host}]" if ":" in host else host.lower()
    return name if port == BROWSERS_LEAVE_OUT else f"{name}:{port}"


def choose_shown(host: str) -> str:
    """Return the address to open on this machine itself: for every network, its own loopback."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)


def list_hosts(host: str, port: int) -> frozenset[str]:
    """Return what `Host` may say: the address listened on; of loopback its name too, of every network this machine's.

    A name of someone else that leads here is none of them: a page of theirs could otherwise ask in its own name.
    """
    names = {host}
    if is_loopback(host) or host in EVERYWHERE:
        names |= {"localhost", choose_shown(host)}
    if host in EVERYWHERE:
        names |= {socket.gethostname(), socket.getfqdn()}
    return frozenset(write_host(name, port) for name in names - {*EVERYWHERE, ""})
