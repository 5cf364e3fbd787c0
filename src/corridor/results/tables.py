"""Parquet files from and to columns of numbers, by DuckDB in memory."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

import duckdb
import numpy as np

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
    connection.execute("SET preserve_insertion_order = true")
    return connection


@cache
def _reader() -> duckdb.DuckDBPyConnection:
    """Return the connection that this process reads with: opening one takes longer than most reads."""
    return connect()


def write_parquet(path: Path, columns: Mapping[str, np.ndarray]) -> None:
    """Write columns of equal length to a Parquet file, whole or not at all."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    path.parent.mkdir(parents=True, exist_ok=True)
    with connect() as connection:
        connection.register("incoming", dict(columns))
        try:
            connection.execute(f"COPY (SELECT * FROM incoming) TO {_literal(temporary)} ({WRITTEN})")
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)


def write_pieces(path: Path, pieces: Iterable[Mapping[str, np.ndarray]]) -> None:
    """Write columns that come in pieces, one after the other, to a Parquet file, whole or not at all.

    No more than a piece, or as many rows of the file, is held in memory.
    """
    rows = 0
    written: list[Path] = []
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        for columns in pieces:
            written.append(path.with_name(f".{path.name}.{os.getpid()}.{len(written)}.part"))
            write_parquet(written[-1], columns)
            rows = max(rows, len(next(iter(columns.values()))))
        if len(written) == 1:
            written[0].replace(path)
            return
        form = f"{WRITTEN}, ROW_GROUP_SIZE {min(rows, ROW_GROUP)}"
        files = "[" + ", ".join(_literal(piece) for piece in written) + "]"
        with connect() as connection:
            connection.execute(f"COPY (SELECT * FROM read_parquet({files})) TO {_literal(temporary)} ({form})")
        temporary.replace(path)
    finally:
        for piece in (*written, temporary):
            piece.unlink(missing_ok=True)


def read_parquet(
    paths: Sequence[Path], columns: Sequence[str] | None = None, where: tuple[str, str] | None = None
) -> dict[str, np.ndarray]:
    """Return columns of one or several Parquet files, rows in the order of the files; only those `where` a column
    has some value.
    """
    chosen = "*" if columns is None else ", ".join(_quote(name) for name in columns)
    files = "[" + ", ".join(_literal(path) for path in paths) + "]"
    rows = f" WHERE {_quote(where[0])} = ?" if where else ""
    found = _reader().execute(f"SELECT {chosen} FROM read_parquet({files}){rows}", where and where[1:]).fetchnumpy()
    return {name: np.asarray(values) for name, values in found.items()}


def column_names(path: Path) -> list[str]:
    """Return the names of the columns of a Parquet file."""
    rows = _reader().execute(f"DESCRIBE SELECT * FROM read_parquet({_literal(path)})").fetchall()
    return [str(row[0]) for row in rows]
