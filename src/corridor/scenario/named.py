"""What a user names as module:name: rules and behaviours of his own, found in the working folder too."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

from corridor.scenario.faults import UsageError


def import_named(name: str, example: str) -> tuple[Any, str]:
    """Return what "module:name" names, None where the module has no such thing, and the name within the module.

    Raises UsageError for a text of another form, shown an `example`, and for a module that cannot be used.
    """
    module, _, attribute = name.partition(":")
    if not module or not attribute:
        message = f'"{name}" names nothing: write module:name, for example {example}'
        raise UsageError(message)
    if str(Path.cwd()) not in sys.path:
        sys.path.insert(0, str(Path.cwd()))
    try:
        return getattr(importlib.import_module(module), attribute, None), attribute
    except Exception as error:  # whatever the user's own module does wrong
        message = f'the module "{module}" cannot be used: {type(error).__name__}: {error}'
        raise UsageError(message) from error
