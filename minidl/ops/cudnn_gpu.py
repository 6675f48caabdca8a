"""cuDNN, where its Python front end is installed (`pip install nvidia-cudnn-frontend`).

A graph of one operation is built for each shape and kept; it runs on CuPy's current stream, in
workspace from CuPy's pool.

Source: NVIDIA, "cuDNN Frontend API", https://docs.nvidia.com/deeplearning/cudnn/frontend.
"""

import ctypes
import importlib
from collections.abc import Callable
from functools import cache
from typing import Any, final

from ..backends import cudnn as switches
from .desk_gpu import desk


@cache
def library() -> Any:
    """The front end; None where it, or cuDNN itself, is missing."""
    try:
        cudnn = importlib.import_module("cudnn")
        return cudnn if cudnn.backend_version() >= 90000 else None
    except Exception:  # it raises different errors for what is missing
        return None


@cache
def _handle(device: int) -> Any:
    """cuDNN's handle for the current device, which is this one."""
    return library().create_handle()


_streams: dict[int, int] = {}  # of each device's handle, the stream it was last told to use


def _told(device: int, stream: int) -> Any:
    """The device's handle, which uses this stream."""
    handle = _handle(device)
    if _streams.get(device) != stream:
        library().set_stream(handle, stream)
        _streams[device] = stream
    return handle


@final
class Plan:
    """One operation of cuDNN for arrays of known shapes.

    Args:
        kind: cuDNN's name for the arrays' dtype; `wide`: for that in which it computes.
        draw: makes the operation in a graph, and returns the arrays' tensors there.
        exact: float32 is not to be rounded to TF32.

    Attributes:
        uids: the numbers of the arrays in the graph, in the order in which `run` takes them.
        workspace: how many bytes it needs besides.
    """

    def __init__(
        self, xp: Any, kind: str, draw: Callable[[Any], list[Any]], wide: str = "FLOAT",
        exact: bool = False,
    ):  # fmt: skip
        cudnn = library()
        kinds = cudnn.data_type
        graph = cudnn.pygraph(
            handle=_handle(xp.cuda.runtime.getDevice()),
            io_data_type=getattr(kinds, kind),
            intermediate_data_type=getattr(kinds, wide),
            compute_data_type=getattr(kinds, wide),
        )
        arrays = draw(graph)
        graph.validate()
        graph.build_operation_graph()
        graph.create_execution_plans([cudnn.heur_mode.A, cudnn.heur_mode.FALLBACK])
        if exact:  # tensor cores would round float32 to 10 bits
            graph.deselect_numeric_notes([cudnn.numerical_note.TENSOR_CORE])
        graph.check_support()
        graph.build_plans()
        self.graph = graph
        self.uids = [x.get_uid() for x in arrays]
        self.workspace = graph.get_workspace_size()
        self.quick = self._quick()

    def _quick(self) -> Any:
        """The front end's own call for addresses in the order of their numbers, which costs half of
        its call for all kinds of arrays; None in a version that has none."""
        try:
            lowered = self.graph._lowered_graph
            index = self.graph._materialize_backend_plan(self.graph._plan_index).cpp_index
            if list(self.graph._variant_pack_uids()) != sorted(self.uids):
                return None
            run = lowered._execute_with_raw_ptrs
        except Exception:  # no promise of the front end's
            return None
        self.order = [self.uids.index(uid) for uid in sorted(self.uids)]
        self.pack = ctypes.c_int64 * len(self.uids)
        return run, -1 if index is None else index

    def run(self, xp: Any, *arrays: Any) -> None:
        """Runs it on arrays, of which the last ones are written."""
        own = desk(xp)
        handle = _told(own.device, own.stream)
        space = own.partial(self.workspace, "uint8") if self.workspace else None
        room = 0 if space is None else space.data.ptr
        if self.quick is None:
            pointers = {uid: x.data.ptr for uid, x in zip(self.uids, arrays, strict=True)}
            return self.graph.execute(pointers, room, handle=handle)
        run, index = self.quick
        pack = self.pack(*[arrays[i].data.ptr for i in self.order])
        try:
            run(ctypes.addressof(pack), len(pack), room, handle.backend_handle, index)
        except TypeError:  # it takes something else in this version
            self.quick = None
            self.run(xp, *arrays)


KINDS = {"f": "FLOAT", "e": "HALF", "E": "BFLOAT16", "d": "DOUBLE"}  # by the letters of dtypes


