"""The landscapes that optimisers race on: a function of two numbers, or a slice of a real loss."""

from collections.abc import Callable, Sequence
from typing import Any, final

import numpy as np

import minidl
from minidl import nn

Surface = Callable[[Any, Any], Any]
Range = tuple[float, float]
FINE, COARSE = 65, 31  # places along each side: where one call finds all, where each is a call


@final
class LossSlice:
    """A model's loss along two directions: `slice(x, y)` is the loss at w + x first + y second.

    ::

        LossSlice(model, lambda: nn.functional.cross_entropy(model(pictures), labels))

    Args:
        model: its parameters now are the middle of the picture, x = y = 0.
        loss: computes the loss of the model as it is, as a tensor without dimensions.
        directions: two lists of arrays, one for each parameter; random ones where none are given,
            each as long as the parameter that it moves.
        seed: decides the random ones.

    The model is the same after each call. Gradients of x and y come from its own backward rules.
    Source: Li et al., "Visualizing the Loss Landscape of Neural Nets" (2018), section 4.
    """

    def __init__(
        self,
        model: nn.Module,
        loss: Callable[[], Any],
        directions: Sequence[Sequence[Any]] | None = None,
        seed: int = 0,
    ):
        self._loss = loss
        self._places = [
            (part, name, parameter)
            for _, part in model.named_modules()
            for name, parameter in part._parameters.items()
            if parameter is not None
        ]
        known = {id(p): p for _, _, p in self._places}
        self._middle = {key: p.detach().clone() for key, p in known.items()}
        given = directions or _random(list(known.values()), seed)
        if len(given) != 2 or any(len(one) != len(known) for one in given):
            raise ValueError(f"Two directions are needed, each of {len(known)} arrays.")
        self._directions = {
            key: [minidl.as_tensor(one[i], dtype=p.dtype) for one in given]
            for i, (key, p) in enumerate(known.items())
        }

    def __call__(self, x: Any, y: Any) -> Any:
        moved = {
            key: middle + x * self._directions[key][0] + y * self._directions[key][1]
            for key, middle in self._middle.items()
        }
        try:
            for part, name, parameter in self._places:
                _put(part, name, moved[id(parameter)])
            return self._loss()
        finally:
            for part, name, parameter in self._places:
                _put(part, name, parameter)


def _put(part: nn.Module, name: str, tensor: Any) -> None:
    """Lets a module compute with this tensor, which need not be a parameter."""
    part._parameters[name] = vars(part)[name] = tensor


def _random(parameters: list[Any], seed: int) -> list[list[np.ndarray]]:
    """Two random directions in which every parameter is moved by its own length."""
    rng, found = np.random.default_rng(seed), []
    for _ in range(2):
        drawn = [rng.normal(size=tuple(p.shape)) for p in parameters]
        sizes = [float((p.detach() ** 2).sum().sqrt().item()) or 1.0 for p in parameters]
        pairs = zip(drawn, sizes, strict=True)
        found.append([d * size / (np.sqrt((d**2).sum()) or 1.0) for d, size in pairs])
    return found


def heights(surface: Surface, across: Range, upward: Range) -> tuple[np.ndarray, ...]:
    """The surface on a grid: the xs, the ys, and a row of heights for each y, nan for no number."""
    with minidl.no_grad(), np.errstate(all="ignore"):
        xs, ys = (np.linspace(*side, FINE) for side in (across, upward))
        z = _at_once(surface, xs, ys)
        if z is None:
            xs, ys = (np.linspace(*side, COARSE) for side in (across, upward))
            z = np.array([[height_at(surface, x, y) for x in xs] for y in ys])
    return xs, ys, np.where(np.isfinite(z), z, np.nan)


def _at_once(surface: Surface, xs: np.ndarray, ys: np.ndarray) -> np.ndarray | None:
    """All heights by one call, where the function takes arrays number by number; or None."""
    grid = [minidl.tensor(side.astype(np.float32)) for side in np.meshgrid(xs, ys)]
    try:
        z = surface(*grid)
    except Exception:
        return None
    if not isinstance(z, minidl.Tensor) or tuple(z.shape) != (len(ys), len(xs)):
        return None
    z = z.numpy().astype(float)
    for i, j in ((0, 0), (len(ys) // 2, len(xs) // 3), (len(ys) - 1, 1)):
        one = height_at(surface, xs[j], ys[i])
        if not np.isclose(z[i, j], one, rtol=1e-3, atol=1e-5, equal_nan=True):
            return None
    return z


def height_at(surface: Surface, x: float, y: float) -> float:
    """The surface at one place."""
    found = surface(minidl.tensor(float(x)), minidl.tensor(float(y)))
    return float(found.item() if hasattr(found, "item") else found)
