"""The native emitter: a graph as one C function, compiled, cached and called.

`native(graph, targets)` gives a program; `BuildError` says why there is none on this machine.
"""

from ..program import BuildError as BuildError
from . import convolutions as convolutions, rules as rules  # each fills the table of rules
from .emitting import native as native
