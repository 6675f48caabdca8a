"""ONNX's operators that move, pick and place numbers, in minidl's functions."""

from math import prod
from typing import Any

import minidl as m
import minidl.nn.functional as F

from .reader import Node, Unsupported


def axes_of(node: Node, given: Any) -> list[int] | None:
    """The axes, which older operators take as an attribute and newer ones as an input."""
    return given.tolist() if given is not None else node("axes")


def _reshape(node: Node, x: Any, shape: Any) -> Any:
    sizes = shape.tolist()
    if not node("allowzero", 0):
        sizes = [x.shape[i] if n == 0 else n for i, n in enumerate(sizes)]
    return m.reshape(x, sizes)


def _unsqueeze(node: Node, x: Any, axes: Any = None) -> Any:
    new = axes_of(node, axes) or []
    rank = x.ndim + len(new)
    for axis in sorted(a % rank for a in new):
        x = m.unsqueeze(x, axis)
    return x


def _squeeze(node: Node, x: Any, axes: Any = None) -> Any:
    gone = axes_of(node, axes)
    return m.squeeze(x) if gone is None else m.squeeze(x, tuple(gone))


def _flatten(node: Node, x: Any) -> Any:
    axis = node("axis", 1) % (x.ndim + 1) if node("axis", 1) < 0 else node("axis", 1)
    axis = axis - 1 if node("axis", 1) < 0 else axis
    return m.reshape(x, (prod(x.shape[:axis]), prod(x.shape[axis:])))


