"""Files and folders written whole or not at all: by this module, and by nothing else in the house.

What is written stands under a hidden name beside its place until it is on the disk; then it is renamed. Whoever is
killed on the way, or finds the disk full, leaves what was there before; what a dead process left behind under a
hidden name is removed by the next one that writes there. To a store such as s3:// nothing is renamed: files are sent
when they are whole, each appearing at once or not at all, the last one last; nobody is locked out there.
"""

from __future__ import annotations

import glob
import hashlib
import itertools
import os
import platform
import re
import shutil
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from corridor.scenario.faults import UsageError
from corridor.scenario.folder import SETTINGS
from corridor.scenario.remote import is_remote, list_files, name_within, send

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

PATIENCE = 30.0  # seconds to wait for another who writes
_MACHINE = hashlib.sha256(platform.node().encode()).hexdigest()[:8]  # numbers of processes are those of one machine
_UNFINISHED = re.compile(rf"\..*\.{_MACHINE}-(\d+)-\d+\.part")
_counter = itertools.count()


def write_file(path: Path, content: str | bytes, replace: bool = True) -> None:
    """Write a file whole or not at all; see `write_files`."""
    write_files({path: content}, replace)


def write_files(contents: Mapping[Path, str | bytes], replace: bool = True) -> None:
    """Write files, texts as UTF-8: none of them appears, in this order, before all are on the disk.

    Raises UsageError when one cannot be written, or is there already and was not asked to be replaced.
    """
    for path in contents:
        if not is_remote(path):
            remove_unfinished(_list_hidden(Path(os.path.realpath(path))))
    with writing(*contents, replace=replace) as temporaries:
        for temporary, content in zip(temporaries, contents.values(), strict=True):
            temporary.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)


@contextmanager
def writing(*paths: Path, replace: bool = True) -> Iterator[list[Path]]:
    """Give a temporary file to fill for each path; they take their places, in order, when the block ends well.

    A file that is there keeps its mode and owner; a link is followed. Raises UsageError as `write_files` does.
    """
    if any(map(is_remote, paths)):
        with _sending(*paths, replace=replace) as temporaries:
            yield temporaries
        return
    with _telling(*paths):
        targets = [Path(os.path.realpath(path)) for path in paths]
        for path in paths:
            require_free(path, replace)
        temporaries = [_name_temporary(target) for target in targets]
        try:
            for target in targets:
                target.parent.mkdir(parents=True, exist_ok=True)
            yield temporaries
            for temporary, target in zip(temporaries, targets, strict=True):
                if target.exists():
                    _keep_mode(temporary, target)
                _flush(temporary)
            for temporary, target in zip(temporaries, targets, strict=True):
                temporary.replace(target)
        finally:
            for temporary in temporaries:
                temporary.unlink(missing_ok=True)


@contextmanager
def _sending(*paths: Path, replace: bool) -> Iterator[list[Path]]:
    """Give files of this machine to fill, which are sent to their places in order."""
    with _telling(*paths), tempfile.TemporaryDirectory(prefix="corridor-") as scratch:
        for path in paths:
            require_free(path, replace)
        temporaries = [Path(scratch, f"{number}-{path.name}") for number, path in enumerate(paths)]
        yield temporaries
        for temporary, path in zip(temporaries, paths, strict=True):
            send(temporary, path)


@contextmanager
def building(folder: Path, last: str = SETTINGS) -> Iterator[Path]:
    """Give a temporary folder to fill, which stands at `folder` once it is whole.

    A new folder is filled beside its place and renamed. One that is there (it may be a disk of its own, or where one
    works) is filled within and the files are moved up, `last` at the end; if that is cut short it holds nothing but
    what is to be written, and is taken up. Raises UsageError when anything else is in it, or it cannot be written.
    """
    if is_remote(folder):
        with _telling(folder), tempfile.TemporaryDirectory(prefix="corridor-") as scratch:
            yield Path(scratch)
            _send_all(Path(scratch), folder, last)
        return
    with _telling(folder):
        place = Path(os.path.realpath(folder))
        there = os.path.lexists(place)
        if there and (not place.is_dir() or (place / last).exists()):
            raise _in_use(folder)
        if there:
            remove_unfinished(place.glob(".*.part"))
        else:
            place.parent.mkdir(parents=True, exist_ok=True)
            remove_unfinished(_list_hidden(place))
        temporary = place / _name_temporary(place).name if there else _name_temporary(place)
        try:
            temporary.mkdir()
            yield temporary
            for path in temporary.rglob("*"):
                if path.is_file():
                    _flush(path)
            if there:
                _move_up(temporary, folder, place, last)
            else:
                _rename(temporary, folder, place)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)


@contextmanager
def working_beside(place: Path) -> Iterator[Path]:
    """Give a temporary folder beside a place, so that other machines reach it too; it is removed with the block.

    Raises UsageError when it cannot be written.
    """
    with _telling(place):
        place = Path(os.path.realpath(place))
        place.parent.mkdir(parents=True, exist_ok=True)
        remove_unfinished(_list_hidden(place))
        temporary = _name_temporary(place)
        try:
            temporary.mkdir(mode=0o700)
            yield temporary
        finally:
            shutil.rmtree(temporary, ignore_errors=True)


