"""Measures and clears the folder that a learner's code wrote to, whatever it made of it.

Folders may lie thousands deep, deny themselves to their owner, and bear any names: so nothing here
calls itself, no path grows long, and no link is followed.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from collections.abc import Callable, Iterator
from typing import Any

ENTRIES = 20_000  # more files and folders than these are too many to count
DEEP = 50  # and so are folders within folders
TOO_MUCH = 1 << 40  # bytes: more than any limit
EACH = 1024  # bytes that an entry takes beside what is in it
FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0)


def size(folder: str) -> int:
    """How many bytes lie below a folder; TOO_MUCH where nobody can count them."""
    total = count = 0
    waiting = [(folder, 0)]
    while waiting:
        place, depth = waiting.pop()
        try:
            entries = list(os.scandir(place))
        except FileNotFoundError:
            continue
        except OSError:  # it hides what is in it
            return TOO_MUCH
        count += len(entries)
        if count > ENTRIES or depth > DEEP:
            return TOO_MUCH
        for entry in entries:
            with contextlib.suppress(OSError):
                found = entry.stat(follow_symlinks=False)
                if stat.S_ISDIR(found.st_mode):
                    waiting.append((entry.path, depth + 1))
                total += EACH + found.st_blocks * 512
    return total


def clear(folder: str) -> None:
    """Removes everything below a folder; what will not go stays.

    What lies in a folder's folder is moved up beside it first, so that nothing lies deep.
    """
    with _opened(folder, None) as top:
        if top is None:
            return
        stays: set[str] = set()
        while waiting := [name for name in os.listdir(top) if name not in stays]:
            for name in waiting:
                with _opened(name, top) as inner:
                    for below in os.listdir(inner) if inner is not None else ():
                        _lift(below, inner, top)
                if not (_tried(os.unlink, name, top) or _tried(os.rmdir, name, top)):
                    stays.add(name)


def _lift(name: str, source: int | None, target: int) -> None:
    """Removes a file; moves a folder up, under a name that nobody could foresee."""
    if not _tried(os.unlink, name, source):
        with contextlib.suppress(OSError):
            _unlock(name, source)
            os.rename(name, secrets.token_hex(16), src_dir_fd=source, dst_dir_fd=target)


@contextlib.contextmanager
def _opened(name: str, within: int | None) -> Iterator[int | None]:
    """The folder of this name, open; None where it is none. Its owner may look into it."""
    number = None
    with contextlib.suppress(OSError):
        _unlock(name, within)
        number = os.open(name, FOLDER, dir_fd=within)
    try:
        yield number
    finally:
        if number is not None:
            os.close(number)


def _unlock(name: str, within: int | None) -> None:
    """Lets the owner of a folder look into it and write."""
    found = os.stat(name, dir_fd=within, follow_symlinks=False)
    if stat.S_ISDIR(found.st_mode) and found.st_mode & stat.S_IRWXU != stat.S_IRWXU:
        os.chmod(name, stat.S_IRWXU, dir_fd=within)


def _tried(action: Callable[..., Any], name: str, within: int | None) -> bool:
    try:
        action(name, dir_fd=within)
        return True
    except OSError:
        return False
