"""Spectral normalisation: a weight divided by how much it can stretch anything."""

from typing import final

from .. import ops
from ..chance import randn
from ..tape import no_grad
from ..tensors import Tensor
from . import functional as F
from .conv import ConvTranspose1d, ConvTranspose2d, ConvTranspose3d
from .module import Module
from .parametrize import register_parametrization

TRANSPOSED = (ConvTranspose1d, ConvTranspose2d, ConvTranspose3d)  # their outputs are dimension 1


def as_matrix(weight: Tensor, dim: int) -> Tensor:
    """A weight as (outputs, everything else), `dim` being that of the outputs."""
    return ops.flatten(ops.movedim(weight, dim, 0), 1)


def unit(x: Tensor, eps: float) -> Tensor:
    """x / ||x||"""
    return F.normalize(x, dim=0, eps=eps)


@no_grad()
def power_iteration(
    matrix: Tensor, u: Tensor, v: Tensor, times: int, eps: float
) -> tuple[Tensor, Tensor]:
    """(u, v), nearer with each time to the directions that a matrix stretches most."""
    for _ in range(times):
        u = unit(matrix @ v, eps)
        v = unit(matrix.t() @ u, eps)
    return u, v


@final
class _SpectralNorm(Module):
    """W -> W / sigma(W), the largest singular value sigma estimated by u^T W v."""

    def __init__(
        self, weight: Tensor, n_power_iterations: int = 1, dim: int = 0, eps: float = 1e-12
    ):
        super().__init__()
        if not -weight.ndim <= dim < weight.ndim:
            raise IndexError(f"spectral_norm: dim={dim} is out of range for shape {weight.shape}.")
        if n_power_iterations <= 0:
            raise ValueError(
                f"spectral_norm: n_power_iterations must be above 0, got {n_power_iterations}."
            )
        self.dim, self.eps, self.n_power_iterations = dim % weight.ndim, eps, n_power_iterations
        if weight.ndim > 1:
            matrix = as_matrix(weight.detach(), self.dim)
            u, v = (unit(randn(n, dtype=weight.dtype).to(weight.device), eps) for n in matrix.shape)
            u, v = power_iteration(matrix, u, v, 15, eps)
            self.register_buffer("_u", u)
            self.register_buffer("_v", v)

    def forward(self, weight: Tensor) -> Tensor:
        if weight.ndim == 1:
            return unit(weight, self.eps)
        matrix = as_matrix(weight, self.dim)
        if self.training:
            self._u, self._v = power_iteration(
                matrix, self._u, self._v, self.n_power_iterations, self.eps
            )
        return weight / ops.dot(self._u, matrix @ self._v)

    def right_inverse(self, value: Tensor) -> Tensor:
        """A weight already divided is left as it is."""
        return value


def spectral_norm(
    module: Module,
    name: str = "weight",
    n_power_iterations: int = 1,
    eps: float = 1e-12,
    dim: int | None = None,
) -> Module:
    """Divides a weight, seen as a matrix, by its largest singular value.

    Args:
        module: changed in place; its parameter `name` becomes parametrizations.{name}.original.
        name: the parameter.
        n_power_iterations: how often the estimate is improved with each forward pass in training.
        eps: keeps a zero vector at zero.
        dim: the dimension of the outputs; by default 0, for transposed convolutions 1.

    Returns:
        Module: the same module; `remove_parametrizations` undoes it.

    Source: Miyato et al., "Spectral Normalization for Generative Adversarial Networks" (2018).
    """
    weight = getattr(module, name, None)
    if not isinstance(weight, Tensor):
        raise ValueError(f"spectral_norm: {type(module).__name__} has no tensor '{name}'.")
    dim = int(isinstance(module, TRANSPOSED)) if dim is None else dim
    made = _SpectralNorm(weight, n_power_iterations, dim, eps)
    return register_parametrization(module, name, made)
