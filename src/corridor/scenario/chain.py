"""A chain of sealed records: lines that can be added and checked later, and not changed unseen.

Each line is one JSON record that carries the SHA-256 of the record before it and of itself. Changing,
removing or reordering lines breaks the chain; cutting lines off the end does not, so publish the last hash
where others keep it. Forecasts of negotiations and of counts are sealed in such chains, and may share one.
"""

from __future__ import annotations

import hashlib
import json
import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NoReturn

from corridor.scenario.faults import FaultsError, UsageError, fault
from corridor.scenario.version import __version__
from corridor.scenario.writing import locked, write_file

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

START = "0" * 64  # the hash before the first record
_EVIDENCE = 4  # exit code: an evidence check failed
_PATIENCE = 10.0  # seconds to wait for another who seals
Record = dict[str, object]


def append_record(ledger: Path, content: Mapping[str, object], sealed_at: datetime) -> Record:
    """Append a record to a ledger (made if absent) with the hour and the version; return it with its hash.

    Others who seal are waited for; the beginning of a record that was not written to its end goes. Raises FaultsError
    when the ledger's chain is broken, UsageError when it cannot be written, ValueError when `sealed_at` has no time
    zone or the content is no JSON.
    """
    if sealed_at.tzinfo is None:
        message = "sealed_at needs a time zone"
        raise ValueError(message)
    with locked(ledger, _PATIENCE):  # two at once must not share a predecessor
        before = _end_last_line(_read(ledger)) if os.path.lexists(ledger) else b""
        records = _check_lines(before, ledger)
        record: Record = {
            "sealed_at": sealed_at.astimezone(UTC).isoformat(timespec="seconds"),
            "corridor": __version__,
            **content,
            "previous_sha256": records[-1]["sha256"] if records else START,
        }
        record["sha256"] = _hash(record)
        write_file(ledger, before + _canonical(record) + b"\n")
    return record


def _end_last_line(content: bytes) -> bytes:
    """Return a ledger's lines with the last one ended, or left out where it is the beginning of a record only."""
    whole, _, rest = content.rpartition(b"\n")
    if not rest.startswith(b"{"):  # nothing, or no record at all: told when the lines are checked
        return content
    try:
        json.loads(rest)
    except (ValueError, RecursionError):
        return whole + b"\n" if whole else b""
    return content + b"\n"


def read_records(ledger: Path) -> list[Record]:
    """Return the records of a ledger, oldest first.

    Raises FaultsError (exit code 4) with the first broken link of the chain, UsageError when there is no
    ledger.
    """
    return _check_lines(_read(ledger), ledger)


def _read(ledger: Path) -> bytes:
    try:
        return ledger.read_bytes()
    except OSError as error:
        message = f"cannot read the ledger {ledger}: {error.strerror}"
        raise UsageError(message) from error


def _check_lines(content: bytes, ledger: Path) -> list[Record]:
    records: list[Record] = []
    previous: object = START
    for number, line in enumerate(content.splitlines(keepends=True), start=1):
        if not line.endswith(b"\n"):
            _report_broken("ledger_unfinished", ledger, number)
        try:
            record = json.loads(line, parse_constant=_refuse)
        except (ValueError, RecursionError):
            record = None
        if not isinstance(record, dict) or line != _canonical(record) + b"\n" or record.get("sha256") != _hash(record):
            _report_broken("ledger_changed", ledger, number)
        if record.get("previous_sha256") != previous:
            _report_broken("ledger_order", ledger, number)
        previous = record["sha256"]
        records.append(record)
    return records


def _refuse(constant: str) -> float:
    raise ValueError(constant)


def _report_broken(kind: str, ledger: Path, row: int) -> NoReturn:
    raise FaultsError([fault(kind, (ledger.name, row, ""))], exit_code=_EVIDENCE)


def _canonical(record: Mapping[str, object]) -> bytes:
    return json.dumps(record, sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def _hash(record: Mapping[str, object]) -> str:
    return hashlib.sha256(_canonical({k: v for k, v in record.items() if k != "sha256"})).hexdigest()
