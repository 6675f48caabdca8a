"""How large a network's signals are, part by part: numbers going forward, gradients coming back.

Nothing is changed by looking: weights, gradients, running statistics and dice stay as they are.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any, final

import numpy as np

import minidl
from minidl import Tensor, nn

from .hosting import host

Wanted = Callable[[str, nn.Module], bool]


@final
@dataclass(frozen=True)
class Size:
    """How large the numbers of one array are."""

    rms: float  # the root of the mean square; inf or nan where the numbers are
    mean: float
    spread: float  # the standard deviation
    zeros: float  # the share that is exactly 0


@final
@dataclass(frozen=True)
class Signal:
    """One call of one part of a network."""

    path: str  # "blocks.3.first"; "" is the network itself
    kind: str  # the part's class
    forward: Size  # of what it gives
    back: Size | None  # of the loss's gradient there; None where the loss does not answer
    weight: Size | None = None  # of its own matrices and kernels, if it has any
    weight_back: Size | None = None  # of their gradients


def measure(
    model: nn.Module,
    x: Any,
    loss: Callable[[Any], Tensor] | None = None,
    wanted: Wanted | None = None,
) -> list[Signal]:
    """The size of every signal, in the order in which the parts are called.

    Args:
        model: in the mode in which it is, for training or for use.
        x: a batch that it takes, or a tuple of its arguments.
        loss: makes one number of the output. Without it each number of the output has a random
            weight of its own (normal, always the same), so the gradient enters with size 1.
        wanted: which parts, by path and part; without it those that have no parts themselves, or
            weights of their own.

    Raises:
        What the model or the loss raises.
    """
    calls: list[tuple[str, nn.Module, Tensor, Size]] = []
    with undisturbed(model), minidl.enable_grad(), np.errstate(all="ignore"), ExitStack() as hooks:
        for path, part in model.named_modules():
            if (wanted or _bare)(path, part):
                hooks.enter_context(part.register_forward_hook(_noting(calls, path)))
        output = model(*map(_watched, x if isinstance(x, tuple) else (x,)))
        total = (loss or _weighted)(output)
        weights = {id(part): _matrices(part) for _, part, _, _ in calls}
        asked = [given for _, _, given, _ in calls]
        asked += [w for matrices in weights.values() for w in matrices]
        found = _gradients(total, asked)
    return [
        Signal(path, type(part).__name__, size, _back([given], found),
               size_of(weights[id(part)]), _back(weights[id(part)], found))
        for path, part, given, size in calls
    ]  # fmt: skip


def size_of(arrays: Sequence[Any]) -> Size | None:
    """The size of all numbers of some tensors or arrays together; None where there are none."""
    flat = [host(a).astype(np.float64).ravel() for a in arrays]
    numbers = np.concatenate(flat) if flat else np.zeros(0)
    if not numbers.size:
        return None
    with np.errstate(all="ignore"):  # what has left all numbers behind is told by inf and nan
        rms = float(np.sqrt((numbers**2).mean()))
        mean, spread = float(numbers.mean()), float(numbers.std())
    return Size(rms, mean, spread, float((numbers == 0).mean()))


def growth(sizes: Sequence[float]) -> float:
    """By which factor sizes change from one to the next, taken from the first and the last.

    nan where fewer than two are positive and finite.
    """
    places = [(i, s) for i, s in enumerate(sizes) if 0 < s < float("inf")]
    if len(places) < 2:
        return float("nan")
    (i, first), (j, last) = places[0], places[-1]
    return (last / first) ** (1 / (j - i))


@contextmanager
def same_dice(seed: int | None = None) -> Iterator[None]:
    """Whatever is drawn inside, minidl's dice lie afterwards as before; with a seed they begin
    from it."""
    before = minidl.get_rng_state()
    try:
        if seed is not None:
            minidl.manual_seed(seed)
        yield
    finally:
        minidl.set_rng_state(before)


@contextmanager
def undisturbed(model: nn.Module) -> Iterator[None]:
    """Running statistics and the dice are afterwards as before."""
    before = [(buffer, buffer.detach().clone()) for buffer in model.buffers()]
    try:
        with same_dice():
            yield
    finally:
        with minidl.no_grad():
            for buffer, kept in before:
                buffer.copy_(kept)


def _bare(_: str, part: nn.Module) -> bool:
    return bool(_matrices(part)) or not list(part.children())


def _watched(x: Any) -> Any:
    """An input whose gradient may be asked for, so that frozen networks have gradients, too."""
    if isinstance(x, Tensor) and x.dtype.kind == "f":
        return x.detach().requires_grad_()
    return x


def _noting(calls: list, path: str) -> Callable:
    def note(part: nn.Module, _: tuple, given: Any) -> None:
        first = given[0] if isinstance(given, (tuple, list)) else given
        if isinstance(first, Tensor) and first.dtype.kind == "f":
            size = size_of([first])
            if size is not None:
                calls.append((path, part, first, size))

    return note


def _weighted(output: Any) -> Tensor:
    """The output's numbers, each times a random one that is always the same, and added."""
    output = output[0] if isinstance(output, (tuple, list)) else output
    letters = np.random.default_rng(0).normal(size=output.shape)
    weights = minidl.tensor(letters, dtype=output.dtype, device=output.device)
    return (output * weights).sum()


def _matrices(part: nn.Module) -> list[Tensor]:
    own = part._parameters.values()  # the drawer itself: a learner's walk may know no options
    return [parameter for parameter in own if parameter is not None and parameter.ndim > 1]


def _gradients(total: Tensor, asked: list[Tensor]) -> dict[int, Any]:
    """The gradient of each tensor that has one, by the tensor's id."""
    unique = {id(t): t for t in asked if t.requires_grad}
    if not unique or not total.requires_grad:
        return {}
    grads = minidl.autograd.grad(total, list(unique.values()), allow_unused=True)
    return dict(zip(unique, grads, strict=True))


def _back(tensors: Sequence[Tensor], found: dict[int, Any]) -> Size | None:
    grads = [found.get(id(t)) for t in tensors]
    return size_of([g for g in grads if g is not None])
