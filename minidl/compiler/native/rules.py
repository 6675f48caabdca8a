"""How the primitives that are not element-wise become views, members of nests, or kernels."""

from __future__ import annotations

from itertools import product as every
from math import prod
from typing import Any

import numpy as np

from ...backend import is_half
from ...ops.indexing import Slot
from ..graph import Call, Symbol
from .kernels import Panels, Product, Scatter
from .letters import Unwritable, computable, literal
from .lowering import RULES, Lowering, Splat, whole_view
from .nests import Member, Operand
from .views import Buffer, View, in_order, rows_in_order


def rule(*names: str) -> Any:
    """Says that a function lowers the calls of some primitives."""

    def enter(function: Any) -> Any:
        for name in names:
            RULES[name] = function
        return function

    return enter


# Movement -------------------------------------------------------------------------------------


@rule("reshape", "permute", "expand", "crop", "flip", "windows")
def _moved(self: Lowering, call: Call) -> None:
    value, out, params = self.value(call.inputs[0]), call.output, call.params
    if isinstance(value, Splat):
        self.values[out] = Splat(value.number, out.shape, value.dtype)
        return
    name = call.primitive.name
    if name == "reshape":
        self.move(call, value.reshaped(out.shape))
    elif name == "permute":
        self.move(call, value.permuted(params["dims"]))
    elif name == "expand":
        self.move(call, value.expanded(out.shape))
    elif name == "crop":
        self.move(call, value.cropped(params["key"]))
    elif name == "flip":
        self.move(call, value.flipped(params["dims"]))
    else:
        self.move(call, value.windowed(**params))


@rule("transfer")
def _stayed(self: Lowering, call: Call) -> None:
    """A compiled function works on one device, so whatever is moved is there already."""
    self.move(call, self.value(call.inputs[0]))


@rule("fill")
def _filled(self: Lowering, call: Call) -> None:
    self.values[call.output] = Splat(call.params["value"], call.output.shape, call.output.dtype)


@rule("cat")
def _joined(self: Lowering, call: Call) -> None:
    place, dim, start = self.place(call.output), call.params["dim"], 0
    for x in call.inputs:
        end = start + x.shape[dim]
        self.deliver_part(x, place.cropped((slice(None),) * dim + (slice(start, end),)))
        start = end
    self.values[call.output] = place


@rule("pad")
def _padded(self: Lowering, call: Call) -> None:
    if self.virtual(call.output) is not None:
        return  # the convolutions that read it ask for what lies inside
    whole = self.assembled(call)
    self.deliver_part(call.inputs[0], whole.cropped(call.params["key"]))
    self.values[call.output] = whole


# Reductions -----------------------------------------------------------------------------------

_JOINS = {"sum": "add", "sum_to": "add", "amax": "max", "amin": "min"}


@rule("sum", "sum_to", "amax", "amin")
def _reduced(self: Lowering, call: Call) -> None:
    value, out, join = self.value(call.inputs[0]), call.output, _JOINS[call.primitive.name]
    dims = _dims(call)
    kind = computable(out.dtype)
    if isinstance(value, Splat):
        count = prod(value.shape[d] for d in dims) if join == "add" else 1
        self.values[out] = Splat(value.number * count, out.shape, out.dtype)
        return
    if not dims:
        self.elementwise_copy(call, value)
        return
    cast = "" if value.dtype == out.dtype else f"({kind})"
    write = lambda x: f"{cast}{x}"
    kept = [d for d, n in enumerate(value.shape) if d not in dims and n != 1]
    columns = prod(value.shape[d] for d in dims)
    place = self.place(out)
    operands = [Operand(value)]
    trailing = not kept or max(kept) < min(dims)
    if trailing and (kept or value.size <= 2**14):
        self.values[out] = place
        self.enter(Member("fold", value.shape, place, operands, write, join, call.where,
                          name=call.primitive.name), columns)  # fmt: skip
        return
    straight = place if place.contiguous else whole_view("arena", out.shape, out.dtype)
    member = Member("collect", value.shape, straight, operands, write, join, call.where,
                    name=call.primitive.name)  # fmt: skip
    steps = [0] * len(value.shape)
    for d, step in zip(kept, in_order([value.shape[d] for d in kept]), strict=True):
        steps[d] = step
    member.into = View(straight.buffer, straight.offset, value.shape, steps)
    self.enter(member)
    if straight is not place:
        self.copy(straight, place)
    self.values[out] = place


def _dims(call: Call) -> list[int]:
    """The dimensions of more than one number that a reduction sums over."""
    shape = call.inputs[0].shape
    if call.primitive.name != "sum_to":
        return [d for d in call.params["dims"] if shape[d] != 1]
    new = len(shape) - len(call.params["shape"])
    target = (1,) * new + tuple(call.params["shape"])
    return [d for d, n in enumerate(shape) if n != 1 and target[d] == 1]


