"""Sequences of different lengths as the columns of one tensor, filled up to the longest."""

from collections.abc import Iterable, Sequence
from typing import Any

from .. import ops
from ..creation import full
from ..errors import ShapeError
from ..tensors import Tensor


def pad_sequence(
    sequences: Sequence[Tensor] | Tensor,
    batch_first: bool = False,
    padding_value: float = 0.0,
    padding_side: str = "right",
) -> Tensor:
    """Sequences of different lengths as one tensor, filled up to the longest.

    Args:
        sequences: each (L_i, *), the other sizes the same.
        batch_first: whether the result is (N, T, *) and not (T, N, *).
        padding_value: what it is filled up with.
        padding_side: "right" to fill up behind the end, "left" before the beginning.

    Raises:
        ValueError: no sequences, or another side. ShapeError: their other sizes differ.
    """
    if not isinstance(sequences, Iterable):
        raise TypeError(
            f"pad_sequence: sequences must be a list of tensors, got {type(sequences).__name__}."
        )
    if padding_side not in ("left", "right"):
        raise ValueError(f"padding_side must be 'left' or 'right', got {padding_side!r}.")
    listed = list(sequences)
    if not listed:
        raise ValueError("pad_sequence: sequences is empty; at least one is needed.")
    if len({x.shape[1:] for x in listed}) > 1 or listed[0].ndim == 0:
        shapes = [x.shape for x in listed]
        raise ShapeError(f"pad_sequence: sequences may differ in their first size only: {shapes}.")
    longest = max(x.shape[0] for x in listed)
    padded = [_filled_up(x, longest, padding_value, padding_side) for x in listed]
    return ops.stack(padded, 0 if batch_first else 1)


def _filled_up(x: Tensor, length: int, value: float, side: str) -> Tensor:
    if x.shape[0] == length:
        return x
    fill = full((length - x.shape[0], *x.shape[1:]), value, dtype=x.dtype).to(device=home_of(x))
    return ops.cat([x, fill] if side == "right" else [fill, x])


def unpad_sequence(
    padded_sequences: Tensor, lengths: Any, batch_first: bool = False
) -> list[Tensor]:
    """The sequences of a padded tensor (T, N, *), each (L_i, *): the opposite of `pad_sequence`."""
    columns = ops.unbind(padded_sequences, 0 if batch_first else 1)
    counts = lengths_of("unpad_sequence", lengths)
    return [ops.narrow(x, 0, 0, n) for x, n in zip(columns, counts, strict=True)]


def lengths_of(name: str, lengths: Any) -> list[int]:
    """Lengths as Python integers."""
    if not isinstance(lengths, Tensor):
        return [int(n) for n in lengths]
    if lengths.ndim != 1 or lengths.dtype.kind not in "iu":
        raise ShapeError(
            f"{name}: lengths must be integers of shape (N,), got {lengths.dtype} {lengths.shape}."
        )
    return lengths.tolist()


def home_of(x: Tensor) -> Any:
    """The device constants must be on to meet a tensor; paper takes those of the processor."""
    return "cpu" if x.device.type == "paper" else x.device