def _split(node: Node, x: Any, sizes: Any = None) -> Any:
    axis = node("axis", 0)
    if sizes is not None:
        return m.split(x, sizes.tolist(), axis)
    parts = node("num_outputs", node.outputs)
    return m.split(x, -(-x.shape[axis] // parts), axis)


def _slice(node: Node, x: Any, starts: Any, ends: Any, axes: Any = None, steps: Any = None) -> Any:
    picked = range(len(starts)) if axes is None else [a % x.ndim for a in axes.tolist()]
    strides = [1] * len(starts) if steps is None else steps.tolist()
    for axis, start, end, step in zip(picked, starts.tolist(), ends.tolist(), strides, strict=True):
        places = range(x.shape[axis])[start:end:step]
        x = m.index_select(x, axis, m.tensor(list(places), dtype=m.int64))
    return x


def _pad(node: Node, x: Any, pads: Any, value: Any = None, axes: Any = None) -> Any:
    which = range(x.ndim) if axes is None else [a % x.ndim for a in axes.tolist()]
    given, count = pads.tolist(), len(pads) // 2
    widths = {axis: (given[i], given[i + count]) for i, axis in enumerate(which)}
    mode = node("mode", "constant")
    if mode == "constant":
        fill = 0 if value is None else value.item()
        return F.pad(x, [n for d in reversed(range(x.ndim)) for n in widths.get(d, (0, 0))],
                     value=fill)  # fmt: skip
    if mode not in ("edge", "reflect", "wrap"):
        raise Unsupported(f"padding by {mode}")
    names = {"edge": "replicate", "reflect": "reflect", "wrap": "circular"}
    for axis, (before, after) in widths.items():  # one axis at a time, as the last of three
        if (before, after) != (0, 0):
            moved = m.movedim(x, axis, -1)
            flat = m.reshape(moved, (1, -1, moved.shape[-1]))
            flat = F.pad(flat, (before, after), mode=names[mode])
            x = m.movedim(m.reshape(flat, (*moved.shape[:-1], flat.shape[-1])), -1, axis)
    return x


def _whole(indices: Any, size: int) -> Any:
    """Positions counted from the front."""
    indices = indices.long()
    return m.where(indices < 0, indices + size, indices)


def _gather(node: Node, x: Any, indices: Any) -> Any:
    axis = node("axis", 0) % x.ndim
    places = _whole(indices, x.shape[axis])
    picked = m.index_select(x, axis, m.reshape(places, (-1,)))
    return m.reshape(picked, (*x.shape[:axis], *indices.shape, *x.shape[axis + 1 :]))


def _gather_elements(node: Node, x: Any, indices: Any) -> Any:
    axis = node("axis", 0) % x.ndim
    return m.gather(x, axis, _whole(indices, x.shape[axis]))


def _gather_nd(node: Node, x: Any, indices: Any) -> Any:
    batch = node("batch_dims", 0)
    lead = tuple(x.shape[:batch])
    if not batch:
        return x[tuple(m.unbind(indices.long(), -1))]
    flat = m.reshape(x, (-1, *x.shape[batch:]))
    places = m.reshape(indices.long(), (-1, *indices.shape[batch:]))
    rows = [flat[i][tuple(m.unbind(places[i], -1))] for i in range(flat.shape[0])]
    return m.reshape(m.stack(rows), (*lead, *rows[0].shape))


_REDUCTIONS = {"add": m.add, "mul": m.mul, "max": m.maximum, "min": m.minimum}


def _scatter_elements(node: Node, x: Any, indices: Any, updates: Any) -> Any:
    axis, rule = node("axis", 0) % x.ndim, node("reduction", "none")
    places = _whole(indices, x.shape[axis])
    if rule == "none":
        return m.scatter(x, axis, places, updates)
    if rule == "add":
        return m.scatter_add(x, axis, places, updates)
    raise Unsupported(f"scattering by {rule}")


def _scatter_nd(node: Node, x: Any, indices: Any, updates: Any) -> Any:
    z, rule = x.clone(), node("reduction", "none")
    places = m.reshape(indices.long(), (-1, indices.shape[-1])).tolist()
    parts = m.reshape(updates, (len(places), *updates.shape[indices.ndim - 1 :]))
    for place, part in zip(places, parts, strict=True):
        key = tuple(place)
        z[key] = part if rule == "none" else _REDUCTIONS[rule](z[key], part)
    return z


def _depth_to_space(node: Node, x: Any) -> Any:
    n, c, h, w = x.shape
    b = node("blocksize")
    if node("mode", "DCR") == "CRD":
        return F.pixel_shuffle(x, b)
    y = m.permute(m.reshape(x, (n, b, b, c // b**2, h, w)), (0, 3, 4, 1, 5, 2))
    return m.reshape(y, (n, c // b**2, h * b, w * b))


def _space_to_depth(node: Node, x: Any) -> Any:
    n, c, h, w = x.shape
    b = node("blocksize")
    if node("mode", "DCR") == "CRD":
        return F.pixel_unshuffle(x, b)
    y = m.permute(m.reshape(x, (n, c, h // b, b, w // b, b)), (0, 3, 5, 1, 2, 4))
    return m.reshape(y, (n, c * b * b, h // b, w // b))


def _trilu(node: Node, x: Any, k: Any = None) -> Any:
    offset = 0 if k is None else int(k.item())
    return m.triu(x, offset) if node("upper", 1) else m.tril(x, offset)


def _shape(node: Node, x: Any) -> Any:
    return m.tensor(list(x.shape)[node("start", 0) : node("end")], dtype=m.int64)


def _one_hot(node: Node, indices: Any, depth: Any, values: Any) -> Any:
    size, axis = int(depth.item()), node("axis", -1)
    hot = F.one_hot(_whole(indices, size) % size, size).to(values.dtype)
    inside = (indices.long() >= -size) & (indices.long() < size)
    hot = hot * inside.unsqueeze(-1).to(hot.dtype)
    off, on = values[0], values[1]
    return m.movedim(off + hot * (on - off), -1, axis).to(values.dtype)


def _constant(node: Node) -> Any:
    value = node("value")
    if value is not None:
        return value
    for name, kind in (("float", m.float32), ("floats", m.float32), ("int", m.int64),
                       ("ints", m.int64)):  # fmt: skip
        if f"value_{name}" in node.attributes:
            return m.tensor(node(f"value_{name}"), dtype=kind)
    raise Unsupported("a constant that is no tensor")


def _constant_of_shape(node: Node, shape: Any) -> Any:
    value = node("value")
    value = m.tensor([0.0]) if value is None else value
    return m.full(tuple(shape.tolist()), value.item(), dtype=value.dtype)


def _eye_like(node: Node, x: Any) -> Any:
    import onnx

    kind = onnx.TensorProto.DataType.Name(node("dtype", 1 if "dtype" in node.attributes else 0))
    names = {"UNDEFINED": str(x.dtype), "FLOAT": "float32", "DOUBLE": "float64"}
    rows, columns = x.shape
    k = node("k", 0)
    grid = m.arange(columns)[None, :] - m.arange(rows)[:, None]
    return (grid == k).to(getattr(m, names.get(kind, kind.lower())))


def _unique(node: Node, x: Any) -> Any:
    if not node("sorted", 1):
        raise Unsupported("unique numbers in order of appearance")
    axis = node("axis")
    kept, inverse, counts = m.unique(x, True, True, True, axis)
    inverse = m.reshape(inverse, (-1,))
    first = [inverse.tolist().index(i) for i in range(kept.shape[axis or 0])]
    return kept, m.tensor(first, dtype=m.int64), inverse, counts


def _compress(node: Node, x: Any, condition: Any) -> Any:
    axis = node("axis")
    x = m.flatten(x) if axis is None else x
    places = m.nonzero(condition)[:, 0]
    return m.index_select(x, 0 if axis is None else axis, places)


def _center_crop_pad(node: Node, x: Any, shape: Any) -> Any:
    axes = node("axes") or list(range(x.ndim))
    for axis, want in zip(axes, shape.tolist(), strict=True):
        have, axis = x.shape[axis], axis % x.ndim
        if want < have:
            x = m.narrow(x, axis, (have - want) // 2, want)
        elif want > have:
            before = (want - have) // 2
            widths = [0] * 2 * (x.ndim - 1 - axis) + [before, want - have - before]
            x = F.pad(x, widths)
    return x


OPERATORS = {
    "CenterCropPad": _center_crop_pad,
    "Compress": _compress,
    "Concat": lambda node, *xs: m.cat(xs, node("axis")),
    "Constant": _constant,
    "ConstantOfShape": _constant_of_shape,
    "DepthToSpace": _depth_to_space,
    "Expand": lambda node, x, shape: x * m.ones(tuple(shape.tolist()), dtype=x.dtype),
    "EyeLike": _eye_like,
    "Flatten": _flatten,
    "Gather": _gather,
    "GatherElements": _gather_elements,
    "GatherND": _gather_nd,
    "NonZero": lambda node, x: m.nonzero(x).T,
    "OneHot": _one_hot,
    "Pad": _pad,
    "Range": lambda node, a, b, step: m.arange(a.item(), b.item(), step.item(), dtype=a.dtype),
    "Reshape": _reshape,
    "Scatter": _scatter_elements,
    "ScatterElements": _scatter_elements,
    "ScatterND": _scatter_nd,
    "Shape": _shape,
    "Size": lambda node, x: m.tensor(x.numel(), dtype=m.int64),
    "Slice": _slice,
    "SpaceToDepth": _space_to_depth,
    "Split": _split,
    "Squeeze": _squeeze,
    "Tile": lambda node, x, times: m.tile(x, tuple(times.tolist())),
    "Transpose": lambda node, x: m.permute(x, node("perm") or tuple(range(x.ndim))[::-1]),
    "Trilu": _trilu,
    "Unique": _unique,
    "Unsqueeze": _unsqueeze,
}
