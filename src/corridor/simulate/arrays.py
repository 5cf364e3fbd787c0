"""The kinds of arrays that the simulation works on."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
Keys = NDArray[np.uint64]  # of chance
Flags = NDArray[np.bool_]
