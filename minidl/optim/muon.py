"""Muon: momentum whose step moves a weight matrix by the same amount in every direction."""

import math
from collections.abc import Iterable
from typing import Any, final

from ..creation import zeros_like
from ..errors import ShapeError
from ..tensors import Tensor
from .moments import shrink
from .optimizer import Optimizer, check_range


@final
class Muon(Optimizer):
    """b <- momentum b + (1 - momentum) g;  p <- p - lr weight_decay p;  p <- p - lr c O(u)

    with u the momentum b, or (1 - momentum) g + momentum b if `nesterov`; O(u) has u's singular
    vectors and singular values near 1; c by the matrix's shape. For the matrices of hidden layers;
    embeddings, biases and norms belong to AdamW.

    Args:
        params: matrices, or groups of them with options.
        lr: the size of a step.
        weight_decay: the share of each weight, times lr, that a step takes away.
        momentum: how slowly the average of gradients forgets.
        nesterov: look ahead along the momentum.
        ns_coefficients: (a, b, c) of the polynomial a s + b s^3 + c s^5 that drives singular
            values s towards 1.
        eps: keeps the first division finite.
        ns_steps: how often the polynomial is applied.
        adjust_lr_fn: None or "original": c = sqrt(max(1, rows / columns)); "match_rms_adamw":
            c = 0.2 sqrt(max(rows, columns)), so that AdamW's rates fit.

    Raises:
        ShapeError: a parameter is no matrix.

    PyTorch computes O(u) in bfloat16, minidl in the dtype of the weights.

    Source: Jordan et al., "Muon: An Optimizer for Hidden Layers in Neural Networks" (2024); Liu et
    al., "Muon is Scalable for LLM Training" (2025), section 2.2 (the adjusted rate).
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-3,
        weight_decay: float = 0.1,
        momentum: float = 0.95,
        nesterov: bool = True,
        ns_coefficients: tuple[float, float, float] = (3.4445, -4.7750, 2.0315),
        eps: float = 1e-7,
        ns_steps: int = 5,
        adjust_lr_fn: str | None = None,
    ):
        for name, value in dict(lr=lr, weight_decay=weight_decay, momentum=momentum).items():
            check_range(name, value)
        if adjust_lr_fn not in (None, "original", "match_rms_adamw"):
            raise ValueError(
                f"adjust_lr_fn must be None, 'original' or 'match_rms_adamw', got {adjust_lr_fn!r}."
            )
        super().__init__(
            params,
            dict(
                lr=lr,
                weight_decay=weight_decay,
                momentum=momentum,
                nesterov=nesterov,
                ns_coefficients=tuple(ns_coefficients),
                eps=eps,
                ns_steps=ns_steps,
                adjust_lr_fn=adjust_lr_fn,
            ),
        )
        for p in self._all():
            if p.ndim != 2:
                raise ShapeError(
                    f"Muon changes matrices, got a parameter of shape {p.shape}; give biases, "
                    "norms and embeddings to AdamW."
                )

    def update(
        self, parameter: Tensor, gradient: Tensor, state: dict[str, Any], group: dict[str, Any]
    ) -> None:
        if not state:
            state["momentum_buffer"] = zeros_like(parameter)
        momentum = group["momentum"]
        velocity = state["momentum_buffer"].lerp_(gradient, 1 - momentum)
        ahead = gradient.lerp(velocity, momentum) if group["nesterov"] else velocity
        shrink(parameter, group["lr"], group["weight_decay"])
        rate = group["lr"] * _shape_factor(parameter.shape, group["adjust_lr_fn"])
        parameter.add_(_orthogonal(ahead, group), alpha=-rate)


def _orthogonal(x: Tensor, group: dict[str, Any]) -> Tensor:
    """x with its singular values driven towards 1, by products of matrices alone.

    For x = U S V^T, x x^T x = U S^3 V^T; so a polynomial of odd powers acts on S only.
    """
    a, b, c = group["ns_coefficients"]
    tall = x.shape[0] > x.shape[1]
    x = x.T if tall else x
    x = x / x.norm().clamp(min=group["eps"])
    for _ in range(group["ns_steps"]):
        gram = x @ x.T
        x = a * x + (b * gram + c * (gram @ gram)) @ x
    return x.T if tall else x


def _shape_factor(shape: tuple[int, ...], rule: str | None) -> float:
    rows, columns = shape
    if rule == "match_rms_adamw":
        return 0.2 * math.sqrt(max(rows, columns))
    return math.sqrt(max(1, rows / columns))
