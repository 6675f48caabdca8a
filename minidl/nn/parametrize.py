"""Parameters that are computed from others each time they are read: weight = f(original).

    register_parametrization(layer, "weight", Symmetric())

moves the parameter to `layer.parametrizations.weight.original`, where the optimiser finds it, and
makes `layer.weight` the value of the module Symmetric at it. A module whose method `right_inverse`
gives several tensors has as many originals: `original0`, `original1`, ...
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, final

from ..errors import ShapeError
from ..tape import no_grad
from ..tensors import Tensor
from .containers import ModuleDict
from .module import Module
from .parameter import Parameter, is_parameter

_kept: dict[tuple[int, str], Tensor] | None = None  # values already computed, inside `cached`


@contextmanager
def cached() -> Iterator[None]:
    """Inside it every parametrised tensor is computed once, however often it is read."""
    global _kept
    before, _kept = _kept, {} if _kept is None else _kept
    try:
        yield
    finally:
        _kept = before


@final
class ParametrizationList(Module):
    """The parametrisations of one tensor, applied one after another, and what they start from.

    Args:
        modules: at least one.
        original: the parameter or buffer, which keeps its identity where there is one original.
        unsafe: whether shape and dtype may change.
    """

    def __init__(self, modules: Sequence[Module], original: Tensor, unsafe: bool = False):
        super().__init__()
        if not modules:
            raise ValueError("ParametrizationList: modules is empty; at least one is needed.")
        self.unsafe = unsafe
        for module in modules:
            self.append(module)
        start = self._inverted(original.detach(), strict=False)
        self.is_tensor = isinstance(start, Tensor)
        self.ntensors = 1 if self.is_tensor else len(start)
        if self.is_tensor:
            original.data = start
            _register(self, "original", original)
        for i, part in enumerate(() if self.is_tensor else start):
            made = Parameter(part, original.requires_grad) if is_parameter(original) else part
            _register(self, f"original{i}", made)

    def append(self, module: Module) -> None:
        """Adds a parametrisation behind the others."""
        self.add_module(str(len(self._modules)), module)

    def __len__(self) -> int:
        return len(self._modules)

    def __getitem__(self, index: int) -> Any:
        return list(self._modules.values())[index]

    def forward(self) -> Tensor:
        first, *others = self._modules.values()
        value = first(*self.originals())  # type: ignore[misc]
        for module in others:
            value = module(value)  # type: ignore[misc]
        return value

    def originals(self) -> list[Tensor]:
        """What the first parametrisation reads."""
        names = ["original"] if self.is_tensor else [f"original{i}" for i in range(self.ntensors)]
        return [getattr(self, name) for name in names]

    def right_inverse(self, value: Tensor) -> None:
        """Changes the originals so that the parametrised tensor becomes (about) this value."""
        start = self._inverted(value, strict=True)
        parts = [start] if isinstance(start, Tensor) else start
        with no_grad():
            for original, part in zip(self.originals(), parts, strict=True):
                original.copy_(part)

    @no_grad()
    def _inverted(self, value: Any, strict: bool) -> Any:
        for module in reversed(self._modules.values()):
            inverse = getattr(type(module), "right_inverse", None)
            if inverse is None and strict:
                raise RuntimeError(
                    f"{type(module).__name__} has no right_inverse, so the tensor that it computes "
                    "cannot be set."
                )
            try:
                value = value if inverse is None else inverse(module, value)
            except NotImplementedError:
                if strict:
                    raise
        return value


def _register(module: Module, name: str, value: Tensor) -> None:
    add = module.register_parameter if is_parameter(value) else module.register_buffer
    add(name, value)


def register_parametrization(
    module: Module, tensor_name: str, parametrization: Module, *, unsafe: bool = False
) -> Module:
    """Computes a parameter or buffer by a module from now on; several are applied in turn.

    Args:
        module: changed in place; its class becomes one named "Parametrized...".
        tensor_name: the attribute.
        parametrization: tensor -> tensor of its shape and dtype. Its method `right_inverse`, where
            it has one, says what to start from so that the value stays.
        unsafe: whether shape and dtype may change.

    Returns:
        Module: the same module.

    Raises:
        ValueError: the module has no such parameter or buffer, or shape or dtype would change.
    """
    parametrization.train(module.training)
    if is_parametrized(module, tensor_name):
        before = getattr(module, tensor_name)
        if not unsafe:
            _alike(before, parametrization(before))
        chain = module.parametrizations[tensor_name]
        chain.append(parametrization)
        chain.unsafe |= unsafe
        return module
    if tensor_name not in module._parameters and tensor_name not in module._buffers:
        raise ValueError(
            f"{type(module).__name__} has no parameter or buffer '{tensor_name}' to parametrise."
        )
    original = getattr(module, tensor_name)
    shape_and_kind = original.detach()
    chain = ParametrizationList([parametrization], original, unsafe)
    if not unsafe:
        _alike(shape_and_kind, chain())
    delattr(module, tensor_name)
    if not is_parametrized(module):
        module.parametrizations = ModuleDict()
    module.parametrizations[tensor_name] = chain
    _dress(module)
    return module


def _alike(before: Tensor, after: Any) -> None:
    if not isinstance(after, Tensor):
        raise ValueError(f"parametrization must return a tensor, got {type(after).__name__}.")
    if (before.shape, before.dtype) != (after.shape, after.dtype):
        raise ShapeError(
            f"parametrization turns {before.dtype} {before.shape} into {after.dtype} "
            f"{after.shape}; pass unsafe=True to allow that."
        )


def _dress(module: Module) -> None:
    """Gives a module a class in which each parametrised tensor is a property."""
    plain = type_before_parametrizations(module)
    names = list(module.parametrizations) if is_parametrized(module) else []
    made: Any = type(f"Parametrized{plain.__name__}", (plain,), {n: _read(n) for n in names})
    made._parametrizes = plain
    module.__class__ = made if names else plain


def _read(name: str) -> property:
    """The property that computes a tensor, and inverts what it is set to."""

    def get(self: Module) -> Tensor:
        if _kept is None:
            return self.parametrizations[name]()
        key = (id(self), name)
        if key not in _kept:
            _kept[key] = self.parametrizations[name]()
        return _kept[key]

    def put(self: Module, value: Tensor) -> None:
        self._parameters.pop(name, None)
        self.parametrizations[name].right_inverse(value)

    return property(get, put)


def is_parametrized(module: Module, tensor_name: str | None = None) -> bool:
    """Whether a module computes this tensor, or any, by a parametrisation."""
    found = module._modules.get("parametrizations")
    if not isinstance(found, ModuleDict):
        return False
    return len(found) > 0 if tensor_name is None else tensor_name in found


def type_before_parametrizations(module: Module) -> type:
    """The class a module had before its first parametrisation."""
    return vars(type(module)).get("_parametrizes", type(module))


def remove_parametrizations(
    module: Module, tensor_name: str, leave_parametrized: bool = True
) -> Module:
    """Makes a tensor an ordinary parameter again.

    Args:
        module: changed in place.
        tensor_name: the attribute.
        leave_parametrized: whether it keeps its present value; False for that of the original.

    Returns:
        Module: the same module.

    Raises:
        ValueError: it is not parametrised; or it has several originals and none can be left.
    """
    if not is_parametrized(module, tensor_name):
        raise ValueError(f"'{tensor_name}' of {type(module).__name__} is not parametrised.")
    chain = module.parametrizations[tensor_name]
    if not chain.is_tensor and not leave_parametrized:
        raise ValueError(
            f"'{tensor_name}' is computed from {chain.ntensors} tensors; there is no single "
            "original to go back to, so leave_parametrized must be True."
        )
    value = getattr(module, tensor_name)
    if chain.is_tensor:
        original = chain.original
        if leave_parametrized:
            original.data = value.detach()
    else:
        original = Parameter(value.detach()) if value.requires_grad else value
    del module.parametrizations[tensor_name]
    _dress(module)
    if not len(module.parametrizations):
        del module.parametrizations
    _register(module, tensor_name, original)
    return module
