"""Containers: modules that hold modules in a row or by name."""

from abc import ABC
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Self, final

from ..errors import ShapeError
from .module import Module


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
        self.add_module(str(len(self)), _module(module))
        return self

    def extend(self, modules: Iterable[Module]) -> Self:
        """Adds modules at the end.

        Raises:
            TypeError: it is no list, or one of them is no module.
        """
        if not isinstance(modules, Iterable):
            raise TypeError(
                f"{type(self).__name__}.extend expects modules in a list, got {modules!r:.60}."
            )
        for module in list(modules):  # a list first: it may be this container itself
            self.append(module)
        return self

    def __add__(self, other: Iterable[Module]) -> Self:
        return type(self)._of([*self._modules.items()]).extend(other)

    def __iadd__(self, other: Iterable[Module]) -> Self:
        return self.extend(other)

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
        args: modules, named "0", "1", ...; or one OrderedDict of them by name.
    """

    def __init__(self, *args: Any):
        super().__init__()
        named = len(args) == 1 and isinstance(args[0], OrderedDict)
        for name, module in args[0].items() if named else enumerate(args):
            self.add_module(str(name), _module(module))

    @classmethod
    def _of(cls, items: list) -> Self:
        return cls(OrderedDict(items))

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

    def __repr__(self) -> str:
        """As any module's, but equal neighbours in one line: "(0-5): 6 x Block(...)"."""
        lines, row = [], [repr(module) for module in self]
        start = 0
        for i, text in enumerate(row):
            if i + 1 < len(row) and row[i + 1] == text:
                continue
            many = f"({start}-{i}): {i - start + 1} x " if i > start else f"({i}): "
            lines.append(many + text.replace("\n", "\n  "))
            start = i + 1
        return "\n  ".join(["ModuleList(", *lines]) + "\n)" if lines else "ModuleList()"


@final
class ModuleDict(Module):
    """A dictionary whose modules are found by `parameters()`."""

    def __init__(self, modules: Mapping[str, Module] | Iterable | None = None):
        super().__init__()
        self.update(modules or {})

    def __getitem__(self, key: str) -> Module:
        if key not in self._modules:
            raise KeyError(f"ModuleDict holds {list(self._modules)}, not {key!r}.")
        found = self._modules[key]
        assert found is not None
        return found

    def __setitem__(self, key: str, module: Module) -> None:
        self.add_module(key, _module(module))

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
        """Adds modules by name, over those that were there.

        Args:
            modules: a dictionary, a ModuleDict, or pairs of name and module.
        """
        for key, module in named_pairs("ModuleDict", modules):
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


def named_pairs(name: str, values: Any) -> list[tuple[str, Any]]:
    """The names and values of a dictionary, of a container used like one, or of a list of pairs.

    Raises:
        TypeError: it is none of these.
    """
    try:
        pairs = list(values.items() if hasattr(values, "items") else values)
        return [(key, value) for key, value in pairs]
    except (TypeError, ValueError):
        raise TypeError(
            f"{name}.update expects a dictionary or (name, value) pairs, got {values!r:.60}."
        ) from None


def _module(value: Any) -> Module:
    if not isinstance(value, Module):
        hint = "; names for modules come in an OrderedDict" if isinstance(value, dict) else ""
        raise TypeError(
            f"A container holds modules, got {type(value).__name__}: {value!r:.60}{hint}."
        )
    return value
