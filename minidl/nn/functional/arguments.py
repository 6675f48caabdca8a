"""What functions ask of their arguments, said in one wording: real numbers, one dtype, a chance."""

from typing import Any

from ...dtypes import is_floating
from ...errors import ShapeError
from ...precision import mixes
from ...tensors import Tensor


def check_real(name: str, **tensors: Tensor | None) -> None:
    """Refuses what holds no real numbers; None, an argument left out, passes.

    Raises:
        TypeError: names the argument and what came.
    """
    for word, x in tensors.items():
        if x is None:
            continue
        if not isinstance(x, Tensor):
            raise TypeError(f"{name}: {word} must be a Tensor, got {type(x).__name__}: {x!r:.60}")
        if not is_floating(x.dtype):
            raise TypeError(
                f"{name}: {word} must hold real numbers, got {x.dtype}; convert it with .float()."
            )


def check_alike(name: str, **tensors: Tensor | None) -> None:
    """Refuses tensors that are not all of one dtype of real numbers.

    Raises:
        TypeError: names the two that differ.
    """
    check_real(name, **tensors)
    first = kind = None
    for word, x in tensors.items():
        if x is None:
            continue
        if kind is None:
            first, kind = word, x.dtype
        elif x.dtype != kind and not mixes(*tensors.values()):
            raise TypeError(
                f"{name}: {first} and {word} must have one dtype, got {kind} and {x.dtype}; "
                "convert one of them with .to()."
            )


def check_shape(name: str, expected: tuple[int, ...], **tensors: Tensor | None) -> None:
    """Refuses tensors of another shape than expected; None passes.

    Raises:
        ShapeError: names the argument and both shapes.
    """
    for word, x in tensors.items():
        if x is not None and x.shape != expected:
            raise ShapeError(f"{name}: {word} must have shape {expected}, got {x.shape}.")


def fits(shape: tuple[int, ...], target: tuple[int, ...]) -> bool:
    """Whether a shape broadcasts to another without widening it."""
    pairs = zip(shape[::-1], target[::-1], strict=False)
    return len(shape) <= len(target) and all(n in (1, wanted) for n, wanted in pairs)


def check_chance(name: str, p: Any, word: str = "p") -> None:
    """Refuses what is no probability.

    Raises:
        ValueError: it does not lie between 0 and 1.
    """
    if not 0 <= p <= 1:
        raise ValueError(f"{name}: {word} is a probability, between 0 and 1, got {p}.")


def settled(input: Tensor, output: Tensor, inplace: bool) -> Tensor:
    """The output of a function; where it was asked for in place, the input, which becomes it."""
    return input._rebind(output) if inplace else output
