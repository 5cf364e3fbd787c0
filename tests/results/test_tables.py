"""Tables of a run: what reads and writes them says nothing by itself."""

from __future__ import annotations

from corridor.results.tables import connect


def test_no_bar_of_progress_stands_on_standard_output() -> None:
    """After two seconds DuckDB would draw one there, terminal or not."""
    with connect() as connection:
        assert connection.execute("SELECT current_setting('enable_progress_bar')").fetchall() == [(False,)]
