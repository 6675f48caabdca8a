"""Normalisation by statistics of a batch, which may be remembered for use after training."""

from math import prod
from typing import Any

from ... import ops
from ...backend import is_half
from ...tape import no_grad, show
from ...tensors import Tensor
from .normalization import check_channels, lifted, moments, one_value, scaled


def batch_norm(
    input: Tensor,
    running_mean: Tensor | None,
    running_var: Tensor | None,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    training: bool = False,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> Tensor:
    """(x - mean_c) / sqrt(var_c + eps) * w_c + b_c for every channel c

    Args:
        input: (N, C, ...).
        running_mean: (C), or None; in training it is overwritten: it moves towards the batch's
            mean by the share `momentum`.
        running_var: (C), or None; as running_mean, towards the batch's variance (n - 1 below).
        weight: (C) or None.
        bias: (C) or None.
        training: whether mean and variance (n below) are the batch's, or the running ones.
        momentum: the share of the newest batch. (In other books, the share of the past.)
        eps: keeps the root away from 0.

    Raises:
        ValueError: in training, one value per channel, whose variance says nothing; or in use no
            running statistics. ShapeError: a vector is not (C). TypeError: dtypes differ.

    Source: Ioffe, Szegedy, "Batch Normalization: Accelerating Deep Network Training by Reducing
    Internal Covariate Shift" (2015), algorithms 1 and 2.
    """
    _check("batch_norm", input, running_mean, running_var, weight, bias)
    if training:
        if input.numel() == input.shape[1]:
            raise ValueError(one_value("batch_norm", input, "value per channel"))
        if weight is not None and bias is not None and input.numel():
            fits = input.dtype == weight.dtype or is_half(input.dtype)
            if fits and weight.dtype == bias.dtype:
                return _fused(input, running_mean, running_var, weight, bias, momentum, eps)
        dims = (0, *range(2, input.ndim))
        return _by_own(input, dims, running_mean, running_var, weight, bias, momentum, eps)
    if running_mean is None or running_var is None:
        raise ValueError(
            "batch_norm: outside training it needs running_mean and running_var; got None."
        )
    return _by_running(input, running_mean, running_var, weight, bias, eps)


def instance_norm(
    input: Tensor,
    running_mean: Tensor | None = None,
    running_var: Tensor | None = None,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    use_input_stats: bool = True,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> Tensor:
    """(x - mean_nc) / sqrt(var_nc + eps) * w_c + b_c for every example n and channel c

    Args as for `batch_norm`; running statistics follow the means over the examples, and
    `use_input_stats=False` normalises by them.

    Source: Ulyanov, Vedaldi, Lempitsky, "Instance Normalization: The Missing Ingredient for Fast
    Stylization" (2016), equation 2.
    """
    _check("instance_norm", input, running_mean, running_var, weight, bias)
    if use_input_stats:
        if prod(input.shape[2:]) == 1:
            raise ValueError(one_value("instance_norm", input, "position per channel"))
        dims = tuple(range(2, input.ndim))
        return _by_own(input, dims, running_mean, running_var, weight, bias, momentum, eps)
    if running_mean is None or running_var is None:
        raise ValueError(
            "instance_norm: use_input_stats=False needs running_mean and running_var; got None."
        )
    return _by_running(input, running_mean, running_var, weight, bias, eps)


def _by_running(
    input: Tensor,
    mean: Tensor,
    var: Tensor,
    weight: Tensor | None,
    bias: Tensor | None,
    eps: float,
) -> Tensor:
    scale = ops.rsqrt(var + eps)
    scale = scale if weight is None else scale * weight
    x = (input - lifted(mean, input)) * lifted(scale, input)  # type: ignore[operator]
    return scaled(x, None, lifted(bias, input), input)


def _fused(
    input: Tensor,
    running_mean: Tensor | None,
    running_var: Tensor | None,
    weight: Tensor,
    bias: Tensor,
    momentum: float,
    eps: float,
) -> Tensor:
    """As `_by_own` for batches, by few walks through memory."""
    known = None
    if running_mean is not None and running_var is not None and _can_follow(running_mean, input):
        known = _followed(input, running_mean, running_var, momentum)
        if known is None:
            moments = ops.channel_moments(input.detach())
            count = input.numel() // input.shape[1]
            _remember(running_mean, running_var, moments[:1], moments[1:], count, momentum)
            known = moments.array
    return ops.batch_norm_(input, weight, bias, eps=eps, known=known)


def _by_own(
    input: Tensor,
    dims: tuple[int, ...],
    running_mean: Tensor | None,
    running_var: Tensor | None,
    weight: Tensor | None,
    bias: Tensor | None,
    momentum: float,
    eps: float,
) -> Tensor:
    """Normalised by the input's own mean and variance, which the running ones then follow."""
    mean, centred, var = moments(input, dims)
    count = prod(input.shape[d] for d in dims)
    if running_mean is not None and running_var is not None and count:
        _remember(running_mean, running_var, mean, var, count, momentum)
    scale = ops.rsqrt(var + eps)
    scale = scale if weight is None else scale * lifted(weight, input)
    return scaled(centred * scale, None, lifted(bias, input), input)


def _followed(input: Tensor, running_mean: Tensor, running_var: Tensor, momentum: float) -> Any:
    """The moments of a batch, if its device could find them and let running statistics follow at
    once, and did; else None."""
    place = input.device
    follow = ops.FOLLOW.get(place.type)
    if follow is None or not running_mean.device == running_var.device == place:
        return None
    known = place.call(follow, input.array, running_mean.array, running_var.array, momentum)
    if known is not None:
        running_mean.version.count += 1
        running_var.version.count += 1
    return known


def _remember(
    running_mean: Tensor,
    running_var: Tensor,
    mean: Tensor,
    var: Tensor,
    count: int,
    momentum: float,
) -> None:
    """Lets running statistics follow those of a batch; its variance with n - 1 below."""
    _follow(running_mean, mean, momentum)
    _follow(running_var, var * (count / max(count - 1, 1)), momentum)


def _can_follow(running: Tensor, newest: Tensor) -> bool:
    """On paper there are no numbers to move to, so the statistics stay as they are, unless they
    are on paper as well."""
    show(running)
    return newest.device.type != "paper" or running.device.type == "paper"


def _follow(running: Tensor, newest: Tensor, momentum: float) -> None:
    """Moves running statistics (C) towards the newest (N or 1, C, 1, ...), a mean over examples."""
    if not _can_follow(running, newest):
        return
    with no_grad():
        step = newest.detach()
        if step.numel() != running.numel():
            step = ops.mean(step, tuple(d for d in range(newest.ndim) if d != 1))
        step = ops.reshape(step, running.shape).to(running.dtype)
        running.mul_(1 - momentum).add_(step, alpha=float(momentum))


def _check(
    name: str,
    input: Tensor,
    running_mean: Tensor | None,
    running_var: Tensor | None,
    weight: Tensor | None,
    bias: Tensor | None,
) -> None:
    if (running_mean is None) != (running_var is None):
        raise ValueError(f"{name}: running_mean and running_var go together; one of them is None.")
    vectors = dict(running_mean=running_mean, running_var=running_var, weight=weight, bias=bias)
    if not _plainly_fit(input, *vectors.values()):
        check_channels(name, input, **vectors)


def _plainly_fit(input: Tensor, *vectors: Tensor | None) -> bool:
    """Whether there is nothing to refuse, as mostly; `check_channels` says what there is."""
    if type(input) is not Tensor or input.ndim < 2 or input.dtype.kind != "f":
        return False
    kind, channels = input.dtype, input.shape[1:2]
    for x in vectors:
        if x is not None and (type(x) is not Tensor or x.dtype is not kind or x.shape != channels):
            return False
    return True
