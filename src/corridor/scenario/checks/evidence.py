"""Claims make sense, and what a parameter set was fitted on exists."""

from __future__ import annotations

from corridor.scenario.assumptions import numbers_without_claim
from corridor.scenario.draft import Draft, show
from corridor.scenario.draws import OldDrawsError, parse_draws
from corridor.scenario.files import read_text
from corridor.scenario.folder import is_inside
from corridor.scenario.schema import load_fields
from corridor.scenario.values import Quantity, write_number


def check_claim_ranges(draft: Draft) -> None:
    """The low end of a claimed range does not exceed its high end."""
    for row in draft.tables.get("claims", []):
        low, high = row["low"], row["high"]
        if isinstance(low, float) and isinstance(high, float) and low > high:
            draft.note("range_reversed.claim", row.where("low"), low=write_number(low), high=write_number(high))


def find_unsupported_numbers(draft: Draft) -> None:
    """Numbers that rest on no claim; asked for by --strict, so not among the checks of every reading."""
    for row, column in numbers_without_claim(draft.tables):
        value = row[column]
        number = value.write() if isinstance(value, Quantity) else write_number(value)
        draft.note("unsupported_number", row.where(column), number=number)


def check_fitted_files(draft: Draft) -> None:
    """A set may name a file of fitted draws, which lies in the folder, and the series it was fitted on."""
    for name, values in draft.sets.items():
        file = values.get("draws")
        if isinstance(file, str) and file:
            _check_draws(draft, name, file)
        known = load_fields()["observations"]["series"].choices
        series = values.get("fitted_series")
        for word in series.split() if isinstance(series, str) else ():
            if word not in known:
                where = ("scenario.toml", 0, f"sets.{name}.fitted_series")
                facts = {"allowed": " or ".join(known), "hint": draft.suggest(word, known)}
                draft.note("not_a_choice.series", where, text=show(word), **facts)


def _check_draws(draft: Draft, name: str, file: str) -> None:
    if not is_inside(draft.folder, file):
        draft.note("missing_file.draws", ("scenario.toml", 0, f"sets.{name}.draws"), file=show(file))
        return
    text = read_text(draft.folder / file, draft.faults, file)
    if text is None:
        return
    try:
        draws = parse_draws(text)
    except OldDrawsError:
        draft.note("bad_draws.old", (file, 0, ""))
    except ValueError as error:
        draft.note("bad_draws", (file, 0, ""), reason=error)
    else:
        state = draft.states.get(name)
        if state is not None and not draws.fits(state):
            draft.note("stale_draws", (file, 0, ""), made_for=draws.made_for[:16], state=state[:16])
