"""Parquet files from and to columns of numbers, by DuckDB in memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, cast

import duckdb
import numpy as np

from corridor.scenario.faults import InterruptedRunError, UsageError
from corridor.scenario.remote import is_remote
from corridor.scenario.writing import writing

ROW_GROUP = 122_880  # rows that are compressed together, at most: DuckDB's own number
WRITTEN = "FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, PARQUET_VERSION v2"  # small, and soon written


def _quote(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def connect() -> duckdb.DuckDBPyConnection:
    """Return a connection to a database in memory, one thread, so that files come out the same every time."""
    connection = duckdb.connect(":memory:")
    connection.execute("SET threads = 1")
    connection.execute("SET enable_progress_bar = false")  # it would stand in the midst of an answer on stdout
    connection.execute("SET preserve_insertion_order = true")
    return connection


@cache
def _reader() -> duckdb.DuckDBPyConnection:
    """Return the connection that this process reads with: opening one takes longer than most reads.

    What a file says of its hundreds of columns is kept for as long as the file is not written anew.
    """
    connection = connect()
    connection.execute("SET parquet_metadata_cache = true")
    return connection


def _reader_of(path: Path) -> duckdb.DuckDBPyConnection:
    """Return a connection to read a file with: of another store a new one, which remembers no file of yesterday."""
    if not is_remote(path):
        return _reader()
    connection, place = connect(), cast(Any, path)
    connection.register_filesystem(place.fs)
    return connection


def write_parquet(path: Path, columns: Mapping[str, np.ndarray]) -> None:
    """Write columns of equal length to a Parquet file of a run; see `write_pieces`."""
    write_pieces(path, [columns])


def write_pieces(path: Path, pieces: Iterable[Mapping[str, np.ndarray]]) -> None:
    """Write columns that come in pieces, one after the other, to a Parquet file of a run, whole or not at all.

    No more than a piece, or as many rows of the file, is held in memory. Raises InterruptedRunError when the disk is
    full or the folder cannot be written.
    """
    written: list[Path] = []
    try:
        with connect() as connection, writing(path) as (temporary,):
            rows = 0
            for columns in pieces:
                written.append(temporary.with_name(f".{len(written)}{temporary.name}"))
                connection.register("incoming", dict(columns))
                connection.execute(f"COPY (SELECT * FROM incoming) TO {_literal(written[-1])} ({WRITTEN})")
                rows = max(rows, len(next(iter(columns.values()))))
            if len(written) == 1:
                written[0].replace(temporary)
                return
            form = f"{WRITTEN}, ROW_GROUP_SIZE {min(rows, ROW_GROUP)}"
            files = "[" + ", ".join(_literal(piece) for piece in written) + "]"
            connection.execute(f"COPY (SELECT * FROM read_parquet({files})) TO {_literal(temporary)} ({form})")
    except (UsageError, duckdb.Error) as error:
        raise say_stopped(error) from error
    finally:
        for piece in written:
            piece.unlink(missing_ok=True)


def say_stopped(error: Exception) -> InterruptedRunError:
    """Return the error that says in words what stopped a run, and that it can be taken up."""
    reason = str(error).strip().splitlines()[0]
    message = f"{reason}. What was finished is kept; make room and run the same command again"
    return InterruptedRunError(message)


def read_parquet(
    paths: Sequence[Path], columns: Sequence[str] | None = None, where: tuple[str, str] | None = None
) -> dict[str, np.ndarray]:
    """Return columns of one or several Parquet files, rows in the order of the files; only those `where` a column
    has some value.
    """
    chosen = "*" if columns is None else ", ".join(_quote(name) for name in columns)
    files = "[" + ", ".join(_literal(path) for path in paths) + "]"
    rows = f" WHERE {_quote(where[0])} = ?" if where else ""
    found = (
        _reader_of(paths[0])
        .execute(f"SELECT {chosen} FROM read_parquet({files}){rows}", where and where[1:])
        .fetchnumpy()
    )
    return {name: np.asarray(values) for name, values in found.items()}


def column_names(path: Path) -> list[str]:
    """Return the names of the columns of a Parquet file."""
    rows = _reader_of(path).execute(f"DESCRIBE SELECT * FROM read_parquet({_literal(path)})").fetchall()
    return [str(row[0]) for row in rows]
