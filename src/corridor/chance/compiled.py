"""How the inner loops are compiled.

Numba counts references to arrays whenever one is named, with atomic operations that cost more than the work in loops
this small: without them moving vehicles is three times faster. These functions make no arrays (what they need is
handed in), so the counting is left out: `_nrt=False`, as in numba's own sorting. Tests for division by zero are left
out too. `forceinline` puts a function into its caller, where its arguments cost nothing.
"""

from __future__ import annotations

from typing import Any

OUTER: dict[str, Any] = {"cache": True, "_nrt": False, "error_model": "numpy"}
INNER: dict[str, Any] = {**OUTER, "forceinline": True}
