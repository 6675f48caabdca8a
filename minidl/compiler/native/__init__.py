"""The native emitter: a graph as one C function, compiled, cached and called.

`native(graph, targets)` gives a program; `BuildError` says why there is none on this machine.
"""

from . import convolutions as convolutions, rules as rules  # each fills the table of rules
from .building import BuildError as BuildError
from .emitting import native as native
