"""What a compiled function returns: a pattern with places for the tensors, filled at each call."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, final

from ..backend import dtype
from ..errors import CompileError
from ..tensors import Tensor

_PLAIN = (type(None), bool, int, float, complex, str, bytes, dtype)


@final
class Place(NamedTuple):
    """Where a tensor stands in a pattern.

    Attributes:
        kind: "output" of the program, "subject" (a tensor that was there before), "constant".
        index: which of them.
    """

    kind: str
    index: int


def tensors_in(result: Any) -> Iterator[Tensor]:
    """The tensors in nested tuples, lists and dictionaries, in order."""
    if isinstance(result, Tensor):
        yield result
    elif isinstance(result, (tuple, list)):
        for part in result:
            yield from tensors_in(part)
    elif isinstance(result, dict):
        for part in result.values():
            yield from tensors_in(part)


def pattern(
    result: Any, place: Callable[[Any], Any], knows: Callable[[Any], bool], kind: type = Tensor
) -> Any:
    """A result with a place for each tensor.

    Args:
        place: what to put for a tensor.
        kind: what to put something in the place of, if not of tensors.
        knows: whether an object was there before the call, so that it can be returned again.

    Raises:
        CompileError: something is neither a tensor nor a constant.
    """
    if isinstance(result, kind):
        return place(result)
    if isinstance(result, (tuple, list)) and type(result) in (tuple, list):
        return type(result)(pattern(part, place, knows, kind) for part in result)
    if isinstance(result, tuple) and hasattr(result, "_fields"):
        return type(result)(*(pattern(part, place, knows, kind) for part in result))
    if type(result) is dict:
        return {key: pattern(part, place, knows, kind) for key, part in result.items()}
    if type(result) in _PLAIN or knows(result):
        return result
    raise CompileError(
        "A compiled function returns tensors and constants in tuples, lists and dictionaries; this "
        f"one returned something of type {type(result).__name__}."
    )


def written(shape: Any, name: Callable[[Any], str]) -> str:
    """A pattern as an expression of Python.

    Args:
        name: the expression for a `Place`, or for a constant.
    """
    if isinstance(shape, Place):
        return name(shape)
    if isinstance(shape, tuple) and hasattr(shape, "_fields"):
        return f"{name(type(shape))}({', '.join(written(part, name) for part in shape)})"
    if isinstance(shape, tuple):
        return f"({''.join(written(part, name) + ', ' for part in shape)})"
    if isinstance(shape, list):
        return f"[{', '.join(written(part, name) for part in shape)}]"
    if isinstance(shape, dict):
        return f"{{{', '.join(f'{name(k)}: {written(v, name)}' for k, v in shape.items())}}}"
    return repr(shape) if type(shape) in (type(None), bool, int, str) else name(shape)
