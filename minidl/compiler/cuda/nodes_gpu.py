"""What a captured graph consists of: whether a replay would fetch numbers of the processor.

A library may send a list of numbers to the card from memory that it gives back at once. Captured,
such a copy would read at every replay whatever lies there by then.

Source: NVIDIA, "CUDA Driver API", sections "Graph Management" and "Data types used by CUDA driver".
"""

from __future__ import annotations

import ctypes
from ctypes import byref, c_int, c_size_t, c_void_p
from functools import cache
from importlib import import_module
from typing import Any, final

cupy: Any = import_module("cupy")
COPY = 1  # CU_GRAPH_NODE_TYPE_MEMCPY
ON_CARD, ANYWHERE = 2, 4  # CU_MEMORYTYPE_DEVICE, _UNIFIED


@final
class _Copy(ctypes.Structure):
    """CUDA_MEMCPY3D, of which the source is looked at."""

    _fields_ = [
        ("x", c_size_t), ("y", c_size_t), ("z", c_size_t), ("level", c_size_t), ("memory", c_int),
        ("host", c_void_p), ("device", c_void_p), ("array", c_void_p), ("reserved", c_void_p),
        ("pitch", c_size_t), ("height", c_size_t), ("rest", c_size_t * 16),
    ]  # fmt: skip


@cache
def _driver() -> Any:
    return ctypes.CDLL("libcuda.so.1")


def reads_the_processor(graph: Any) -> bool:
    """Whether some copy of a captured graph begins in the processor's memory."""
    handle, count = c_void_p(graph.graph), c_size_t()
    _check(_driver().cuGraphGetNodes(handle, None, byref(count)))
    nodes = (c_void_p * max(count.value, 1))()
    _check(_driver().cuGraphGetNodes(handle, nodes, byref(count)))
    return any(_copies_from_processor(c_void_p(node)) for node in nodes[: count.value])


def _copies_from_processor(node: c_void_p) -> bool:
    kind, copy = c_int(), _Copy()
    _check(_driver().cuGraphNodeGetType(node, byref(kind)))
    if kind.value != COPY:
        return False
    _check(_driver().cuGraphMemcpyNodeGetParams(node, byref(copy)))
    if copy.memory != ANYWHERE:
        return copy.memory != ON_CARD
    runtime = cupy.cuda.runtime
    return runtime.pointerGetAttributes(copy.device).type != runtime.memoryTypeDevice


def _check(status: int) -> None:
    if status:
        raise RuntimeError(f"the CUDA driver answers with its error {status}")
