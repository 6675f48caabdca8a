"""Gives up what a process may do beyond its own: root's user, its capabilities, every way back."""

from __future__ import annotations

import ctypes
import os
import signal
from pathlib import Path

DUMPABLE, BOUNDING_DROP, NO_NEW_PRIVS, AMBIENT, DEATH_SIGNAL = 4, 24, 38, 47, 1
CAPABILITIES = 64
POOLS = ((300_000, 200_000), (50_000, 10_000))  # users that no distribution gives to anybody


def pool_user(number: int) -> int | None:
    """A user to become, for process `number` of the judge; None when the judge is not root."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return None
    known = _known_users()
    for first, count in POOLS:
        if known > first + count:
            return first + number % count
    return 65_534 if known > 65_534 else None


def _known_users() -> int:
    """The first user number that this namespace does not know; inside a container there are few."""
    try:
        rows = [line.split() for line in Path("/proc/self/uid_map").read_text().splitlines()]
        return max(int(start) + int(count) for start, _, count in rows)
    except (OSError, ValueError):
        return 2**32


def drop(user: int | None) -> None:
    """Becomes this user (stays who it is when None) without capabilities, now and for ever.

    Raises OSError, or RuntimeError when a right is left that should be gone.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    if user is not None:
        for capability in range(CAPABILITIES):
            libc.prctl(BOUNDING_DROP, capability, 0, 0, 0)
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
    libc.prctl(AMBIENT, 4, 0, 0, 0)
    head = (ctypes.c_uint32 * 2)(0x20080522, 0)
    libc.capset(head, (ctypes.c_uint32 * 6)())
    if libc.prctl(NO_NEW_PRIVS, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "no_new_privs is refused")
    libc.prctl(DUMPABLE, 0, 0, 0, 0)
    if user is not None and (os.getuid(), os.geteuid(), os.getgid()) != (user, user, user):
        raise RuntimeError("the worker is still who started it")


def die_with_parent() -> None:
    """When the process that made this one ends, this one is killed."""
    ctypes.CDLL(None).prctl(DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)
