"""`nn.utils.weight_norm` and `spectral_norm` of older scripts: weights recomputed before forward.

New code takes those of `nn.utils.parametrizations`, which compute a weight whenever it is read. The
names in `state_dict` differ: weight_g and weight_v here, weight_orig, weight_u and weight_v there.
"""

from abc import ABC, abstractmethod
from typing import Any, Self, final

from .. import ops
from ..chance import randn
from ..tape import no_grad
from ..tensors import Tensor
from .hooks import RemovableHandle
from .module import Module
from .parameter import Parameter
from .spectral_norm import TRANSPOSED, as_matrix, unit
from .weight_norm import norm_except_dim, weight_of


class _Recomputed(ABC):
    """A forward pre-hook that sets `name` of its module to a value computed from `parts`."""

    parts: tuple[str, ...]

    def __init__(self, name: str):
        self.name = name
        self.handle: RemovableHandle | None = None

    @abstractmethod
    def compute(self, module: Module) -> Tensor:
        """The weight as it now is."""

    def attach(self, module: Module, **made: tuple[str, Tensor]) -> Module:
        """Puts the parts, as (kind, value) by suffix, in the weight's place."""
        if self.found(module, self.name) is not None:
            raise RuntimeError(
                f"'{self.name}' of {type(module).__name__} already has a {type(self).__name__}."
            )
        delattr(module, self.name)
        for suffix, (kind, value) in made.items():
            if kind == "parameter":
                module.register_parameter(f"{self.name}_{suffix}", Parameter(value))
            else:
                module.register_buffer(f"{self.name}_{suffix}", value)
        setattr(module, self.name, self.compute(module))
        self.handle = module.register_forward_pre_hook(self)
        return module

    def __call__(self, module: Module, inputs: Any) -> None:
        setattr(module, self.name, self.compute(module))

    def part(self, module: Module, suffix: str) -> Tensor:
        """One of the tensors that the weight is computed from."""
        return getattr(module, f"{self.name}_{suffix}")

    @classmethod
    def found(cls, module: Module, name: str) -> Self | None:
        """The hook of this kind that computes a tensor of a module."""
        hooks = module._hooks.before.values() if module._hooks else ()
        mine = (h.call for h in hooks if isinstance(h.call, cls) and h.call.name == name)
        return next(mine, None)

    @classmethod
    def remove(cls, module: Module, name: str) -> Module:
        """Makes the weight an ordinary parameter again, with its present value."""
        hook = cls.found(module, name)
        if hook is None:
            raise ValueError(f"'{name}' of {type(module).__name__} has no {cls.__name__}.")
        with no_grad():
            value = hook.compute(module)
        delattr(module, name)
        for suffix in hook.parts:
            delattr(module, f"{name}_{suffix}")
        module.register_parameter(name, Parameter(value))
        assert hook.handle is not None
        hook.handle.remove()
        return module


@final
class WeightNorm(_Recomputed):
    """w = g v / ||v||"""

    parts = ("g", "v")

    def __init__(self, name: str, dim: int | None):
        super().__init__(name)
        self.dim = -1 if dim is None else dim

    def compute(self, module: Module) -> Tensor:
        return weight_of(self.part(module, "v"), self.part(module, "g"), self.dim)


@final
class SpectralNorm(_Recomputed):
    """w = w_orig / sigma(w_orig)"""

    parts = ("orig", "u", "v")

    def __init__(self, name: str, n_power_iterations: int, dim: int, eps: float):
        super().__init__(name)
        if n_power_iterations <= 0:
            raise ValueError(
                f"spectral_norm: n_power_iterations must be above 0, got {n_power_iterations}."
            )
        self.n_power_iterations, self.dim, self.eps = n_power_iterations, dim, eps

    def compute(self, module: Module) -> Tensor:
        weight = self.part(module, "orig")
        matrix = as_matrix(weight, self.dim)
        u, v = self.part(module, "u"), self.part(module, "v")
        return weight / ops.dot(u, matrix @ v)

    def __call__(self, module: Module, inputs: Any) -> None:
        if module.training:
            self.improve(module, self.n_power_iterations)
        super().__call__(module, inputs)

    @no_grad()
    def improve(self, module: Module, times: int) -> None:
        """Moves u and v nearer to the directions that the weight stretches most."""
        matrix = as_matrix(self.part(module, "orig"), self.dim)
        u = self.part(module, "u")
        for _ in range(times):
            v = unit(matrix.t() @ u, self.eps)
            u = unit(matrix @ v, self.eps)
            setattr(module, f"{self.name}_v", v)
        setattr(module, f"{self.name}_u", u)


def weight_norm(module: Module, name: str = "weight", dim: int | None = 0) -> Module:
    """As `parametrizations.weight_norm`, with the parameters {name}_g and {name}_v."""
    hook, weight = WeightNorm(name, dim), getattr(module, name).detach()
    length = norm_except_dim(weight, hook.dim)
    return hook.attach(module, g=("parameter", length), v=("parameter", weight))


def remove_weight_norm(module: Module, name: str = "weight") -> Module:
    """Undoes `weight_norm`: the weight keeps its value.

    Raises:
        ValueError: there is none.
    """
    return WeightNorm.remove(module, name)


def spectral_norm(
    module: Module,
    name: str = "weight",
    n_power_iterations: int = 1,
    eps: float = 1e-12,
    dim: int | None = None,
) -> Module:
    """As `parametrizations.spectral_norm`, with {name}_orig, {name}_u and {name}_v."""
    dim = int(isinstance(module, TRANSPOSED)) if dim is None else dim
    hook, weight = SpectralNorm(name, n_power_iterations, dim, eps), getattr(module, name).detach()
    starts = [randn(n, dtype=weight.dtype) for n in as_matrix(weight, dim).shape]
    u, v = (("buffer", unit(x.to(weight.device), eps)) for x in starts)
    return hook.attach(module, orig=("parameter", weight), u=u, v=v)


def remove_spectral_norm(module: Module, name: str = "weight") -> Module:
    """Undoes `spectral_norm`: the weight keeps its value.

    Raises:
        ValueError: there is none.
    """
    return SpectralNorm.remove(module, name)
