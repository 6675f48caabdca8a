"""What each layer of a network makes of a picture, and which dots a number of a map looks at."""

from collections.abc import Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any, final

import numpy as np

from minidl import nn, no_grad

from .hosting import host

# Layers that look at each number of a map alone, by the file of `nn` that they stand in.
ALONE = {"activation", "rectifiers", "shrinking", "dropout", "batch_normalization"}


@final
@dataclass(frozen=True)
class Field:
    """Number (r, c) of a map looks at dots start + r * step ... of the picture, span of them.

    Each is a pair, for rows and columns; gap: how far apart the dots lie (more than 1 for one
    kernel with dilation alone).
    """

    start: tuple[int, int] = (0, 0)
    step: tuple[int, int] = (1, 1)
    span: tuple[int, int] = (1, 1)
    gap: tuple[int, int] = (1, 1)

    def through(self, sizes: Any, steps: Any, borders: Any, gaps: Any) -> "Field":
        """What a window on this map looks at in the picture."""
        along = zip(self.start, self.step, self.span, sizes, steps, borders, gaps, strict=True)
        pairs = [
            (start - border * step, step * stride, span + gap * (size - 1) * step)
            for start, step, span, size, stride, border, gap in along
        ]
        (a, b, c), (d, e, f) = pairs
        return Field((a, d), (b, e), (c, f))

    def plain(self) -> dict[str, list[int]]:
        """As JSON has it."""
        return {name: list(map(int, value)) for name, value in vars(self).items()}


@final
@dataclass(frozen=True)
class Stage:
    """One layer's maps (c, h, w) of one picture; field is None where nobody can tell."""

    title: str
    maps: np.ndarray
    field: Field | None


def stages(model: nn.Module, picture: Any) -> list[Stage]:
    """The maps of every layer that makes some, in the order in which they are called.

    picture: what the model takes, one example in a batch.
    Raises ValueError when no layer makes maps (1, c, h, w).
    """
    calls: list[tuple[str, nn.Module, Any, Any]] = []
    with resting(model), no_grad(), ExitStack() as hooks:
        for path, part in model.named_modules():
            if not list(part.children()):
                hooks.enter_context(part.register_forward_hook(_noting(calls, path)))
        model(picture)
    found, last, field = [], picture, Field() if picture.ndim == 4 else None
    for path, part, taken, given in calls:
        first = last is picture and isinstance(part, nn.Unflatten)
        field = Field() if first else _seen(part, field, taken) if taken is last else None
        last = given
        if getattr(given, "ndim", 0) == 4 and given.shape[0] == 1:
            maps = host(given).astype(np.float64)[0]
            found.append(Stage(f"{path} {type(part).__name__}".strip(), maps, field))
    if not found:
        raise ValueError("No layer of this model makes feature maps (1, channels, h, w).")
    return found


def _noting(calls: list, path: str) -> Any:
    def note(part: nn.Module, taken: tuple, given: Any) -> None:
        calls.append((path, part, taken[0] if taken else None, given))

    return note


def _seen(part: nn.Module, field: Field | None, taken: Any) -> Field | None:
    """The field behind a layer; None where a number may look at more than a window."""
    if field is None:
        return None
    if isinstance(part, (nn.Conv2d, nn.MaxPool2d, nn.AvgPool2d)):
        window = _window(part)
        return field.through(*window) if window else None
    alone = type(part).__module__.rpartition(".")[2] in ALONE or isinstance(part, nn.Identity)
    return field if alone else None


def _window(part: Any) -> tuple[Any, ...] | None:
    """Sizes, steps, borders and gaps of a layer with windows."""
    read: Mapping[str, Any] = vars(part)
    sizes, gaps = pair(read["kernel_size"]), pair(read.get("dilation", 1))
    stride = read.get("stride")
    steps = sizes if stride is None else pair(stride)
    padding = read.get("padding", 0)
    if padding == "same":
        borders = tuple(gap * (size - 1) // 2 for size, gap in zip(sizes, gaps, strict=True))
    else:
        borders = (0, 0) if padding == "valid" else pair(padding)
    return sizes, steps, borders, gaps


def pair(value: Any) -> tuple[int, int]:
    """One number for both directions, or two."""
    return tuple(value) if isinstance(value, (tuple, list)) else (value, value)  # type: ignore


@contextmanager
def resting(model: nn.Module):
    """The model as it is when it is used, not trained; afterwards every part as it was."""
    before = [(part, part.training) for part in model.modules()]
    model.eval()
    try:
        yield
    finally:
        for part, training in before:
            part.training = training
