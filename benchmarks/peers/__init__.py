"""Who takes part in the benchmark: one file for each framework, none of which needs the others.

A file first imports its framework, so that the time of that is the framework's, and has

    WAYS = {"torch": "eager", ...}       what takes part, and the words for it
    def missing(way, work) -> str | None     why this one cannot take part here
    def build(way, work, start, batches) -> Run

Files are loaded by `benchmarks.worker`, in a process for each contender.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple


class Run(NamedTuple):
    """A training that stands ready.

    Attributes:
        step: makes step number i, on batch i modulo their number; returns its loss.
        number: the loss as Python's float, once all of the step is done.
        version: of the framework.
    """

    step: Callable[[int], Any]
    number: Callable[[Any], float]
    version: str


# The contenders of each file. What is not installed is left out with a line that says so.
CONTENDERS = {
    "minidl": ("minidl", "minidl compiled"),
    "torch": ("torch", "torch fused", "torch.compile"),
    "jax": ("jax",),
    "autograd": ("autograd",),
    "tinygrad": ("tinygrad",),
}