def strides(x: Any) -> list[int]:
    """An array's strides in numbers."""
    return [s // x.dtype.itemsize for s in x.strides]


def drawn(graph: Any, shape: tuple, steps: tuple, **options: Any) -> Any:
    """A tensor of the graph."""
    return graph.tensor(dim=list(shape), stride=list(steps), **options)


def outcome(tensor: Any, shape: tuple, steps: tuple) -> Any:
    """A tensor of the graph that is to be written to memory."""
    return tensor.set_output(True).set_dim(list(shape)).set_stride(list(steps))


def layout(x: Any) -> tuple:
    """What a graph must know of an array."""
    return tuple(x.shape), tuple(strides(x))


# Attention --------------------------------------------------------------------------------------


def attends(q: Any, v: Any) -> bool:
    """Whether cuDNN's attention is made for queries and values of such shapes and dtypes."""
    sizes = (q.shape[-1], v.shape[-1])
    return (
        len(q.shape) == 4
        and q.dtype.char in "eE"
        and all(n % 8 == 0 and n <= 128 for n in sizes)
        and library() is not None
    )


def _serves(q: Any, k: Any, v: Any) -> bool:
    """Whether cuDNN's attention is made for these, as they lie in memory."""
    return attends(q, v) and all(
        x.strides[-1] == x.dtype.itemsize and x.data.ptr % 16 == 0 for x in (q, k, v)
    )


@cache
def _attention(xp: Any, device: int, kind: str, layouts: tuple, scale: float, causal: bool) -> Plan:
    def draw(graph: Any) -> list[Any]:
        *inputs, z, logs = layouts
        q, k, v = (drawn(graph, *one) for one in inputs)
        o, stats = graph.sdpa(
            q=q, k=k, v=v, attn_scale=scale, generate_stats=True, use_causal_mask=causal
        )
        stats.set_data_type(library().data_type.FLOAT)
        return [q, k, v, outcome(o, *z), outcome(stats, *logs)]

    return Plan(xp, kind, draw)


@cache
def _attention_slopes(
    xp: Any, device: int, kind: str, layouts: tuple, scale: float, causal: bool
) -> Plan:
    def draw(graph: Any) -> list[Any]:
        *inputs, g, logs, to_q, to_k, to_v = layouts
        q, k, v, o = (drawn(graph, *one) for one in inputs)
        up = drawn(graph, *g)
        stats = drawn(graph, *logs, data_type=library().data_type.FLOAT)
        slopes = graph.sdpa_backward(
            q=q, k=k, v=v, o=o, dO=up, stats=stats, attn_scale=scale, use_causal_mask=causal
        )
        written = (outcome(d, *one) for d, one in zip(slopes, (to_q, to_k, to_v), strict=True))
        return [q, k, v, o, up, stats, *written]

    return Plan(xp, kind, draw)


def attention(xp: Any, q: Any, k: Any, v: Any, scale: float, causal: bool) -> Any:
    """(z, None, logarithms of sums), of which the last are for the way back; None if it is not made
    for these arrays.

    z (B, H, L, m) lies in memory as (B, L, H, m), the order in which a model needs it next.
    """
    if not _serves(q, k, v):
        return None
    batch, heads, queries, _ = q.shape
    z = xp.empty((batch, queries, heads, v.shape[-1]), q.dtype).swapaxes(1, 2)
    logs = xp.empty((batch, heads, queries, 1), "float32")
    arrays = (q, k, v, z, logs)
    key = tuple(map(layout, arrays))
    plan = _attention(xp, q.device.id, KINDS[q.dtype.char], key, float(scale), bool(causal))
    plan.run(xp, *arrays)
    return z, None, logs


def attention_slopes(
    xp: Any, g: Any, q: Any, k: Any, v: Any, z: Any, logs: Any, scale: float, causal: bool,
    into: tuple,
) -> None:  # fmt: skip
    """Writes the gradients of q, k and v into three arrays."""
    g = g if g.strides[-1] == g.dtype.itemsize else xp.ascontiguousarray(g)
    arrays = (q, k, v, z, g, logs, *into)
    key = tuple(map(layout, arrays))
    plan = _attention_slopes(xp, q.device.id, KINDS[q.dtype.char], key, float(scale), bool(causal))
    plan.run(xp, *arrays)


# Convolution ------------------------------------------------------------------------------------

_WORDS = {
    "conv_fprop": ("image", "weight"),
    "conv_dgrad": ("loss", "filter"),
    "conv_wgrad": ("image", "loss"),
}


def _convolution(
    xp: Any, name: str, kind: str, layouts: tuple, how: tuple, exact: bool
) -> Plan | None:
    """The plan of one of the three convolutions; None where cuDNN has none."""
    before, after, steps, gaps = map(list, how)

    def draw(graph: Any) -> list[Any]:
        *inputs, z = layouts
        tensors = [drawn(graph, *one) for one in inputs]
        words = dict(zip(_WORDS[name], tensors, strict=True))
        made = getattr(graph, name)(
            **words, pre_padding=before, post_padding=after, stride=steps, dilation=gaps
        )
        return [*tensors, outcome(made, *z)]

    try:
        return Plan(xp, kind, draw, "DOUBLE" if kind == "DOUBLE" else "FLOAT", exact)
    except Exception:  # it raises different errors for what it has no kernel for
        return None


def _lifted(layout: tuple) -> tuple:
    """The layout of rows (N, C, L) as one of images with one row, since cuDNN knows no rows."""
    (n, c, length), (to_n, to_c, to_l) = layout
    return (n, c, 1, length), (to_n, to_c, length * to_l, to_l)


def convolution(
    xp: Any, name: str, arrays: tuple, border: tuple, steps: tuple, gaps: tuple
) -> Plan | None:
    """What writes a convolution, or one of its gradients, into the last of three arrays like these;
    None where cuDNN has nothing for them. Groups show in the arrays' channels."""
    if library() is None or len(steps) > 3 or min(map(min, border)) < 0:
        return None
    before, after = zip(*border, strict=True)
    layouts, how = tuple(map(layout, arrays)), (before, after, steps, gaps)
    if len(steps) == 1:
        layouts = tuple(map(_lifted, layouts))
        how = tuple((first, *some) for first, some in zip((0, 0, 1, 1), how, strict=True))
    kind = KINDS[arrays[0].dtype.char]
    exact = kind == "FLOAT" and not switches.allow_tf32
    return _convolution(xp, name, kind, layouts, how, exact)
