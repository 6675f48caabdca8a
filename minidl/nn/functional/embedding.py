"""Embedding: a table of vectors, one for each word, item or class."""

from ... import ops
from ...backend import int32, int64
from ...errors import ShapeError
from ...tape import no_grad
from ...tensors import Tensor
from .labels import check_labels


def embedding(
    input: Tensor,
    weight: Tensor,
    padding_idx: int | None = None,
    max_norm: float | None = None,
    norm_type: float = 2.0,
    scale_grad_by_freq: bool = False,
    sparse: bool = False,
) -> Tensor:
    """z[i] = weight[input[i]]: rows of a table looked up by their numbers

    The same as one_hot(input) @ weight, without the multiplications by 0.

    Args:
        input: (*), integers from 0 to n - 1.
        weight: (n, d), the table.
        padding_idx: a row that is not trained: its gradient is 0. From -n to n - 1.
        max_norm: rows looked up that are longer are shortened to it, in the table itself.
        norm_type: which norm max_norm speaks of.
        scale_grad_by_freq: a row's gradient is divided by how often it was looked up.
        sparse: taken for PyTorch's sake; gradients are dense here, with the same numbers.

    Returns:
        Tensor: (*, d).

    Raises:
        TypeError: input holds no int64 or int32. IndexError: a number that is no row.
        ShapeError: weight is no matrix. ValueError: padding_idx is no row.
    """
    rows = _checked(input, weight)
    if padding_idx is not None and not -rows <= padding_idx < rows:
        raise ValueError(f"embedding: padding_idx={padding_idx} is no row of {rows}.")
    if max_norm is not None:
        _shorten(weight, input, max_norm, norm_type)
    output = weight[input]
    if padding_idx is not None and output.requires_grad:
        padding = (input == padding_idx % rows).unsqueeze(-1)
        output = ops.where(padding, output.detach(), output)
    if scale_grad_by_freq and output.requires_grad:
        share = 1 / _frequencies(input, rows).to(weight.dtype)
        fixed = output.detach()
        output = fixed + (output - fixed) * share.unsqueeze(-1)
    return output


def _checked(input: Tensor, weight: Tensor) -> int:
    """The number of rows, where input and weight can be what they are said to be."""
    if not isinstance(input, Tensor) or input.dtype not in (int64, int32):
        kind = getattr(input, "dtype", type(input).__name__)
        raise TypeError(f"embedding: input must hold int64 or int32, got {kind}: use input.long().")
    if weight.ndim != 2:
        raise ShapeError(f"embedding: weight must be a matrix (n, d), got {weight.shape}.")
    check_labels("embedding", input, weight.shape[0], None, ("index", "indices", "rows"))
    return weight.shape[0]


def _shorten(weight: Tensor, input: Tensor, max_norm: float, norm_type: float) -> None:
    """Scales the rows that are looked up and longer than max_norm, in place."""
    with no_grad():
        used = ops.reshape(input, (-1,))
        rows = weight.detach()[used]
        norms = ops.norm(rows, norm_type, -1, keepdim=True)
        weight[used] = ops.where(norms > max_norm, rows * (max_norm / (norms + 1e-7)), rows)


def _frequencies(input: Tensor, rows: int) -> Tensor:
    """For each number in input, how often it stands there."""
    flat = ops.reshape(input, (-1,))
    counts = ops.scatter_add(input.new_zeros(rows), 0, flat, input.new_ones(flat.shape[0]))
    return counts[input]