@rule("sum_windows")
def _summed_windows(self: Lowering, call: Call) -> None:
    value, out = self.value(call.inputs[0]), call.output
    if isinstance(value, Splat) or prod(call.params["sizes"]) > 36:
        raise Unwritable("a large window")
    computable(out.dtype)
    operands = [Operand(view) for view in _window_places(value, call.params)]
    place = self.values[out] = self.place(out)
    write = lambda *texts: f"({' + '.join(texts)})"
    self.enter(Member("map", out.shape, place, operands, write, where=call.where,
                      name=call.primitive.name))  # fmt: skip


@rule("argmax_windows")
def _best_of_windows(self: Lowering, call: Call) -> None:
    value, out, params = self.value(call.inputs[0]), call.output, call.params
    if isinstance(value, Splat) or prod(params["sizes"]) > 36:
        raise Unwritable("a large window")
    kind = computable(value.dtype)
    plain = View(Buffer("none", value.size, value.dtype), 0, value.shape, in_order(value.shape))
    places = _window_places(plain, params)
    shifts = [view.offset for view in places]
    begins = View(plain.buffer, 0, out.shape, places[0].steps)

    def write(start: str, first: str, *others: str) -> str:
        lines = [f"{kind} best = {first}; int32_t at = 0;"]
        for x, shift in zip(others, shifts[1:], strict=True):
            lines.append(
                f"{{ {kind} x = {x}; int better = (x > best) | (x != x); "
                f"best = better ? x : best; at = better ? {shift} : at; }}"
            )
        return f"RESULT({start} + at, {' '.join(lines)})"

    read = [Operand(view) for view in _window_places(value, params)]
    place = self.values[out] = self.place(out)
    operands = [Operand(begins, counted=True), *read]
    self.enter(
        Member(
            "map",
            out.shape,
            place,
            operands,
            write,
            where=call.where,
            cost=8,
            name=call.primitive.name,
        )
    )


def _window_places(value: View, params: dict[str, Any]) -> list[View]:
    """For each place of a window, what all windows show there."""
    windows = value.windowed(params["sizes"], params["steps"], params["gaps"])
    return [windows.cropped(place) for place in every(*map(range, params["sizes"]))]


# Products of matrices -------------------------------------------------------------------------


@rule("matmul")
def _multiplied(self: Lowering, call: Call) -> None:
    out = call.output
    if out.dtype.name not in self.multiplied:
        raise Unwritable(f"numbers of {out.dtype}")
    if any(x.dtype != out.dtype for x in call.inputs):
        raise Unwritable("a product of two dtypes")
    a, b = (_matrix(self, x) for x in call.inputs)
    met = call.inputs[1]
    again = isinstance(met, Symbol) and len(self.placing.uses[met]) > 3
    place = self.place(out)
    c = place if _ready(place) else whole_view("arena", out.shape, out.dtype)
    self.values[out] = place
    stack = out.shape[:-2]
    few = not stack and out.shape[0] <= self.flat
    if again and few and c.steps[1] == 1:
        kernel = Product(a, b, c, _panels(self, b, call.where))
    else:
        kernel = _flat(a, b, c) or Product(
            a.expanded((*stack, *a.shape[-2:])), b.expanded((*stack, *b.shape[-2:])), c
        )
    kernel.where = call.where
    self.append(kernel)
    if c is not place:
        self.copy(c, place)


def _panels(self: Lowering, view: View, where: str) -> Buffer:
    """A matrix that is met again and again, as by every step of a sequence, laid out for that."""
    key = (id(view.buffer), view.offset, view.shape, view.steps)
    if key not in self.panels:
        kernel = Panels(view)
        kernel.where = where
        self.append(kernel)
        self.panels[key] = kernel.panels
    return self.panels[key]


def _flat(a: View, b: View, c: View) -> Product | None:
    """Stacks of matrices that meet one matrix as one tall matrix."""
    if len(c.shape) == 2 or any(n != 1 for n in b.shape[:-2]):
        return None
    rows = prod(c.shape[:-1])
    tall, result = a.reshaped((rows, a.shape[-1])), c.reshaped((rows, c.shape[-1]))
    matrix = b.reshaped(b.shape[-2:])
    if tall is None or result is None or matrix is None or prod(a.shape[:-1]) != rows:
        return None
    return Product(tall, matrix, result) if _ready(tall) and _ready(result) else None


def _matrix(self: Lowering, x: Any) -> View:
    """An operand in memory as BLAS can read it."""
    view = self.memory(x)
    return view if _ready(view) else self.in_order(view)


def _ready(view: View) -> bool:
    """Whether the rows or the columns of each matrix lie in order, without overlap."""
    (m, n), (down, right) = view.shape[-2:], view.steps[-2:]
    by_columns = (down == 1 or m == 1) and (right >= m or n == 1)
    return by_columns or rows_in_order(view)


# Looking up and adding back -------------------------------------------------------------------


@rule("gather_at")
def _gathered(self: Lowering, call: Call) -> None:
    x, *indices = call.inputs
    value, out = self.value(x), call.output
    if isinstance(value, Splat):
        self.values[out] = Splat(value.number, out.shape, value.dtype)
        return
    computable(out.dtype)
    if _one_of_each_row(call):
        _picked(self, call, value)
        return
    rest, found = _addressed(self, call.params["key"], value, indices)
    self.require(value)
    place = self.values[out] = self.place(out)
    self.enter(Member("map", out.shape, place, [Operand(rest, found)], lambda x: x,
                      where=call.where, cost=8,
                      name=call.primitive.name))  # fmt: skip


