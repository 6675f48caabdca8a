"""Logs of a run, one entry per step; a resumed run goes on where it left off, without doubles."""

from __future__ import annotations

import csv
import io
import json
import os
from abc import abstractmethod
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO, final

from .atomic import write_whole
from .callbacks import Callback, Observation, flat

if TYPE_CHECKING:
    from .trainer import Trainer


class FileLogger(Callback):
    """A log in a text file.

    A run that begins at step 0 begins the file anew. One that goes on at step n keeps the file's
    entries up to step n and writes on: entries of steps that a killed run took after its last
    checkpoint are taken out, for these steps are taken again.
    """

    def __init__(self, path: str | os.PathLike[str]):
        self.path = Path(path)
        self.file: TextIO | None = None

    def initialise(self, trainer: Trainer) -> None:
        self.keep(trainer.step if self.path.exists() else 0)
        self.open()

    def after_step(self, trainer: Trainer, observation: Observation) -> None:
        self.write(observation)
        assert self.file is not None
        self.file.flush()  # so that a look at the file, or a kill, finds the step there

    def finalise(self, trainer: Trainer) -> None:
        if self.file is not None:
            self.file.close()
            self.file = None

    def open(self) -> None:
        self.file = open(self.path, "a", encoding="utf-8", newline="")

    def lines(self) -> list[str]:
        """The whole lines of the file; one that a kill cut short is left out."""
        text = self.path.read_text(encoding="utf-8")
        return [line for line in text.splitlines(keepends=True) if line.endswith("\n")]

    @abstractmethod
    def keep(self, step: int) -> None:
        """Reduce the file to the entries up to a step; 0: to nothing."""

    @abstractmethod
    def write(self, observation: Observation) -> None:
        """Append one entry."""


@final
class JSONLLogger(FileLogger):
    """One JSON object per line: the observation as it is."""

    def keep(self, step: int) -> None:
        lines = self.lines() if step else []
        kept = [line for line in lines if json.loads(line)["step"] <= step]
        write_whole(self.path, "".join(kept).encode())

    def write(self, observation: Observation) -> None:
        assert self.file is not None
        self.file.write(json.dumps(observation) + "\n")


@final
class CSVLogger(FileLogger):
    """One row per step, one column per number; what an observation lacks stays empty.

    A number that first shows at a later step (validation, at an epoch's end) gets a column then:
    the file is written anew with the longer heading.
    """

    def __init__(self, path: str | os.PathLike[str]):
        super().__init__(path)
        self.columns: list[str] = []

    def keep(self, step: int) -> None:
        rows = list(csv.DictReader(self.lines())) if step else []
        self.columns = list(rows[0]) if rows else []
        self._rewrite([row for row in rows if int(row["step"]) <= step])

    def write(self, observation: Observation) -> None:
        numbers = flat(observation)
        new = [name for name in numbers if name not in self.columns]
        if new:
            assert self.file is not None
            self.file.close()
            rows = list(csv.DictReader(self.lines()))
            self.columns += new
            self._rewrite(rows)
            self.open()
        assert self.file is not None
        csv.DictWriter(self.file, self.columns, lineterminator="\n").writerow(numbers)

    def _rewrite(self, rows: list[dict[str, str]]) -> None:
        text = io.StringIO(newline="")
        writer = csv.DictWriter(text, self.columns, lineterminator="\n")
        if self.columns:
            writer.writeheader()
        writer.writerows(rows)
        write_whole(self.path, text.getvalue().encode())


@final
class TensorBoardLogger(Callback):
    """The numbers of each step for TensorBoard, by tensorboardX (pip install minidl[log])."""

    def __init__(self, directory: str | os.PathLike[str]):
        self.directory = Path(directory)
        self.writer: Any = None

    def initialise(self, trainer: Trainer) -> None:
        try:
            from tensorboardX import SummaryWriter
        except ImportError as error:
            raise ModuleNotFoundError(
                "TensorBoardLogger needs tensorboardX; get it with: pip install minidl[log]"
            ) from error
        # purge_step tells TensorBoard to forget what a killed run wrote after its last checkpoint.
        purge = trainer.step + 1 if trainer.step else None
        self.writer = SummaryWriter(str(self.directory), purge_step=purge)

    def after_step(self, trainer: Trainer, observation: Observation) -> None:
        for name, value in flat(observation).items():
            if name != "step":
                self.writer.add_scalar(name, value, observation["step"])

    def finalise(self, trainer: Trainer) -> None:
        if self.writer is not None:
            self.writer.close()
            self.writer = None
