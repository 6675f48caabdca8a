"""Weight normalisation: how long each row of a weight is, and where it points, learned apart."""

from typing import Any, final

from .. import ops
from ..tensors import Tensor
from .module import Module
from .parametrize import register_parametrization


def norm_except_dim(v: Tensor, dim: int = 0) -> Tensor:
    """||v||_2 over all dimensions but one, which keep size 1; dim -1: over all, without any."""
    if dim == -1:
        return ops.norm(v)
    return ops.norm(v, 2, [d for d in range(v.ndim) if d != dim % v.ndim], keepdim=True)


def weight_of(v: Tensor, g: Tensor, dim: int = 0) -> Tensor:
    """w = g v / ||v||, the norm taken as in `norm_except_dim`"""
    return v * (g / norm_except_dim(v, dim))


@final
class _WeightNorm(Module):
    """(g, v) -> g v / ||v||"""

    def __init__(self, dim: int | None = 0):
        super().__init__()
        self.dim = -1 if dim is None else dim

    def forward(self, weight_g: Tensor, weight_v: Tensor) -> Tensor:
        return weight_of(weight_v, weight_g, self.dim)

    def right_inverse(self, weight: Tensor) -> tuple[Tensor, Tensor]:
        """The length and the direction of a weight."""
        return norm_except_dim(weight, self.dim), weight


def weight_norm(module: Module, name: str = "weight", dim: int | None = 0) -> Module:
    """Learns a weight as g v / ||v||: a length for each output, and a direction.

    Args:
        module: changed in place; its parameter `name` becomes parametrizations.{name}.original0,
            which is g, and original1, which is v. Make the optimiser afterwards.
        name: the parameter.
        dim: the dimension along which each position has its own length; None for one length.

    Returns:
        Module: the same module; `remove_parametrizations` undoes it.

    Source: Salimans, Kingma, "Weight Normalization" (2016), equation 2.
    """
    register_parametrization(module, name, _WeightNorm(dim), unsafe=True)

    def read_old_keys(module: Module, state: dict, prefix: str, *rest: Any) -> None:
        """States of `nn.utils.weight_norm` call them weight_g and weight_v."""
        old = [f"{prefix}{name}_g", f"{prefix}{name}_v"]
        if all(key in state for key in old):
            for i, key in enumerate(old):
                state[f"{prefix}parametrizations.{name}.original{i}"] = state.pop(key)

    module.register_load_state_dict_pre_hook(read_old_keys)
    return module
