"""How inner loops are compiled, and how what was compiled is kept between runs.

Numba counts references to arrays whenever one is named, with atomic operations that cost more than the work in loops
this small: without them moving vehicles is three times faster. Functions that make no arrays (what they need is
handed in) leave the counting out: `_nrt=False`, as in numba's own sorting. Tests for division by zero are left out
too. Inlined functions are put into their caller, where their arguments cost nothing.

Half of the time of compiling went into wrappers that nobody calls: only functions that Python calls get one. For
a Python number written into a call (`draw(key, 0)`) numba would compile the function once more; here it does not.
Numba optimises a function together with all that it calls, and again with each of its callers: every step between
the function that Python calls and the innermost costs once more, which `merged` leaves out where there is much code.

Numba's own cache knows a function by its own file, and goes stale in silence when a function it calls is changed in
another. Here a cached function is known by the sources of its module and of all that module imports of its package.
"""

from __future__ import annotations

import ast
import atexit
import contextlib
import functools
import hashlib
import importlib.util
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from numba import njit, types
from numba.core import caching, config

INNER: dict[str, Any] = {"error_model": "numpy", "no_cpython_wrapper": True, "no_cfunc_wrapper": True}
_compile: Callable[..., Callable[..., Any]] = njit  # numba's own types do not know all of its options


def compiled(function: Callable[..., Any] | None = None, *, makes_arrays: bool = False, **options: Any) -> Any:
    """Compile a function that Python calls, and keep the result; `options` are numba's.

    Used bare, or as `compiled(makes_arrays=True)` for a function that makes arrays.
    """
    if function is None:
        return functools.partial(compiled, makes_arrays=makes_arrays, **options)
    counting = {} if makes_arrays else {"_nrt": False}
    dispatcher = _compile(error_model="numpy", no_cfunc_wrapper=True, **counting, **options)(function)
    with contextlib.suppress(RuntimeError):  # typed at a prompt: no file; or no folder can be written
        dispatcher._cache = _Cache(function)  # type: ignore[no-untyped-call]
    return _unite(dispatcher)


def inner(function: Callable[..., Any]) -> Any:
    """Compile a function that only compiled functions call (a call from Python crashes), and that makes no arrays."""
    return _unite(_compile(_nrt=False, **INNER)(function))


def inlined(function: Callable[..., Any]) -> Any:
    """Compile a small function that only compiled functions call, and that makes no arrays, into its callers."""
    return _unite(_compile(_nrt=False, forceinline=True, **INNER)(function))


def merged(function: Callable[..., Any]) -> Any:
    """Make a function that only compiled functions call, and that makes no arrays, a part of each caller's source.

    Unlike an inlined one it is not compiled by itself first, nor again with every function between it and the one
    that Python calls.
    """
    return _compile(_nrt=False, inline="always", **INNER)(function)


def _unite(dispatcher: Any) -> Any:
    """Have a Python number written into a call taken for any whole number."""
    if not config.DISABLE_JIT:  # type: ignore[attr-defined]
        find = dispatcher.get_call_template
        dispatcher.get_call_template = lambda args, kws: find(tuple(map(types.unliteral, args)), kws)
    return dispatcher


@functools.cache
def hash_sources(module: str) -> str:
    """Return the SHA-256 of the sources of a module and of all it imports, directly or not, of its package or ours."""
    packages = {module.partition(".")[0], __name__.partition(".")[0]}
    sources: dict[str, str] = {}
    todo = [module]
    while todo:
        name = todo.pop()
        if name not in sources and name.partition(".")[0] in packages and hasattr(sys.modules.get(name), "__file__"):
            sources[name], imported = _read_source(name)
            todo += imported
    return hashlib.sha256(repr(sorted(sources.items())).encode()).hexdigest()


@functools.cache
def _read_source(module: str) -> tuple[str, list[str]]:
    """Return the hash of a module's source, and the names that may be modules it imports at its top."""
    found = sys.modules[module]
    source = Path(str(found.__file__)).read_bytes()
    names: list[str] = []
    for statement in ast.parse(source).body:
        if isinstance(statement, ast.Import):
            names += [part.name for part in statement.names]
        elif isinstance(statement, ast.ImportFrom):
            package = "." * statement.level + (statement.module or "")
            base = importlib.util.resolve_name(package, found.__package__)
            names += [base, *(f"{base}.{part.name}" for part in statement.names)]
    return hashlib.sha256(source).hexdigest(), names


class _Sourced:
    """Mixed into numba's ways of finding a folder: files are named by the sources they were compiled from."""

    def __init__(self, function: Callable[..., Any], file: str) -> None:
        super().__init__(function, file)  # type: ignore[call-arg]
        self.stamp = hash_sources(function.__module__)

    def get_source_stamp(self) -> str:
        return self.stamp

    def get_disambiguator(self) -> str:
        return self.stamp[:16]


class _WhereTold(_Sourced, caching.UserProvidedCacheLocator):
    """In the folder that NUMBA_CACHE_DIR names."""


class _BesideSource(_Sourced, caching.InTreeCacheLocator):
    """In __pycache__ beside the source."""


class _InUsersCache(_Sourced, caching.UserWideCacheLocator):
    """In the user's cache folder."""


class _InTemporaryFolder(_WhereTold):
    """In a folder that goes when the process ends, where none of the others can be written."""

    @classmethod
    def from_function(cls, py_func: Callable[..., Any], py_file: str) -> Any:
        """Return the locator, None for a function without a file or where no folder at all can be written."""
        folder = _make_temporary_folder()
        if not folder:
            return None
        config.CACHE_DIR = folder  # type: ignore[attr-defined]
        return super().from_function(py_func, py_file)  # type: ignore[no-untyped-call]


@functools.cache
def _make_temporary_folder() -> str:
    """Return the folder, blank where none can be made: then nothing is kept, not even between processes of one run."""
    folder = ""
    with contextlib.suppress(OSError):
        folder = tempfile.mkdtemp(prefix="corridor-compiled-")
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        os.environ["NUMBA_CACHE_DIR"] = folder  # processes started from here share it
    print(  # noqa: T201
        "corridor: neither its own folder nor your cache folder can be written, so it compiles anew in every run "
        "(about 10 s); set NUMBA_CACHE_DIR to a folder that can",
        file=sys.stderr,
    )
    return folder


class _Files(caching.CompileResultCacheImpl):
    _locator_classes = [_WhereTold, _BesideSource, _InUsersCache, _InTemporaryFolder]  # noqa: RUF012


class _Cache(caching.FunctionCache):
    """What was compiled of a function; what was compiled from other sources goes when this is kept."""

    _impl_class = _Files

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep what was compiled for a signature."""
        super().save_overload(sig, data)  # type: ignore[no-untyped-call]
        mine = self._impl.filename_base
        name = mine.partition(f"-{self._impl.locator.stamp[:16]}")[0]
        for file in Path(self.cache_path).glob(f"{name}-*.nb[ci]"):
            if not file.name.startswith(mine):
                file.unlink(missing_ok=True)
