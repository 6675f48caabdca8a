"""Where the windows of a pooling stand, and how numbers are fetched from the places they name."""

from math import prod
from typing import Any, final

from ... import ops
from ...dtypes import is_floating
from ...errors import ShapeError
from ...ops import Slot
from ...tensors import Tensor
from .geometry import each


@final
class Window:
    """A pooling's arguments, read for an input (N, C, *spatial).

    Attributes:
        sizes, steps, gaps: kernel_size, stride and dilation, one per spatial dimension.
        before: how far the first window stands over the edge.
        counts: how many windows there are.
        widths: the border that the windows need, as `pad` takes it.
    """

    def __init__(
        self, name: str, n: int, input: Tensor, kernel_size: Any, stride: Any, padding: Any,
        dilation: Any, ceil_mode: bool,
    ):  # fmt: skip
        self.sizes = each(name, "kernel_size", kernel_size, n, 1)
        given = stride is not None and stride != ()
        self.steps = each(name, "stride", stride, n, 1) if given else self.sizes
        self.gaps = each(name, "dilation", dilation, n, 1)
        self.before = each(name, "padding", padding, n, 0)
        spans = [gap * (size - 1) + 1 for gap, size in zip(self.gaps, self.sizes, strict=True)]
        along = list(zip(input.shape[2:], spans, self.steps, self.before, strict=True))
        self.counts = tuple(_count(*these, ceil_mode) for these in along)
        self._check(name, input, spans)
        after = [
            max((count - 1) * step + span - length - before, 0)
            for count, (length, span, step, before) in zip(self.counts, along, strict=True)
        ]
        pairs = zip(reversed(self.before), reversed(after), strict=True)
        self.widths = [width for pair in pairs for width in pair]

    @property
    def how(self) -> dict[str, tuple]:
        """What the primitives on windows take."""
        return {"sizes": self.sizes, "steps": self.steps, "gaps": self.gaps}

    def _check(self, name: str, input: Tensor, spans: list[int]) -> None:
        if input.dtype.kind not in "iuf" and not is_floating(input.dtype):
            raise TypeError(f"{name}: input must hold real numbers, got {input.dtype}.")
        if 0 in input.shape[1:]:
            raise ShapeError(f"{name}: only the batch of input may be empty, got {input.shape}.")
        if any(before > span // 2 for before, span in zip(self.before, spans, strict=True)):
            raise ValueError(
                f"{name}: padding={self.before} is more than half of the window {tuple(spans)}: "
                "a window would stand in the padding only."
            )
        if min(self.counts) < 1:
            raise ShapeError(
                f"{name}: the window {tuple(spans)} is larger than input {input.shape} with "
                f"padding={self.before} on both sides of its last {len(spans)} dimensions."
            )


def _count(length: int, span: int, step: int, before: int, ceil_mode: bool) -> int:
    """How many windows stand along a dimension."""
    room = length + 2 * before - span
    count = (room + (step - 1 if ceil_mode else 0)) // step + 1
    begins_inside = (count - 1) * step < length + before
    return count if begins_inside or not ceil_mode else count - 1


def lowest(x: Tensor) -> Any:
    """What no number of a tensor's dtype is below."""
    if is_floating(x.dtype):
        return float("-inf")
    return 0 if x.dtype.kind == "u" else -(2 ** (8 * x.dtype.itemsize - 1))


def at_places(x: Tensor, places: Tensor) -> Tensor:
    """The numbers at places of the flattened tensor; gradients return to those places alone."""
    row = ops.reshape_(places, shape=(prod(places.shape),))  # adding back is fastest along a row
    numbers = ops.gather_at(ops.reshape_(x, shape=(prod(x.shape),)), row, key=(Slot.ARRAY,))
    return ops.reshape_(numbers, shape=tuple(places.shape))
