"""What an emitter makes of a graph: something that runs between arrays that stay where they are."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, NamedTuple, final


@final
class BuildError(RuntimeError):
    """An emitter can make no program of a graph on this machine; the message says why."""


@final
class Ends(NamedTuple):
    """Where inputs of a program come from and outputs go, as far as an emitter can use it.

    Attributes:
        numbers: the inputs that are Python numbers.
        given: the inputs that are arrays which each call brings along.
        taken: the outputs that each call takes along, and nobody else looks at.
    """

    numbers: Sequence[int] = ()
    given: Sequence[int] = ()
    taken: Sequence[int] = ()


NOWHERE = Ends()


class Program(ABC):
    """A graph made ready to run, any number of times.

    Attributes:
        inputs: per input of the graph, the array its numbers stand in; before `run` the caller
            writes arguments there, or binds an array of its own.
        outputs: per output of the graph, the array where its numbers stand after `run`.
        targets: per output, the position of the input that it overwrites (the new weights are
            written where the old ones stood), or None.
        notes: sentences about what could not be done and why, for `explain()`.
    """

    inputs: list[Any]
    outputs: list[Any]
    targets: list[int | None]
    notes: list[str]

    @abstractmethod
    def bind(self, position: int, array: Any) -> None:
        """Lets an input be read from (and its target be written to) this array from now on.

        Args:
            position: which input.
            array: in the input's shape and dtype, writable where an output's target.

        Raises:
            ValueError: native code, where the array does not lie in order in memory.
        """

    @abstractmethod
    def run(self) -> None:
        """Computes all outputs from what stands in the inputs.

        Raises:
            IndexError: a position that the graph looks up does not exist.
        """

    @abstractmethod
    def source(self) -> str:
        """The program as text, to be read."""

    @abstractmethod
    def statistics(self) -> dict[str, int]:
        """What a run takes: "kernels" (loops and calls one after another), "bytes_moved" between
        them and memory, "peak_bytes" of the memory beside inputs, and what else an emitter knows.
        """
