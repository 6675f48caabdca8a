"""Containers: modules that hold modules (or parameters) in a row or by name."""

from abc import ABC
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Self, final

from ..errors import ShapeError
from ..tensors import Tensor
from .module import Module
from .parameter import Parameter, is_parameter


class _Row(Module, ABC):
    """Modules under the names "0", "1", ..., used like a list."""

    def _row(self) -> list[Module]:
        return [module for module in self._modules.values() if module is not None]

    def _rename(self, modules: Iterable[Module]) -> None:
        """Holds exactly these modules, numbered anew."""
        made = list(modules)
        for name in list(self._modules):
            delattr(self, name)
        for i, module in enumerate(made):
            self.add_module(str(i), module)

    def _name(self, index: int) -> str:
        names = list(self._modules)
        if not -len(names) <= index < len(names):
            raise IndexError(f"{type(self).__name__} holds {len(names)} modules; no index {index}.")
        return names[index]

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return type(self)._of(list(self._modules.items())[index])
        return self._modules[self._name(index.__index__())]

    @classmethod
    def _of(cls, items: list) -> Self:
        """A container of the same kind with some of the modules."""
        raise NotImplementedError

    def __setitem__(self, index: int, module: Module) -> None:
        setattr(self, self._name(index), module)

    def __delitem__(self, index: int | slice) -> None:
        modules = self._row()
        del modules[index]
        self._rename(modules)

    def __len__(self) -> int:
        return len(self._modules)

    def __iter__(self) -> Iterator[Module]:
        return iter(self._row())

    def append(self, module: Module) -> Self:
        """Adds a module at the end."""
        self.add_module(str(len(self)), module)
        return self

    def extend(self, modules: Iterable[Module]) -> Self:
        """Adds modules at the end."""
        for module in modules:
            self.append(module)
        return self

    def insert(self, index: int, module: Module) -> Self:
        """Puts a module before another; those behind move up."""
        modules = self._row()
        modules.insert(index, module)
        self._rename(modules)
        return self

    def pop(self, index: int) -> Module:
        """Takes a module out and returns it."""
        module = self[index]
        del self[index]
        return module


@final
class Sequential(_Row):
    """One module after another: the output of each is the input of the next.

    Args:
        args: modules, named "0", "1", ...; or one dictionary of them by name.
    """

    def __init__(self, *args: Any):
        super().__init__()
        if len(args) == 1 and isinstance(args[0], Mapping):
            for name, module in args[0].items():
                self.add_module(name, module)
        else:
            for i, module in enumerate(args):
                self.add_module(str(i), module)

    @classmethod
    def _of(cls, items: list) -> Self:
        return cls(dict(items))

    def forward(self, input: Any) -> Any:
        for name, module in self._modules.items():
            try:
                input = module(input)  # type: ignore[misc]
            except ShapeError as error:
                error.add_note(f"in layer '{name}' of Sequential: {module!r}")
                raise
        return input


@final
class ModuleList(_Row):
    """A list whose modules are found by `parameters()`; how they are called is up to its owner."""

    def __init__(self, modules: Iterable[Module] | None = None):
        super().__init__()
        self.extend(modules or ())

    @classmethod
    def _of(cls, items: list) -> Self:
        return cls(module for _, module in items)

    def __add__(self, other: Iterable[Module]) -> "ModuleList":
        return ModuleList([*self, *other])


@final
class ModuleDict(Module):
    """A dictionary whose modules are found by `parameters()`."""

    def __init__(self, modules: Mapping[str, Module] | Iterable | None = None):
        super().__init__()
        self.update(modules or {})

    def __getitem__(self, key: str) -> Module:
        found = self._modules[key]
        assert found is not None
        return found

    def __setitem__(self, key: str, module: Module) -> None:
        self.add_module(key, module)

    def __delitem__(self, key: str) -> None:
        delattr(self, key)

    def __len__(self) -> int:
        return len(self._modules)

    def __iter__(self) -> Iterator[str]:
        return iter(self._modules)

    def __contains__(self, key: str) -> bool:
        return key in self._modules

    def keys(self) -> Iterable[str]:
        """The names."""
        return self._modules.keys()

    def items(self) -> Iterable[tuple[str, Any]]:
        """Names and modules."""
        return self._modules.items()

    def values(self) -> Iterable[Any]:
        """The modules."""
        return self._modules.values()

    def update(self, modules: Mapping[str, Module] | Iterable) -> None:
        """Adds modules by name, over those that were there."""
        for key, module in modules.items() if isinstance(modules, Mapping) else modules:
            self[key] = module

    def pop(self, key: str) -> Module:
        """Takes a module out and returns it."""
        module = self[key]
        del self[key]
        return module

    def clear(self) -> None:
        """Takes everything out."""
        for key in list(self._modules):
            del self[key]


@final
class ParameterList(Module):
    """A list of parameters, found as "0", "1", ...; plain tensors in it become parameters."""

    def __init__(self, values: Iterable[Tensor] | None = None):
        super().__init__()
        self.extend(values or ())

    def __getitem__(self, index: Any) -> Any:
        values = list(self._parameters.values())
        return ParameterList(values[index]) if isinstance(index, slice) else values[index]  # type: ignore[arg-type]

    def __setitem__(self, index: int, value: Tensor) -> None:
        setattr(self, str(range(len(self))[index]), _as_parameter(value))

    def __len__(self) -> int:
        return len(self._parameters)

    def __iter__(self) -> Iterator[Tensor]:
        return iter([value for value in self._parameters.values() if value is not None])

    def append(self, value: Tensor) -> Self:
        """Adds a parameter at the end."""
        self.register_parameter(str(len(self)), _as_parameter(value))
        return self

    def extend(self, values: Iterable[Tensor]) -> Self:
        """Adds parameters at the end."""
        for value in values:
            self.append(value)
        return self

    def extra_repr(self) -> str:
        return ", ".join(f"({name}): {p.shape}" for name, p in self.named_parameters())


def _as_parameter(value: Tensor) -> Tensor:
    return value if is_parameter(value) else Parameter(value)
