"""Asks any function of tensors for its value, precisely and the same way each time."""

import inspect
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import partial
from typing import Any, final

import numpy as np

import minidl
from minidl import Tensor, nn

from .signals import same_dice


@final
class Unanswerable(ValueError):
    """There is no Jacobian, and the message says why in a sentence of its own."""


@final
@dataclass(frozen=True)
class Precision:
    """How finely one can nudge in a dtype, and what may then differ without being wrong."""

    dtype: Any
    nudge: float
    absolute: float
    relative: float
    noise: float  # of the largest number: what is smaller than this is taken for 0
    corner: float  # slopes to the left and to the right that differ by more belong to a corner


FINE = Precision(minidl.float64, 1e-5, 1e-6, 1e-4, 1e-9, 1e-3)
COARSE = Precision(minidl.float32, 5e-3, 5e-3, 5e-3, 2e-4, 0.05)


def settled(f: Callable, inputs: Sequence[Any]) -> tuple[Callable, Tensor, Precision]:
    """What is asked in the function's place, its value, and how finely it can be nudged.

    Raises what the function raises; Unanswerable where it gives no tensor.
    """
    try:
        own = exact(f, FINE)
        output, _ = answer(own, inputs, FINE)
        if output.dtype == FINE.dtype:
            return own, output, FINE
    except Exception:
        pass  # a weight of float32 within; any other trouble comes again
    own = exact(f, COARSE)
    return own, answer(own, inputs, COARSE)[0], COARSE


def exact(f: Callable, precision: Precision) -> Callable:
    """A module's copy in the dtype in which one nudges: the learner's own is never written to."""
    if isinstance(f, nn.Module):
        return deepcopy(f).to(precision.dtype)
    return f


def answer(
    f: Callable, inputs: Sequence[Any], precision: Precision, watch: int = -1
) -> tuple[Tensor, list[Any]]:
    """The function's value and the tensors it was given; dice are thrown the same way each time."""
    given = [_tensor(x, precision, i == watch) for i, x in enumerate(inputs)]
    with same_dice():
        output = f(*given)
    if not isinstance(output, Tensor):
        raise Unanswerable(f"the function returned {type(output).__name__}, and not one tensor.")
    return output, given


def _tensor(x: Any, precision: Precision, watched: bool) -> Any:
    if not isinstance(x, np.ndarray):
        return x
    kind = precision.dtype if x.dtype == np.float64 else None
    return minidl.tensor(x, dtype=kind, requires_grad=watched)


def told(error: Exception) -> str:
    """An error in a sentence."""
    if isinstance(error, Unanswerable):
        return str(error)
    if isinstance(error, NotImplementedError):
        return f"it is not written yet ({error})." if str(error) else "it is not written yet."
    said = str(error).strip().splitlines()[0].rstrip(".") if str(error).strip() else "no more words"
    return f"{type(error).__name__}: {said}."


def names_of(f: Callable, count: int) -> list[str]:
    """What the inputs are called: by the learner's own parameters, else x, y and so on."""
    usual = ["x", "y", "u", "v", "w"] + [f"x{i}" for i in range(5, count)]
    if isinstance(f, nn.Module) or str(getattr(f, "__module__", "")).startswith("minidl."):
        return usual[:count]
    try:
        parameters = inspect.signature(f).parameters.values()
    except (TypeError, ValueError):
        return usual[:count]
    plain = [p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    return plain[:count] if len(plain) >= count else usual[:count]


def title_of(f: Callable) -> str:
    """What the function is called: "exp", "Linear", "the function" for a lambda."""
    f = f.func if isinstance(f, partial) else f
    if isinstance(f, nn.Module):
        return type(f).__name__
    name = getattr(f, "__name__", type(f).__name__)
    return "the function" if name.startswith("<") else name
