"""Tier A: a world of its own by bubblewrap, with Landlock, the filter and the limits inside it.

Without a process, network, mount or message of the host's. Run by root, bubblewrap alone would
leave root inside; the worker becomes a user of the pool and loses every capability before it meets
a learner's code.
"""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import final

from . import landlock, seccomp
from .ceilings import Ceilings
from .tier import Started, Tier, enclosure, start, user_of_the_pool
from .view import View, view

SCRATCH = "/scratch"
KEPT = ("CAP_SETUID", "CAP_SETGID", "CAP_SETPCAP")  # to give the rest up; then these go too


@final
class Bubblewrap(Tier):
    """Namespaces by bubblewrap, then seccomp, Landlock where there is one, and limits."""

    name = "A"
    title = "bubblewrap, seccomp, limits"

    def reason(self) -> str:
        """Why it cannot be used here; empty when it can."""
        return seccomp.reason() or _tried()

    def start(self, arguments: Sequence[str], pass_fds: Sequence[int]) -> Started:
        """Starts Python inside. Raises OSError."""
        seen, user = view(), user_of_the_pool()
        command = [*_wrapped(seen, user), "--", seen.python, *arguments]
        process = start(command, SCRATCH, pass_fds)
        shut = enclosure(SCRATCH, user, seen, not landlock.reason())
        return Started(process, {**shut, "early": False})


@functools.lru_cache(maxsize=1)
def _tried() -> str:
    if shutil.which("bwrap") is None:
        return "bubblewrap is not installed"
    command = [*_wrapped(view(), user_of_the_pool()), "--", view().python, "-ISc", ""]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=20)
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"bubblewrap does not start: {error}"
    if done.returncode:
        words = done.stderr.strip().splitlines()
        return f"bubblewrap does not work here: {words[-1] if words else done.returncode}"
    return ""


def _wrapped(seen: View, user: int | None) -> list[str]:
    command = [shutil.which("bwrap") or "bwrap"]
    command += [f"--unshare-{name}" for name in ("ipc", "pid", "net", "uts")]
    command += ["--unshare-cgroup-try", "--hostname", "worker", "--new-session"]
    if user is None:
        command += ["--unshare-user"]
    else:
        command += ["--cap-drop", "ALL", *(x for cap in KEPT for x in ("--cap-add", cap))]
    command += ["--dev", "/dev", "--perms", "1777", "--size", str(Ceilings().scratch)]
    command += ["--tmpfs", SCRATCH, *_bound(seen), *_links()]
    if not any(path.startswith("/tmp/") for path in (*seen.folders, *seen.pieces)):
        command += ["--symlink", SCRATCH, "/tmp"]
    return [*command, "--remount-ro", "/", "--chdir", "/"]


def _bound(seen: View) -> Iterator[str]:
    above = {str(parent) for path in (*seen.folders, *seen.pieces) for parent in Path(path).parents}
    for folder in sorted(above - {"/"}):
        yield from ("--perms", "0755", "--dir", folder)
    for folder in seen.folders:
        yield from ("--ro-bind", folder, folder)
    for folder in seen.hidden:
        yield from ("--tmpfs", folder)
    for piece in seen.pieces:
        yield from ("--ro-bind", piece, piece)
    for folder in seen.hidden:
        yield from ("--remount-ro", folder)


def _links() -> Iterator[str]:
    """The links at the root through which programs find their loader."""
    for name in ("/lib", "/lib64", "/lib32"):
        if os.path.islink(name):
            yield from ("--symlink", os.readlink(name), name)
