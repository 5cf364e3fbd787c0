"""How Flee's day is compiled: as in `chance/compiled.py`, and without wrappers.

Wrappers, with which Python could call them, take as long to compile as these functions do; only the last is called so.
"""

from __future__ import annotations

from typing import Any

from corridor.chance import compiled

OUTER: dict[str, Any] = {**compiled.OUTER, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}
INNER: dict[str, Any] = {**OUTER, "forceinline": True}
EXIT: dict[str, Any] = {**compiled.OUTER, "nogil": True}
