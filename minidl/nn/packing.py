"""Sequences of different lengths packed into one tensor, without padding.

The rows of all first steps come first, then those of all second steps, and so on, longest sequence
first, so that whoever walks through the steps finds the sequences that still run at the front:

    a b c        padding            data         a d f  b e  c
    d e    ->    a b c / d e 0 ->   batch_sizes  3      2    1
    f            / f 0 0
"""

from collections import namedtuple
from collections.abc import Sequence
from typing import Any, Self, final

from .. import ops
from ..creation import full, tensor
from ..errors import ShapeError
from ..tensors import Tensor
from .padded import home_of, lengths_of, pad_sequence, unpad_sequence

_Fields = namedtuple("_Fields", ["data", "batch_sizes", "sorted_indices", "unsorted_indices"])


@final
class PackedSequence(_Fields):
    """Sequences of different lengths without padding, as `pack_padded_sequence` makes them.

    Attributes:
        data: (sum of lengths, *), the rows of step 0, then those of step 1, ...
        batch_sizes: (T,) int64, how many sequences reach each step.
        sorted_indices: (N,) int64, the caller's sequences from longest to shortest; None where
            they came in that order.
        unsorted_indices: (N,) int64, the way back.
    """

    __slots__ = ()

    def __new__(
        cls,
        data: Tensor,
        batch_sizes: Tensor | None = None,
        sorted_indices: Tensor | None = None,
        unsorted_indices: Tensor | None = None,
    ) -> Self:
        if batch_sizes is None:
            raise ValueError("PackedSequence: batch_sizes must say how many rows each step has.")
        if unsorted_indices is None and sorted_indices is not None:
            unsorted_indices = ops.argsort(sorted_indices)
        return super().__new__(cls, data, batch_sizes, sorted_indices, unsorted_indices)

    def _with(self, data: Tensor) -> Self:
        return type(self)(data, *self[1:])

    def to(self, *args: Any, **kwargs: Any) -> Self:
        """With data in another dtype or on another device; arguments as for `Tensor.to`."""
        return self._with(self.data.to(*args, **kwargs))

    def float(self) -> Self:
        """With data in float32."""
        return self._with(self.data.float())

    def double(self) -> Self:
        """With data in float64."""
        return self._with(self.data.double())

    def half(self) -> Self:
        """With data in float16."""
        return self._with(self.data.half())

    def cpu(self) -> Self:
        """With data on the processor."""
        return self._with(self.data.cpu())

    def cuda(self, device: Any = None) -> Self:
        """With data on a graphics card."""
        return self._with(self.data.cuda(device))


def pack_padded_sequence(
    input: Tensor, lengths: Any, batch_first: bool = False, enforce_sorted: bool = True
) -> PackedSequence:
    """Leaves the padding out.

    Args:
        input: (T, N, *), or (N, T, *) where `batch_first`.
        lengths: (N,), a list or an integer tensor: how long each sequence is, 1 to T.
        batch_first: whether the batch comes first.
        enforce_sorted: False to take the sequences in any order; they are sorted, and the layers
            and `pad_packed_sequence` give their results in the caller's order again.

    Raises:
        ValueError: lengths are unsorted (and `enforce_sorted`), below 1 or above T.
        ShapeError: there are not N lengths.
    """
    batch = 0 if batch_first else 1
    if input.ndim < 2:
        raise ShapeError(f"pack_padded_sequence: input must be (T, N, *), got {input.shape}.")
    counts = lengths_of("pack_padded_sequence", lengths)
    n, longest = input.shape[batch], input.shape[1 - batch]
    if len(counts) != n:
        raise ShapeError(
            f"pack_padded_sequence: lengths must hold one number per sequence, {n}, got "
            f"{len(counts)}; input is {input.shape} with batch_first={batch_first}."
        )
    order = None
    if not enforce_sorted:
        places = sorted(range(n), key=lambda i: -counts[i])
        order, counts = tensor(places, device=home_of(input)), [counts[i] for i in places]
        input = ops.index_select(input, batch, order)
    _check_lengths(counts, longest)
    sizes = [sum(count > t for count in counts) for t in range(counts[0])]
    rows = [t * n + i for t, size in enumerate(sizes) for i in range(size)]
    if batch_first:
        rows = [i * longest + t for t, size in enumerate(sizes) for i in range(size)]
    data = ops.index_select(ops.flatten(input, 0, 1), 0, tensor(rows, device=home_of(input)))
    return PackedSequence(data, tensor(sizes, device="cpu"), order)


def _check_lengths(counts: list[int], longest: int) -> None:
    if not counts:
        raise ValueError("pack_padded_sequence: lengths is empty; at least one is needed.")
    if sorted(counts, reverse=True) != counts:
        raise ValueError(
            f"pack_padded_sequence: lengths must fall from the first to the last, got {counts}; "
            "pass enforce_sorted=False to have the sequences sorted."
        )
    if counts[-1] < 1 or counts[0] > longest:
        raise ValueError(
            f"pack_padded_sequence: lengths must lie between 1 and {longest}, got {counts}."
        )


def pad_packed_sequence(
    sequence: PackedSequence,
    batch_first: bool = False,
    padding_value: float = 0.0,
    total_length: int | None = None,
) -> tuple[Tensor, Tensor]:
    """Puts the padding back: the opposite of `pack_padded_sequence`.

    Args:
        sequence: what was packed, or what a recurrent layer made of it.
        batch_first: whether the result is (N, T, *).
        padding_value: what stands behind the end of a sequence.
        total_length: T, where it is to be more than the longest sequence.

    Returns:
        (padded, lengths): (T, N, *) and (N,) int64, in the order in which they were packed.

    Raises:
        ValueError: total_length is below the longest sequence.
    """
    data, batch_sizes, _, unsorted = sequence
    sizes = batch_sizes.tolist()
    total = len(sizes) if total_length is None else total_length
    if total < len(sizes):
        raise ValueError(
            f"pad_packed_sequence: total_length={total} is less than the longest sequence, "
            f"{len(sizes)}."
        )
    starts = [sum(sizes[:t]) for t in range(len(sizes))]
    counts = [sum(size > i for size in sizes) for i in range(sizes[0])]
    order = range(sizes[0]) if unsorted is None else unsorted.tolist()
    padding = data.shape[0]  # the row behind the last
    rows = [[starts[t] + i if t < counts[i] else padding for i in order] for t in range(total)]
    fill = full((1, *data.shape[1:]), padding_value, dtype=data.dtype).to(device=home_of(data))
    places = tensor(rows, device=home_of(data))
    places = places.t() if batch_first else places
    return ops.cat([data, fill])[places], tensor([counts[i] for i in order])


def pack_sequence(sequences: Sequence[Tensor], enforce_sorted: bool = True) -> PackedSequence:
    """Packs tensors (L_i, *) of different lengths; arguments as for `pack_padded_sequence`."""
    lengths = [x.shape[0] for x in sequences]
    return pack_padded_sequence(pad_sequence(sequences), lengths, enforce_sorted=enforce_sorted)


def unpack_sequence(packed_sequences: PackedSequence) -> list[Tensor]:
    """The sequences that were packed, each (L_i, *): the opposite of `pack_sequence`."""
    padded, lengths = pad_packed_sequence(packed_sequences)
    return unpad_sequence(padded, lengths)
