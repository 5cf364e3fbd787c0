"""Property tests here are not timed (a busy machine is no fault of the code); benchmarks can be imported."""

import sys
from pathlib import Path

from hypothesis import settings

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
