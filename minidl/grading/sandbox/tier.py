"""What every tier of the sandbox can do: say whether it works here, and start a program inside."""

from __future__ import annotations

import contextlib
import os
import subprocess
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, final

from ..worker.sweeping import clear
from .ceilings import Ceilings
from .privileges import pool_user
from .view import View

ENVIRONMENT = {
    "PATH": "/nonexistent",  # there is nothing to start
    "LANG": "C.UTF-8",
    "PYTHONDONTWRITEBYTECODE": "1",
    "MPLBACKEND": "agg",
    **dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
    "MINIDL_THREADS": "1",
}


@final
@dataclass
class Started:
    """A program in the sandbox. `enclosure`: what it must still do to itself, for `inside.shut`."""

    process: subprocess.Popen
    enclosure: dict[str, Any]
    scratch: str = ""
    folders: list[str] = field(default_factory=list)

    def end(self) -> None:
        """Kills the program and removes what it wrote."""
        self.process.kill()
        self.process.wait()
        for folder in self.folders:
            clear(folder)
            with contextlib.suppress(OSError):
                os.rmdir(folder)


class Tier(ABC):
    """One way to shut a program in. `name`: A, B or C; `title`: what it is made of."""

    name: str
    title: str

    @abstractmethod
    def reason(self) -> str:
        """Why it cannot be used here; empty when it can."""

    @abstractmethod
    def start(self, arguments: Sequence[str], pass_fds: Sequence[int]) -> Started:
        """Starts the view's Python with these arguments inside. Raises OSError."""

    def __repr__(self) -> str:
        return f"tier {self.name} ({self.title})"


def own_folder(user: int | None) -> str:
    """A folder for what a worker writes, which nobody else can enter."""
    folder = tempfile.mkdtemp(prefix="minidl-worker-")
    if user is not None:
        os.chown(folder, user, user)
    return folder


def enclosure(scratch: str, user: int | None, seen: View, landlock: bool) -> dict[str, Any]:
    """What `inside.shut` needs to know, as plain data."""
    return {
        "scratch": scratch,
        "user": user,
        "readable": seen.readable() if landlock else [],
        "landlock": landlock,
        "early": user is not None and not _open_to_all(seen),
        "ceilings": vars(Ceilings()),
    }


def start(command: Sequence[str], scratch: str, pass_fds: Sequence[int]) -> subprocess.Popen:
    """The program, with nothing of the judge's environment and none of its files open."""
    environment = {**ENVIRONMENT, "HOME": scratch, "TMPDIR": scratch, "MPLCONFIGDIR": scratch}
    return subprocess.Popen(
        list(command),
        env=environment,
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        pass_fds=list(pass_fds),
        start_new_session=True,
    )


def user_of_the_pool() -> int | None:
    """The user that this process of the judge gives its workers; None when it is not root."""
    return pool_user(os.getpid())


def _open_to_all(seen: View) -> bool:
    """Whether anybody may read Python and its libraries: root's home is often closed."""
    for path in (seen.python, *seen.folders, *seen.paths):
        place = os.path.realpath(path)
        while place != "/":
            if not os.stat(place).st_mode & 0o001:
                return False
            place = os.path.dirname(place)
    return True
