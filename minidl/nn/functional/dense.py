"""The dense layer: every output is a weighted sum of all inputs."""

from ...errors import ShapeError
from ...tensors import Tensor


def linear(input: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """y = x W^T + b

    Args:
        input: (*, in_features).
        weight: (out_features, in_features), or (in_features,).
        bias: (out_features,) or None.

    Returns:
        Tensor: (*, out_features).

    Raises:
        ShapeError: the input's last dimension is not in_features.
        TypeError: the input is no tensor, or of another dtype than the weight.
    """
    if not isinstance(input, Tensor):
        raise TypeError(f"A layer expects a Tensor, got {type(input).__name__}: minidl.tensor(x).")
    if input.ndim == 0 or input.shape[-1] != weight.shape[-1]:
        raise ShapeError(_explain(input.shape, weight.shape))
    if input.dtype != weight.dtype:
        raise TypeError(
            f"The layer's weights are {weight.dtype}, its input is {input.dtype}: convert it "
            f"with x.to(minidl.{weight.dtype}), or the model with model.to(x.dtype)."
        )
    output = input @ (weight.t() if weight.ndim == 2 else weight)
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
