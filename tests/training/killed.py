"""A run that dies by SIGKILL: `python -m tests.training.killed FOLDER [WHEN]`.

WHEN is "step:N" (in the middle of step N, between gradient and update), "sync:N" or "rename:N"
(just before the N-th call that forces a file to disk, or renames one) or "half:N" (the N-th file
half written). Without it the run goes to its end, unless somebody else kills it.
"""

import os
import signal
import sys
from pathlib import Path

from minidl.training import Checkpoint, JSONLLogger, WeightStatistics, atomic

from .runs import small

EPOCHS = 12


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def countdown(n: int, then):
    """A function that does `then` when called for the n-th time."""
    left = [n]

    def tick(*args):
        left[0] -= 1
        if left[0] == 0:
            then(*args)

    return tick


def half(path: Path, data: bytes) -> None:
    path.with_name(f".{path.name}.tmp").write_bytes(data[: len(data) // 2])
    die()


def arm(trainer, when: str) -> None:
    """Set the trap."""
    kind, _, n = when.partition(":")
    if kind == "step":
        tick, update = countdown(int(n), die), trainer.optimizer.step
        trainer.optimizer.step = lambda: (tick(), update())
    elif kind in ("sync", "rename"):
        name = "fsync" if kind == "sync" else "replace"
        tick, call = countdown(int(n), lambda *args: die()), getattr(os, name)
        setattr(os, name, lambda *args: (tick(*args), call(*args)))
    elif kind == "half":
        from minidl.training import checkpoint

        tick, write = countdown(int(n), half), atomic.write_whole
        checkpoint.write_whole = lambda *args: (tick(*args), write(*args))  # type: ignore


def main(folder: Path, when: str = "") -> None:
    keep = Checkpoint(folder, every_steps=3, every_epochs=1, keep_last=2)
    log = JSONLLogger(folder / "log.jsonl")
    trainer = small(0, EPOCHS, callbacks=[WeightStatistics(4), log], checkpoint=keep)
    trainer.resume(folder)
    arm(trainer, when)
    print("begun", flush=True)
    trainer.run()


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