@contextmanager
def scratch() -> Iterator[Path]:
    """Give a temporary folder in which to try what is not to stand anywhere yet.

    Raises UsageError where it cannot be made or written, as on a full disk: then nothing has been changed.
    """
    with _telling(Path(tempfile.gettempdir())), tempfile.TemporaryDirectory(prefix="corridor-") as name:
        yield Path(name)


def _send_all(fresh: Path, folder: Path, last: str) -> None:
    """Send a folder to another store. Raises UsageError when anything else is there."""
    for path in list_files(folder):
        copy = fresh / name_within(path, folder)
        if path.name == last or not copy.is_file() or copy.read_bytes() != path.read_bytes():
            raise _in_use(folder)
    for path in sorted(list_files(fresh), key=lambda path: (path == fresh / last, path.name == SETTINGS, path)):
        send(path, folder / name_within(path, fresh))


def _rename(temporary: Path, folder: Path, place: Path) -> None:
    try:
        temporary.rename(place)
    except OSError:
        if os.path.lexists(place):  # another process was faster
            raise _in_use(folder) from None
        raise


def _move_up(temporary: Path, folder: Path, place: Path, last: str) -> None:
    for path in place.rglob("*"):
        if path.is_relative_to(temporary) or path.is_dir():
            continue
        fresh = temporary / path.relative_to(place)
        if not fresh.is_file() or fresh.read_bytes() != path.read_bytes():
            raise _in_use(folder)
    paths = [path.relative_to(temporary) for path in temporary.rglob("*")]
    for name in sorted(paths, key=lambda name: (str(name) == last, name.name == SETTINGS, name)):
        if (temporary / name).is_dir():
            (place / name).mkdir(parents=True, exist_ok=True)
        else:
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            (temporary / name).replace(place / name)


@contextmanager
def locked(path: Path, patience: float = PATIENCE) -> Iterator[None]:
    """Keep other processes that write to this file out, by the lock .NAME.lock beside it, which stays.

    Raises UsageError when another has not done in `patience` seconds, or the lock cannot be made: in a store such as
    s3:// there are none.
    """
    if is_remote(path):
        message = f"{path} cannot be locked for others in such a store: write it on this machine"
        raise UsageError(message)
    with _telling(path):
        target = Path(os.path.realpath(path))
        target.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(target.with_name(f".{target.name}.lock"), timeout=patience, mode=0o666)
        try:
            lock.acquire(poll_interval=0.01)
        except Timeout:
            message = f"cannot write {path}: somebody else is writing to it; nothing was changed"
            raise UsageError(message) from None
    try:
        yield
    finally:
        lock.release()


def remove_unfinished(paths: Iterable[Path]) -> None:
    """Remove what processes that are dead by now left behind under hidden names."""
    for path in list(paths):
        found = _UNFINISHED.fullmatch(path.name)
        if found is None or _is_alive(int(found[1])):
            continue
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


@contextmanager
def _telling(*paths: Path) -> Iterator[None]:
    """Turn what the system refuses into words: what could not be written, why, and that nothing was changed."""
    try:
        yield
    except (OSError, UnicodeEncodeError) as error:
        named = f"{paths[0]}" + (f" and {len(paths) - 1} more" if len(paths) > 1 else "")
        reason = getattr(error, "strerror", None) or error
        message = f"cannot write {named}: {reason}; nothing was changed"
        raise UsageError(message) from error


def _in_use(folder: Path) -> UsageError:
    return UsageError(f"{folder} is in use; name a new or empty folder")


def require_free(path: Path, replace: bool) -> None:
    """Raise UsageError when a file cannot be written because of what is there, or should not be unless asked for."""
    if not path.exists():
        return
    if not path.is_file():
        message = f"{path} is no ordinary file; name another"
    elif not replace:
        message = f"{path} exists; ask for --replace (from Python: replace=True) to write over it"
    elif not is_remote(path) and not os.access(path, os.W_OK):
        message = f"{path} may only be read; nothing was changed"
    else:
        return
    raise UsageError(message)


def _name_temporary(path: Path) -> Path:
    return path.with_name(f"{_begin_hidden(path)}.{_MACHINE}-{os.getpid()}-{next(_counter)}.part")


def _list_hidden(path: Path) -> Iterator[Path]:
    return path.parent.glob(f"{glob.escape(_begin_hidden(path))}.*.part")


def _begin_hidden(path: Path) -> str:
    return f".{path.name[:40]}"  # a name must not grow beyond what the system allows


def _keep_mode(temporary: Path, target: Path) -> None:
    kept = target.stat()
    with suppress(PermissionError):  # only some may give files away
        os.chown(temporary, kept.st_uid, kept.st_gid)
    temporary.chmod(kept.st_mode)


def _flush(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
