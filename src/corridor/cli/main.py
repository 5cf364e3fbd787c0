"""The `corridor` command: thin commands over the Python calls.

A command's module imports nothing heavy at its top; numerical libraries are loaded inside the function, so
that `corridor --help` answers at once. Data goes to stdout, everything else to stderr.
"""

from __future__ import annotations

import errno
import sys
import traceback
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from typing import NoReturn

import typer

import corridor as co
from corridor.cli.answer import EXIT_OUR_FAULT, EXIT_RESUMABLE, EXIT_USAGE, Harmless, on_one_line, print_faults, say
from corridor.cli.build import build
from corridor.cli.check import check
from corridor.cli.compare import compare
from corridor.cli.counts import counts
from corridor.cli.deal import deal
from corridor.cli.evidence import evidence
from corridor.cli.export import export
from corridor.cli.flee import app as flee
from corridor.cli.forecast import forecast
from corridor.cli.init import init
from corridor.cli.night import night
from corridor.cli.plan import plan
from corridor.cli.report import report
from corridor.cli.run import run
from corridor.cli.score import score
from corridor.cli.serve import serve
from corridor.cli.sheet import sheet
from corridor.cli.sweep import sweep
from corridor.cli.upgrade import upgrade

# What a system answers to names and folders of a user's: too long, not to be read, a link to itself, no folder.
_REFUSALS = {errno.ENAMETOOLONG, errno.EACCES, errno.EPERM, errno.ELOOP, errno.ENOTDIR, errno.EISDIR, errno.EIO}
_REFUSALS |= {errno.ENOSPC, errno.EROFS, errno.EDQUOT, errno.EFBIG}
app = typer.Typer(
    name="corridor",
    help="An executable model of a crisis in which people are cut off.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # plain help: the library that draws boxes takes longer to load than all the rest
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"corridor {co.__version__}")
        raise typer.Exit


@app.callback()
def _corridor(
    version: bool = typer.Option(
        False, "--version", callback=_print_version, is_eager=True, help="Print the version and stop."
    ),
) -> None:
    """An executable model of a crisis in which people are cut off."""


for _command in (
    init,
    build,
    check,
    run,
    report,
    compare,
    score,
    plan,
    deal,
    forecast,
    export,
    sheet,
    sweep,
    night,
    serve,
    upgrade,
):
    app.command(_command.__name__)(_command)
app.add_typer(evidence, name="evidence")
app.add_typer(counts, name="counts")
app.add_typer(flee, name="flee")


def main() -> None:
    """Run the command line.

    Exit codes: 0 done, 1 our fault, 2 usage, 3 invalid, 4 evidence, 5 resumable, 130 Ctrl-C.
    """
    with redirect_stdout(Harmless(sys.stdout)), redirect_stderr(Harmless(sys.stderr)):
        _answer_for(app)


def _answer_for(command: Callable[[], object]) -> None:
    try:
        command()
    except co.FaultsError as error:
        print_faults(error.faults, as_json="--json" in sys.argv)
        sys.exit(error.exit_code)
    except co.UsageError as error:
        say(f"corridor: {on_one_line(error)}")
        sys.exit(EXIT_USAGE)
    except co.InterruptedRunError as error:
        say(f"corridor: {on_one_line(error)}")
        sys.exit(EXIT_RESUMABLE)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        sys.exit(0)
    except OSError as error:
        if error.errno not in _REFUSALS or error.filename is None:
            _end_with_our_fault()
        say(f"corridor: {on_one_line(error.filename)[:300]}: {error.strerror}")
        sys.exit(EXIT_USAGE)
    except MemoryError:
        say("corridor: not enough memory for what was asked: ask for fewer replicates, rows or workers")
        sys.exit(EXIT_USAGE)
    except Exception:
        _end_with_our_fault()


def _end_with_our_fault() -> NoReturn:
    traceback.print_exc()
    say("corridor: this is a fault in Corridor, not in your files; please report the lines above.")
    sys.exit(EXIT_OUR_FAULT)


if __name__ == "__main__":
    main()