@rule("scatter_at")
def _scattered(self: Lowering, call: Call) -> None:
    x, *indices = call.inputs
    value, out, shape = self.value(x), call.output, tuple(call.params["shape"])
    computable(out.dtype)
    if _one_of_each_row(call) and not isinstance(value, Splat):
        _one_hot(self, call, value)
        return
    if is_half(out.dtype):
        raise Unwritable(f"a sum of {out.dtype} at places that are looked up")
    value = self.memory(x)
    place = whole_view("arena", shape, out.dtype)
    rest, found = _addressed(self, call.params["key"], place, indices)
    for view, _, _ in found:
        self.require(view)
    kernel = Scatter(value.expanded(rest.shape), found, rest, place)
    kernel.where = call.where
    self.append(kernel)
    self.values[out] = place


def _addressed(
    self: Lowering, key: tuple, value: View, indices: list
) -> tuple[View, list[tuple[View, int, int]]]:
    """x[key] in its shape: what the slices show, and which indices are added."""
    if not all(k is Slot.ARRAY or isinstance(k, slice) for k in key):
        raise Unwritable("an index that is neither array nor slice")
    arrays = [self.value(i) for i in indices]
    if any(a.dtype.kind not in "iu" for a in arrays):
        raise Unwritable("a mask")
    key = (*key, *(slice(None),) * (len(value.shape) - len(key)))
    spots = [d for d, k in enumerate(key) if k is Slot.ARRAY]
    common = np.broadcast_shapes(*(a.shape for a in arrays))
    adjacent = bool(spots) and spots == list(range(spots[0], spots[-1] + 1))
    before = spots[0] if adjacent else 0
    sliced = value.cropped(tuple(slice(0, 1) if k is Slot.ARRAY else k for k in key))
    left = [step for d, step in enumerate(sliced.steps) if d not in spots]
    sizes = [n for d, n in enumerate(sliced.shape) if d not in spots]
    steps = [*left[:before], *(0 for _ in common), *left[before:]]
    shape = (*sizes[:before], *common, *sizes[before:])
    found = []
    for d, array in zip(spots, arrays, strict=True):
        view = self.memory(array).expanded(common)
        walk = [*(0 for _ in left[:before]), *view.steps, *(0 for _ in left[before:])]
        view = View(view.buffer, view.offset, shape, walk)
        found.append((view, value.shape[d], value.steps[d]))
    return View(value.buffer, sliced.offset, shape, steps), found


def _one_of_each_row(call: Call) -> bool:
    """Whether x[0, i_0], x[1, i_1], ... are asked for: one number of each row, as losses do."""
    x, *indices = call.inputs
    matrix = x.shape if call.primitive.name == "gather_at" else tuple(call.params["shape"])
    if len(matrix) != 2 or len(indices) != 2 or set(call.params["key"]) != {Slot.ARRAY}:
        return False
    rows = indices[0]
    return (
        isinstance(rows, np.ndarray)
        and rows.size == matrix[0]
        and prod(indices[1].shape) == matrix[0]
        and np.array_equal(np.ravel(rows), np.arange(matrix[0]))
    )


def _columns(self: Lowering, call: Call, matrix: tuple[int, ...]) -> list[Operand]:
    """The number of each column, and the column that is asked for in each row."""
    index = self.value(call.inputs[-1])
    if isinstance(index, Splat):
        raise Unwritable("one index for all rows")
    asked = index.reshaped((matrix[0], 1)) or self.in_order(index).reshaped((matrix[0], 1))
    assert asked is not None
    count = View(Buffer("none", matrix[1], np.dtype("int64")), 0, matrix, (0, 1))
    return [Operand(count, counted=True), Operand(asked.expanded(matrix), bound=matrix[1])]


def _picked(self: Lowering, call: Call, value: View) -> None:
    """A fold that adds the one number asked for and zeros."""
    zero = literal(0, value.dtype)
    write = lambda c, asked, x: f"({c} == {asked} ? {x} : {zero})"
    place = self.values[call.output] = self.place(call.output)
    operands = [*_columns(self, call, value.shape), Operand(value)]
    member = Member("fold", value.shape, place, operands, write, "add", call.where,
                    name="gather_at")  # fmt: skip
    self.enter(member, value.shape[1])


def _one_hot(self: Lowering, call: Call, value: View) -> None:
    """A map that is zero but where asked."""
    matrix = tuple(call.params["shape"])
    zero = literal(0, value.dtype)
    write = lambda c, asked, x: f"({c} == {asked} ? {x} : {zero})"
    column = value.reshaped((matrix[0], 1)) or self.in_order(value).reshaped((matrix[0], 1))
    assert column is not None
    operands = [*_columns(self, call, matrix), Operand(column.expanded(matrix))]
    place = self.values[call.output] = self.place(call.output)
    self.enter(Member("map", matrix, place, operands, write, where=call.where,
                      name=call.primitive.name))  # fmt: skip
