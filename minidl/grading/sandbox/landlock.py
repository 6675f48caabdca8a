"""Shuts the file system but for a list: the kernel's Landlock, by its three system calls."""

from __future__ import annotations

import ctypes
import os
import platform
import stat
import struct
from collections.abc import Iterable
from pathlib import Path

CREATE, ADD, RESTRICT = 444, 445, 446  # the same numbers on every machine
NEEDED = 3  # the version from which truncating is watched too (Linux 6.2)

READ_FILE, READ_FOLDER = 1 << 2, 1 << 3
WRITE_FILE, TRUNCATE = 1 << 1, 1 << 14
ON_FILES = 1 << 0 | WRITE_FILE | READ_FILE | TRUNCATE | 1 << 15
DEVICES_AND_SOCKETS = 1 << 6 | 1 << 9 | 1 << 10 | 1 << 11
BITS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}  # rights on files, by version
PATH_BENEATH = 1


def version() -> int:
    """The kernel's version of Landlock; 0 when it has none, or it is switched off."""
    if platform.system() != "Linux":
        return 0
    found = ctypes.CDLL(None, use_errno=True).syscall(CREATE, None, 0, 1)
    return max(found, 0)


def reason() -> str:
    """Why Landlock cannot be used here; empty when it can."""
    found = version()
    if not found:
        return "the kernel has no Landlock, or it is switched off"
    if found < NEEDED:
        return f"the kernel's Landlock is version {found}; {NEEDED} watches truncating too"
    return ""


def shut(readable: Iterable[str | Path], writable: Iterable[str | Path]) -> None:
    """From here on this process, and those it makes, opens only what lies below these paths.

    Where the kernel can, TCP, sockets without a file and signals to outside are shut as well.
    Needs no_new_privs. Paths that are not there are passed over. Raises OSError.
    """
    found = version()
    rights = (1 << BITS.get(found, 16)) - 1
    rules = _ruleset(rights, found)
    try:
        for path in readable:
            _allow(rules, path, READ_FILE | READ_FOLDER)
        for path in writable:
            _allow(rules, path, rights & ~DEVICES_AND_SOCKETS & ~1)
        _checked(_call(RESTRICT, rules, 0), "Landlock is refused")
    finally:
        os.close(rules)


def shut_signals() -> None:
    """No signal leaves this process any more, where the kernel can see to it (version 6)."""
    if version() >= 6:
        rules = _checked(_call(CREATE, struct.pack("QQQ", 0, 0, 3), 24, 0), "Landlock is refused")
        _checked(_call(RESTRICT, rules, 0), "Landlock is refused")
        os.close(rules)


def _ruleset(rights: int, found: int) -> int:
    attributes = struct.pack("Q", rights)
    if found >= 4:
        attributes += struct.pack("Q", 3)  # to bind and to connect by TCP
    if found >= 6:
        attributes += struct.pack("Q", 3)  # sockets without a file, and signals
    return _checked(_call(CREATE, attributes, len(attributes), 0), "Landlock is refused")


def _allow(rules: int, path: str | Path, rights: int) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not stat.S_ISDIR(os.fstat(place).st_mode):
            rights &= ON_FILES
        rule = struct.pack("<Qi", rights, place)
        _checked(_call(ADD, rules, PATH_BENEATH, rule, 0), f"Landlock refuses {path}")
    finally:
        os.close(place)


def _call(*arguments: int | bytes) -> int:
    libc = ctypes.CDLL(None, use_errno=True)
    return libc.syscall(*(ctypes.c_long(a) if isinstance(a, int) else a for a in arguments))


def _checked(found: int, words: str) -> int:
    if found < 0:
        raise OSError(ctypes.get_errno(), words)
    return found
