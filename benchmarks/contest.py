"""Contenders on one workload: each in a process, stepping in turn, their losses compared."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import Any, final

from benchmarks.peers import CONTENDERS
from benchmarks.storage import stored
from benchmarks.workloads import Workload

Results = dict[str, dict[str, Any]]  # by contender
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
ERROR = re.compile(r"[\w.]*(Error|Exception)\b")
CACHES = ("MINIDL_CACHE", "TORCHINDUCTOR_CACHE_DIR")  # where compilers keep what they made
LONG_ENOUGH = 0.1  # seconds that a turn lasts at least
FIRST, LATER = 1e-4, 1e-3  # how far first losses, and those after 20 steps, may be apart


@final
class Contender:
    """A process of `benchmarks.worker`, told what to do line by line."""

    def __init__(self, way: str, folder: Path, threads: int, python: str, cold: bool):
        peer = next(peer for peer, ways in CONTENDERS.items() if way in ways)
        command = [python, "-m", "benchmarks.worker", peer, way, str(folder)]
        environment = os.environ | {name: str(threads) for name in THREADS}
        if cold:
            environment |= {name: str(folder / name) for name in CACHES}
        self.complaints = folder / f"{way}.txt"
        with self.complaints.open("w") as complaints:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=complaints,
                text=True,
                env=environment,
                cwd=Path(__file__).parents[1],
            )

    def answer(self) -> Any:
        """The next line it writes; its last words where it died instead."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if line:
            return json.loads(line)
        words = self.complaints.read_text().strip().splitlines() or ["it ended without a word"]
        errors = [word for word in words if ERROR.match(word)]
        return {"missing": (errors or words)[-1][:200]}

    def step(self, times: int) -> float:
        """Seconds of so many steps, which it measures itself."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{times}\n")
        self.process.stdin.flush()
        answer = self.answer()
        if not isinstance(answer, float):
            raise RuntimeError(f"A contender stopped in the middle: {answer['missing']}")
        return answer

    def end(self) -> None:
        """Lets it go; its memory is free for the next."""
        self.process.communicate("\n")


def contest(
    work: Workload,
    ways: list[str],
    rounds: int,
    threads: int,
    python: str = sys.executable,
    cold: bool = False,
) -> Results:
    """Runs all on one workload.

    Args:
        python: the interpreter for peers other than minidl and torch.
        cold: compilers find nothing that an earlier run made.

    Returns:
        For each contender what `benchmarks.worker` tells of its start, and `seconds` of a step,
        round by round; or `missing`, why it takes no part.
    """
    with tempfile.TemporaryDirectory() as folder, ExitStack() as ends:
        stored(work, Path(folder))
        found: Results = {}
        running: dict[str, Contender] = {}
        for way in ways:
            own = way.split()[0] in ("minidl", "torch", "torch.compile")
            who = Contender(way, Path(folder), threads, sys.executable if own else python, cold)
            ends.callback(who.end)
            found[way] = who.answer()
            if "missing" not in found[way]:
                running[way] = who
        for way, fault in agree(work.name, found).items():
            found[way] = {"missing": fault}
            del running[way]
        turns(running, found, rounds)
    return found


def turns(running: dict[str, Contender], found: Results, rounds: int) -> None:
    """Adds `seconds` to what was found. Warming up tells how many steps fill a turn."""
    for way, who in running.items():
        brief = who.step(3) / 3
        repeat = max(1, round(LONG_ENOUGH / max(brief, 1e-6)))
        repeat = max(1, round(repeat * LONG_ENOUGH / max(who.step(repeat), 1e-6)))
        found[way] |= {"repeat": repeat, "seconds": []}
    for number in range(rounds):
        names = list(running)
        for way in names if number % 2 == 0 else names[::-1]:
            repeat = found[way]["repeat"]
            found[way]["seconds"].append(running[way].step(repeat) / repeat)


def agree(name: str, found: Results) -> dict[str, str]:
    """Whose losses are not the same, the first and those after some steps, and what to say of it.

    Raises:
        AssertionError: minidl and PyTorch eager are not the same; others are then only left out.
    """
    losses = {way: told["losses"] for way, told in found.items() if "losses" in told}
    faults: dict[str, str] = {}
    for way, theirs in losses.items():
        ours = next(iter(losses.values()))
        for step, allowed in ((0, FIRST), (-1, LATER)):
            if way not in faults and not abs(theirs[step] - ours[step]) <= allowed * abs(
                ours[step]
            ):
                faults[way] = (
                    f"{name}: after {len(ours) if step else 1} steps {next(iter(losses))} has the "
                    f"loss {ours[step]:.6f} and {way} {theirs[step]:.6f}"
                )
    for way in ("minidl", "minidl compiled", "torch"):
        if way in faults:
            raise AssertionError(f"{faults[way]}. They do not do the same.")
    return faults


def ratio(found: Results, way: str, to: str = "torch") -> float | None:
    """How many times the speed of another a contender has: median over the rounds' ratios."""
    if "seconds" not in found.get(way, {}) or "seconds" not in found.get(to, {}):
        return None
    pairs = zip(found[to]["seconds"], found[way]["seconds"], strict=True)
    return median(theirs / ours for theirs, ours in pairs)
