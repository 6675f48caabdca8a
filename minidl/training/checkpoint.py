"""Checkpoints: a run's whole state on disk, proof against kills and flipped bits.

A checkpoint is two files. `step-00001200.safetensors` holds the tensors; `step-00001200.json`
holds all the rest, with the size and the SHA-256 of the first file and of itself. The JSON file is
written last and deleted first, and each appears by a rename: so a checkpoint exists if its JSON
file does.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, final

from .atomic import write_whole
from .callbacks import KEEPS, Callback, Observation
from .errors import CheckpointError
from .plain import flatten, unflatten
from .seal import seal, verify
from .serialization import from_bytes, to_bytes

if TYPE_CHECKING:
    from .trainer import Trainer

FORMAT = "minidl checkpoint 1"
State = dict[str, Any]


def write_checkpoint(directory: str | os.PathLike[str], state: State) -> Path:
    """Write a state that has a "step"; returns the JSON file, which stands for the checkpoint."""
    stem = Path(directory) / f"step-{state['step']:08d}"
    arrays, tree = flatten(state)
    tensors = to_bytes(arrays)
    manifest = {
        "format": FORMAT,
        "step": state["step"],
        "tensors": seal(tensors),
        "state": tree,
    }
    manifest["sha256"] = sha256(_text(manifest)).hexdigest()
    write_whole(stem.with_suffix(".safetensors"), tensors)
    write_whole(stem.with_suffix(".json"), _text(manifest))
    return stem.with_suffix(".json")


def read_checkpoint(path: str | os.PathLike[str]) -> State:
    """The state in a checkpoint, given by either of its files.

    Raises CheckpointError, naming the file and the fault, unless both are exactly what was written.
    """
    path = Path(path).with_suffix(".json")
    manifest = _read_manifest(path)
    file = path.with_suffix(".safetensors")
    data = _read(file)
    verify(data, manifest["tensors"], file)
    arrays, _ = from_bytes(data, file)
    return unflatten(manifest["state"], arrays)


def checkpoints(directory: str | os.PathLike[str]) -> list[Path]:
    """The checkpoints in a folder, sound or not, the newest first."""
    return sorted(Path(directory).glob("step-" + "[0-9]" * 8 + ".json"), reverse=True)


def latest_checkpoint(directory: str | os.PathLike[str]) -> Path | None:
    """The newest sound checkpoint of a folder; None if there is none at all.

    Damaged ones are passed over, with a line in the log "minidl" that names file and fault.
    Raises CheckpointError if there are checkpoints, but not one is sound.
    """
    faults = []
    for path in checkpoints(directory):
        try:
            read_checkpoint(path)
        except CheckpointError as error:
            logging.getLogger("minidl").warning("passed over a checkpoint: %s", error)
            faults.append(str(error))
        else:
            return path
    if faults:
        raise CheckpointError(f"{directory}: no checkpoint is sound. {'; '.join(faults)}")
    return None


@final
class Checkpoint(Callback):
    """Writes the trainer's whole state into a folder while it trains.

    every_steps, every_epochs: when to write; None: not by that count. The end of the run always is.
    keep_last: how many of the newest to keep; None: all.
    keep_best: a name in the observation, such as "valid_loss"; the checkpoint of the epoch where
    it was best is kept as well (`best_path`). A name with "loss" or "error" in it is best when
    small.
    overwrite: a new run refuses a folder that holds another run's checkpoints, unless this is true.
    """

    rank = KEEPS

    def __init__(
        self,
        directory: str | os.PathLike[str],
        every_steps: int | None = None,
        every_epochs: int | None = 1,
        keep_last: int | None = 3,
        keep_best: str | None = None,
        overwrite: bool = False,
    ):
        if keep_last is not None and keep_last < 1:
            raise ValueError(f"keep_last must be at least 1, not {keep_last}")
        self.directory = Path(directory)
        self.every_steps = every_steps
        self.every_epochs = every_epochs
        self.keep_last = keep_last
        self.keep_best = keep_best
        self.overwrite = overwrite
        self.best: dict[str, float] | None = None
        self.written = -1  # the step of the newest checkpoint of this run
        self.broken_off = False

    @property
    def best_path(self) -> Path | None:
        """The best checkpoint so far, by `keep_best`."""
        return None if self.best is None else self.directory / f"step-{self.best['step']:08d}.json"

    def initialise(self, trainer: Trainer) -> None:
        self.broken_off = False
        others = checkpoints(self.directory)
        if others and trainer.step == 0 and not self.overwrite:
            raise CheckpointError(
                f"{self.directory}: holds the checkpoints of another run, up to {others[0].stem}. "
                "Go on with that run by trainer.resume(...), choose another folder, or say "
                "Checkpoint(..., overwrite=True)"
            )

    def after_step(self, trainer: Trainer, observation: Observation) -> None:
        if trainer.batch and _due(trainer.step, self.every_steps):
            self.write(trainer)

    def after_epoch(self, trainer: Trainer, observation: Observation) -> None:
        better = self._judge(observation)
        if better or _due(trainer.epoch, self.every_epochs) or _due(trainer.step, self.every_steps):
            self.write(trainer)

    def on_error(self, trainer: Trainer, error: BaseException) -> None:
        self.broken_off = True

    def finalise(self, trainer: Trainer) -> None:
        whole = (trainer.finished or trainer.stopped) and not self.broken_off
        if whole and self.written != trainer.step:
            self.write(trainer)

    def write(self, trainer: Trainer) -> Path:
        """Write a checkpoint now, then remove those that are not to be kept."""
        self.written = trainer.step
        path = write_checkpoint(self.directory, trainer.state_dict())
        for old in self._superfluous():
            old.unlink()
            old.with_suffix(".safetensors").unlink(missing_ok=True)
        for leftover in self.directory.glob(".step-*.tmp"):  # of a write that was killed
            leftover.unlink()
        return path

    def _judge(self, observation: Observation) -> bool:
        if self.keep_best is None or self.keep_best not in observation:
            return False
        value = observation[self.keep_best]
        small = "loss" in self.keep_best or "error" in self.keep_best
        if self.best is not None and (
            value >= self.best["value"] if small else value <= self.best["value"]
        ):
            return False
        self.best = {"value": value, "step": observation["step"]}
        return True

    def _superfluous(self) -> Iterator[Path]:
        """Checkpoints older than the ones to keep, and those of a future that was given up."""
        mine = 0
        for path in checkpoints(self.directory):
            past = int(path.stem.removeprefix("step-")) <= self.written
            mine += past
            if not past or (
                self.keep_last is not None and mine > self.keep_last and path != self.best_path
            ):
                yield path

    def state_dict(self) -> State:
        return {"best": self.best}

    def load_state_dict(self, state: State) -> None:
        self.best = state["best"]


def _due(count: int, every: int | None) -> bool:
    return every is not None and count % every == 0


def _text(manifest: State) -> bytes:
    return json.dumps(manifest, separators=(",", ":")).encode()


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise CheckpointError(f"{path}: there is no such file") from error


def _read_manifest(path: Path) -> State:
    raw = _read(path)
    try:
        manifest = json.loads(raw)
    except ValueError as error:
        raise CheckpointError(
            f"{path}: not whole JSON ({error}): it is cut short or damaged"
        ) from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise CheckpointError(f"{path}: not a checkpoint of the format {FORMAT!r}, or damaged")
    # Written once more, it must be the same bytes; so a damage that JSON would overlook is seen
    # too.
    whole = _text(manifest) == raw
    claimed = manifest.pop("sha256", None)
    if not whole or sha256(_text(manifest)).hexdigest() != claimed:
        raise CheckpointError(
            f"{path}: its SHA-256 is not the one of what was written: it is damaged"
        )
    return manifest
