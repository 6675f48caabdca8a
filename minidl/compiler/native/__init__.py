"""The native emitter: a graph as one C function, compiled, cached and called.

`emitting.native(graph, targets)` gives a program; `BuildError` says why there is none on this
machine. `keeping.Shelf` has those that an earlier process made, for which nothing else is loaded.
"""

from ..program import BuildError as BuildError
