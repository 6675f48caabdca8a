"""How much a worker may take of memory, threads, files and processor time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

MiB = 1 << 20


@final
@dataclass(frozen=True)
class Ceilings:
    """The most that one worker may take.

    memory: bytes of its own. file: bytes of one file. scratch: bytes of all its files together.
    files: how many are open at once. threads: beside those that run already, for its user.
    seconds: processor time of its whole life.
    """

    memory: int = 1536 * MiB
    file: int = 8 * MiB
    scratch: int = 96 * MiB
    files: int = 128
    threads: int = 64
    seconds: int = 600


def settle(ceilings: Ceilings, running: int) -> None:
    """Puts the limits on this process; they cannot be raised again.

    running: how many processes and threads its user has now.
    """
    import resource  # only where there is such a thing

    limits = {
        resource.RLIMIT_DATA: ceilings.memory,
        resource.RLIMIT_AS: 2 * ceilings.memory,
        resource.RLIMIT_FSIZE: ceilings.file,
        resource.RLIMIT_NOFILE: ceilings.files,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_MEMLOCK: 0,
        resource.RLIMIT_CPU: ceilings.seconds,
        resource.RLIMIT_NPROC: running + ceilings.threads,
    }
    for name, most in limits.items():
        hard = resource.getrlimit(name)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(name, (most, most))
