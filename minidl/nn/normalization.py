"""Normalisation of each example on its own: nothing is remembered, training and use are alike."""

from abc import ABC
from collections.abc import Sequence
from typing import Any, final

from ..creation import empty
from ..tensors import Tensor
from . import functional as F, init
from .module import Module
from .parameter import Parameter


class Scaled(Module, ABC):
    """A normalisation, with a weight and a bias that scale and shift what is normalised.

    Attributes:
        weight: begins as 1; or None.
        bias: begins as 0; or None.
    """

    weight: Tensor | None
    bias: Tensor | None

    def _add_scale(
        self, shape: tuple[int, ...], weight: bool, bias: bool, device: Any, dtype: Any
    ) -> None:
        for name, wanted in (("weight", weight), ("bias", weight and bias)):
            made = Parameter(empty(shape, device=device, dtype=dtype)) if wanted else None
            self.register_parameter(name, made)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Weight 1, bias 0."""
        if self.weight is not None:
            init.ones_(self.weight)
        if self.bias is not None:
            init.zeros_(self.bias)


@final
class LayerNorm(Scaled):
    """(x - mean) / sqrt(var + eps) * w + b over the last dimensions of every example

    Args:
        normalized_shape: the sizes of those dimensions; one number for the last alone.
        eps: keeps the root away from 0.
        elementwise_affine: whether there are a weight (begins as 1) and a bias (begins as 0).
        bias: whether there is a bias beside the weight.

    Source: Ba, Kiros, Hinton, "Layer Normalization" (2016).
    """

    def __init__(
        self,
        normalized_shape: int | Sequence[int],
        eps: float = 1e-5,
        elementwise_affine: bool = True,
        bias: bool = True,
        device: Any = None,
        dtype: Any = None,
    ):
        super().__init__()
        self.normalized_shape = _shape(normalized_shape)
        self.eps, self.elementwise_affine = eps, elementwise_affine
        self._add_scale(self.normalized_shape, elementwise_affine, bias, device, dtype)

    def forward(self, input: Tensor) -> Tensor:
        return F.layer_norm(input, self.normalized_shape, self.weight, self.bias, self.eps)

    def extra_repr(self) -> str:
        return (
            f"{self.normalized_shape}, eps={self.eps}, elementwise_affine="
            f"{self.elementwise_affine}, bias={self.bias is not None}"
        )


@final
class RMSNorm(Scaled):
    """x / sqrt(mean of x^2 + eps) * w over the last dimensions of every example

    Args:
        normalized_shape: the sizes of those dimensions; one number for the last alone.
        eps: by default the step from 1 to the next number of the input's dtype.
        elementwise_affine: whether there is a weight; it begins as 1.

    Source: Zhang, Sennrich, "Root Mean Square Layer Normalization" (2019).
    """

    def __init__(
        self,
        normalized_shape: int | Sequence[int],
        eps: float | None = None,
        elementwise_affine: bool = True,
        device: Any = None,
        dtype: Any = None,
    ):
        super().__init__()
        self.normalized_shape = _shape(normalized_shape)
        self.eps, self.elementwise_affine = eps, elementwise_affine
        self._add_scale(self.normalized_shape, elementwise_affine, False, device, dtype)

    def forward(self, input: Tensor) -> Tensor:
        return F.rms_norm(input, self.normalized_shape, self.weight, self.eps)

    def extra_repr(self) -> str:
        return (
            f"{self.normalized_shape}, eps={self.eps}, elementwise_affine={self.elementwise_affine}"
        )


@final
class GroupNorm(Scaled):
    """(x - mean_ng) / sqrt(var_ng + eps) * w_c + b_c over groups of channels of every example

    Args:
        num_groups: how many groups; divides num_channels.
        num_channels: the channels C of an input (N, C, ...).
        eps: keeps the root away from 0.
        affine: whether there are a weight (begins as 1) and a bias (begins as 0) per channel.
        bias: whether there is a bias beside the weight.

    Source: Wu, He, "Group Normalization" (2018).
    """

    def __init__(
        self,
        num_groups: int,
        num_channels: int,
        eps: float = 1e-5,
        affine: bool = True,
        device: Any = None,
        dtype: Any = None,
        *,
        bias: bool = True,
    ):
        super().__init__()
        if num_channels % num_groups:
            raise ValueError(
                f"GroupNorm: num_groups={num_groups} does not divide num_channels={num_channels}."
            )
        self.num_groups, self.num_channels = num_groups, num_channels
        self.eps, self.affine = eps, affine
        self._add_scale((num_channels,), affine, bias, device, dtype)

    def forward(self, input: Tensor) -> Tensor:
        return F.group_norm(input, self.num_groups, self.weight, self.bias, self.eps)

    def extra_repr(self) -> str:
        return (
            f"{self.num_groups}, {self.num_channels}, eps={self.eps}, affine={self.affine}, "
            f"bias={self.bias is not None}"
        )


def _shape(sizes: int | Sequence[int]) -> tuple[int, ...]:
    return (sizes,) if isinstance(sizes, int) else tuple(sizes)
