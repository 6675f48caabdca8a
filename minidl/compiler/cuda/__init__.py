"""The CUDA emitter: a graph as kernels in one source, captured as one graph of the card's own.

`cuda(graph, targets, ends)` gives a program; `BuildError` says why there is none.
"""

from ..program import BuildError as BuildError
from .emitting import cuda as cuda
