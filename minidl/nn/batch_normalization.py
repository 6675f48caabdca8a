"""Normalisation by statistics of a batch, remembered for use after training."""

from abc import ABC
from typing import Any, final

from ..creation import ones, tensor, zeros
from ..errors import ShapeError
from ..tape import no_grad
from ..tensors import Tensor
from . import functional as F
from .normalization import Scaled


class Remembering(Scaled, ABC):
    """(x - mean_c) / sqrt(var_c + eps) * w_c + b_c, with means and variances that are remembered

    Attributes:
        running_mean: (num_features,), begins as 0; None without `track_running_stats`.
        running_var: (num_features,), begins as 1; likewise.
        num_batches_tracked: (), how many batches they have seen.
    """

    running_mean: Tensor | None
    running_var: Tensor | None
    num_batches_tracked: Tensor | None
    sizes: dict[int, str]  # which numbers of dimensions are taken, and how they are called

    def __init__(
        self,
        num_features: int,
        eps: float = 1e-5,
        momentum: float | None = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
        device: Any = None,
        dtype: Any = None,
        *,
        bias: bool = True,
    ):
        super().__init__()
        self.num_features, self.eps, self.momentum = num_features, eps, momentum
        self.affine, self.track_running_stats = affine, track_running_stats
        made: dict[str, Any] = dict(device=device, dtype=dtype)
        kept = track_running_stats
        self.register_buffer("running_mean", zeros(num_features, **made) if kept else None)
        self.register_buffer("running_var", ones(num_features, **made) if kept else None)
        self.register_buffer("num_batches_tracked", tensor(0, device=device) if kept else None)
        self._add_scale((num_features,), affine, bias, device, dtype)

    def reset_running_stats(self) -> None:
        """Forgets the batches seen."""
        if self.running_mean is not None and self.running_var is not None:
            assert self.num_batches_tracked is not None
            with no_grad():
                self.running_mean.zero_()
                self.running_var.fill_(1)
                self.num_batches_tracked.zero_()

    def reset_parameters(self) -> None:
        """Weight 1, bias 0, and no batches seen."""
        self.reset_running_stats()
        super().reset_parameters()

    def _check_size(self, input: Tensor) -> None:
        if input.ndim not in self.sizes:
            wanted = " or ".join(self.sizes.values())
            raise ShapeError(f"{type(self).__name__}: input must be {wanted}, got {input.shape}.")

    def extra_repr(self) -> str:
        return (
            f"{self.num_features}, eps={self.eps}, momentum={self.momentum}, affine={self.affine}, "
            f"bias={self.bias is not None}, track_running_stats={self.track_running_stats}"
        )


class BatchNorm(Remembering, ABC):
    """(x - mean_c) / sqrt(var_c + eps) * w_c + b_c, over the batch and all positions of a channel

    In training the mean and variance are the batch's, and the running ones follow; after `eval()`
    the running ones are used (without `track_running_stats`, still the batch's).

    Args:
        num_features: the channels C of an input (N, C, ...).
        eps: keeps the root away from 0.
        momentum: the share of the newest batch in the running statistics; None for the plain mean
            of all batches.
        affine: whether there are a weight and a bias.
        track_running_stats: whether statistics are remembered.
        bias: whether there is a bias beside the weight.

    Source: Ioffe, Szegedy, "Batch Normalization" (2015).
    """

    def forward(self, input: Tensor) -> Tensor:
        self._check_size(input)
        momentum = 0.0 if self.momentum is None else self.momentum
        counted = self.num_batches_tracked
        if self.training and self.track_running_stats and counted is not None:
            with no_grad():
                counted.add_(1)
            if self.momentum is None:
                momentum = 1 / counted.item()
        remember = not self.training or self.track_running_stats
        return F.batch_norm(
            input,
            self.running_mean if remember else None,
            self.running_var if remember else None,
            self.weight,
            self.bias,
            self.training or self.running_mean is None,
            momentum,
            self.eps,
        )


@final
class BatchNorm1d(BatchNorm):
    """As `BatchNorm`, for features (N, C) or sequences (N, C, L)."""

    sizes = {2: "(N, C)", 3: "(N, C, L)"}


@final
class BatchNorm2d(BatchNorm):
    """As `BatchNorm`, for images (N, C, H, W)."""

    sizes = {4: "(N, C, H, W)"}


@final
class BatchNorm3d(BatchNorm):
    """As `BatchNorm`, for volumes (N, C, D, H, W)."""

    sizes = {5: "(N, C, D, H, W)"}


class InstanceNorm(Remembering, ABC):
    """(x - mean_nc) / sqrt(var_nc + eps), over all positions of a channel of one example

    Args as for `BatchNorm`, but without weights (`affine`) and memory unless they are asked for.
    An input without a batch, (C, ...), is taken too.

    Source: Ulyanov, Vedaldi, Lempitsky, "Instance Normalization" (2016).
    """

    def __init__(
        self,
        num_features: int,
        eps: float = 1e-5,
        momentum: float = 0.1,
        affine: bool = False,
        track_running_stats: bool = False,
        device: Any = None,
        dtype: Any = None,
        *,
        bias: bool = True,
    ):
        super().__init__(
            num_features, eps, momentum, affine, track_running_stats, device, dtype, bias=bias
        )

    def forward(self, input: Tensor) -> Tensor:
        self._check_size(input)
        batched = input.ndim == max(self.sizes)
        channels = input.shape[1 if batched else 0]
        if self.affine and channels != self.num_features:
            raise ShapeError(
                f"{type(self).__name__}: input has {channels} channels, expected num_features="
                f"{self.num_features}."
            )
        output = F.instance_norm(
            input if batched else input.unsqueeze(0),
            self.running_mean,
            self.running_var,
            self.weight,
            self.bias,
            self.training or not self.track_running_stats,
            0.0 if self.momentum is None else self.momentum,
            self.eps,
        )
        return output if batched else output.squeeze(0)


@final
class InstanceNorm1d(InstanceNorm):
    """As `InstanceNorm`, for sequences (N, C, L) or (C, L)."""

    sizes = {2: "(C, L)", 3: "(N, C, L)"}


@final
class InstanceNorm2d(InstanceNorm):
    """As `InstanceNorm`, for images (N, C, H, W) or (C, H, W)."""

    sizes = {3: "(C, H, W)", 4: "(N, C, H, W)"}


@final
class InstanceNorm3d(InstanceNorm):
    """As `InstanceNorm`, for volumes (N, C, D, H, W) or (C, D, H, W)."""

    sizes = {4: "(C, D, H, W)", 5: "(N, C, D, H, W)"}
