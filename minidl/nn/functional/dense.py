"""Dense layers: every output is a weighted sum of all inputs, or of all products of two."""

from ... import ops
from ...errors import ShapeError
from ...precision import alike
from ...tensors import Tensor
from .arguments import check_alike, check_shape, fits


def linear(input: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """y = x W^T + b

    Args:
        input: (*, in_features).
        weight: (out_features, in_features), or (in_features,) for one output without dimension.
        bias: (out_features,) or None.

    Returns:
        Tensor: (*, out_features).

    Raises:
        ShapeError: the input's last dimension is not in_features, or bias does not fit.
        TypeError: the input is no tensor, or of another dtype than weight or bias.
    """
    if not isinstance(input, Tensor):
        raise TypeError(f"A layer expects a Tensor, got {type(input).__name__}: minidl.tensor(x).")
    x, w, kind = input.shape, weight.shape, weight.dtype
    if bias is not None and len(x) > 1 and len(w) == 2 and x[-1] == w[1]:  # as nearly always
        if input.dtype == kind == bias.dtype and bias.shape == w[:1]:
            return ops.affine(input, weight, bias)
    if weight.ndim not in (1, 2):
        raise ShapeError(f"linear: weight must be (out, in) or (in,), got {weight.shape}.")
    if input.ndim == 0 or input.shape[-1] != weight.shape[-1]:
        raise ShapeError(_explain(input.shape, weight.shape))
    if input.dtype != weight.dtype or bias is not None and bias.dtype != weight.dtype:
        return linear(*of_one_dtype(input, weight, *([] if bias is None else [bias])))
    matrices = len(w) == 2 and len(x) > 1
    output = ops.linear_(input, weight) if matrices else input @ weight.t()
    if bias is None:
        return output
    if not fits(bias.shape, output.shape):
        raise ShapeError(f"linear: bias {bias.shape} does not fit an output {output.shape}.")
    return output + bias


def of_one_dtype(input: Tensor, weight: Tensor, *others: Tensor) -> tuple[Tensor, ...]:
    """A layer's input, weight and biases, cast where a region of `autocast` makes them alike.

    Raises:
        TypeError: they are of different dtypes.
    """
    operands = (input, weight, *others)
    if all(x.dtype == weight.dtype for x in operands):
        return operands
    cast = alike(*operands)
    if cast is not None:
        return cast
    if input.dtype != weight.dtype:
        raise TypeError(
            f"The layer's weights are {weight.dtype}, its input is {input.dtype}: convert it "
            f"with x.to(minidl.{weight.dtype}), or the model with model.to(x.dtype)."
        )
    other = next(x for x in others if x.dtype != weight.dtype)
    raise TypeError(f"linear: weight is {weight.dtype}, bias is {other.dtype}; make them one.")


def bilinear(input1: Tensor, input2: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """y_k = x1^T W_k x2 + b_k: a weighted sum of all products of a number here and one there

    Args:
        input1: (*, n).
        input2: (*, m), the same sizes before.
        weight: (out, n, m).
        bias: (out,) or None.

    Returns:
        Tensor: (*, out).

    Raises:
        ShapeError: sizes do not fit. TypeError: dtypes differ.
    """
    check_alike("bilinear", input1=input1, input2=input2, weight=weight, bias=bias)
    front = input1.shape[:-1]
    if weight.ndim != 3 or input1.ndim == 0:
        raise ShapeError(
            f"bilinear: weight must be (out, n, m) and input1 (*, n), got {weight.shape} and "
            f"{input1.shape}."
        )
    out, n, m = weight.shape
    check_shape("bilinear", (*front, n), input1=input1)
    check_shape("bilinear", (*front, m), input2=input2)
    check_shape("bilinear", (out,), bias=bias)
    table = ops.reshape(ops.permute(weight, 1, 0, 2), (n, out * m))
    halfway = ops.reshape(input1 @ table, (*front, out, m))  # x1^T W_k for every k
    output = ops.sum(halfway * ops.unsqueeze(input2, -2), -1)
    return output if bias is None else output + bias


def _explain(shape: tuple[int, ...], weight: tuple[int, ...]) -> str:
    """What the layer wants, what came, and the change that would most likely mend it."""
    wanted = weight[-1]
    arrow = f"{wanted} -> {weight[0]}" if len(weight) == 2 else f"{wanted} -> 1"
    said = f"Linear({arrow}) expects an input of shape (*, {wanted}), got {shape}"
    for start in range(len(shape)):
        size = 1
        for n in shape[start:]:
            size *= n
        if size == wanted and start < len(shape) - 1:
            return f"{said}; flatten it first, for example with nn.Flatten({start})."
    if len(shape) > 1 and shape[0] == wanted:
        return f"{said}; it looks transposed: the batch comes first, the features last."
    return f"{said}; the last dimension must be in_features = {wanted}."
