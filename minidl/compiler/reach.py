"""What a function can reach before it runs: tensors, numbers that change, and all it decides by.

Two walks over the same things give the same `prints`; where they differ, the function may compute
something else than before. So a trace, which sees only what was true once, is never used for what
is true no longer.
"""

from collections import deque
from collections.abc import Callable, Iterable
from enum import Enum
from functools import partial
from types import BuiltinMethodType, CellType, FunctionType, MethodType, ModuleType
from typing import Any, NamedTuple, final

import numpy

from ..nn import Module
from ..ops import Generator
from ..optim import Optimizer
from ..tensors import Tensor
from .arguments import PLAIN, told
from .boxes import Box, Check
from .reading import class_of, is_users, names_of, user_classes

_ALWAYS = {"training", "_hooks", "_parameters", "_buffers", "_modules", "forward"}
_SEQUENCES = (list, tuple, deque)


@final
class Slot(NamedTuple):
    """A Python number that may be another one at each call, like a learning rate."""

    box: dict[Any, Any]
    key: Any
    path: str


@final
class Reach:
    """What was found, in the order of the walk.

    Attributes:
        tensors: each once.
        numbers: the options `lr` and the numbers in the states of optimisers.
        optimizers, modules, generators: each once.
        prints: (where, what) of everything that a trace may depend on.
        boxes: containers, with copies, so that what a trace put into them can be found and undone.
        checks: what to look at before each call, in a form that is quickly tested.
    """

    def __init__(self, names: set[str]):
        self.names = names
        self.tensors: list[Tensor] = []
        self.tensor_paths: list[str] = []
        self.numbers: list[Slot] = []
        self.optimizers: list[Optimizer] = []
        self.modules: list[Module] = []
        self.generators: list[Generator] = []
        self.prints: list[tuple[str, Any]] = []
        self.boxes: list[Box] = []
        self.checks: list[Check] = []
        self.codes: set[Any] = set()
        self._registries: set[int] = set()
        self._seen: dict[int, int] = {}
        self._alive: list[Any] = []  # so that no identity is used twice
        self._waiting: list[tuple[str, Any]] = []

    def walk(self, roots: Iterable[tuple[str, Any]]) -> "Reach":
        """Visits everything that can be reached from some values."""
        self._waiting = list(roots)[::-1]
        while self._waiting:
            self._visit(*self._waiting.pop())
        return self

    def knows(self, x: Any) -> bool:
        """Whether an object was visited."""
        return id(x) in self._seen

    def _visit(self, path: str, x: Any) -> None:
        kind = type(x)
        if kind in PLAIN or isinstance(x, (Enum, numpy.generic)):
            self.prints.append((path, (kind, told(x))))
            return
        number = self._seen.setdefault(id(x), len(self._seen))
        self.prints.append((path, (kind, number)))
        if number < len(self._alive):
            return
        self._alive.append(x)
        for types, visit in _VISITS:
            if isinstance(x, types):
                visit(self, path, x)
                return
        if "__wrapped__" in getattr(x, "__dict__", ()):
            self._later([(path, x.__wrapped__)])
            self._remembering(path, x)
        elif class_of(kind) != "elsewhere":
            self._object(path, x)
        else:
            self._opaque(path, x)

    def _later(self, found: Iterable[tuple[str, Any]]) -> None:
        self._waiting += list(found)[::-1]

    # Leaves -----------------------------------------------------------------------------------

    def _tensor(self, path: str, x: Tensor) -> None:
        self.tensors.append(x)
        self.tensor_paths.append(path)
        hooks = () if x.hooks is None else tuple(map(id, x.hooks.values()))
        self.prints.append(
            (path, (x.shape, x.dtype, x.requires_grad, x.node is None, hooks, type(x.array)))
        )
        if x.hooks:
            self._later((f"{path}.hook", hook) for hook in x.hooks.values())

    def _array(self, path: str, x: numpy.ndarray) -> None:
        copy = x.copy()
        self.prints.append((path, (x.shape, x.dtype, x.tobytes())))
        self.checks.append(Check("array", x, None, copy, path))

    def _opaque(self, path: str, x: Any) -> None:
        """Of a foreign object only its identity is known; of an iterator, where it stands."""
        self.prints.append((path, id(x)))
        if isinstance(x, Generator):
            self.generators.append(x)
        elif hasattr(x, "bit_generator"):
            self.boxes.append(Box("random", x, str(x.bit_generator.state), path))
        elif hasattr(x, "__next__"):
            self.boxes.append(Box("iterator", x, Box.place(x), path))

    def _remembering(self, path: str, x: Any) -> None:
        """A function behind functools.cache."""
        if hasattr(x, "cache_info"):
            self.boxes.append(Box("cache", x, x.cache_info().misses, path))

    # Containers -------------------------------------------------------------------------------

    def _sequence(self, path: str, x: Any) -> None:
        self.prints.append((path, len(x)))
        if not isinstance(x, tuple):
            self.boxes.append(Box("list", x, list(x), path))
            self.checks.append(Check("list", x, None, list(x), path))
        self._later((f"{path}[{i}]", part) for i, part in enumerate(x))

    def _dict(self, path: str, x: dict) -> None:
        self.boxes.append(Box("dict", x, dict(x), path))
        quiet = id(x) in self._registries  # a module counts its changes
        if not quiet:
            self.checks.append(Check("keys", x, None, list(x), path))
        for i, key in enumerate(x):
            if not isinstance(key, (str, int, float)):
                self._later([(f"{path}.key {i}", key)])
            else:
                self.prints.append((path, key))
        self._items(path, x, x, quiet)

    def _items(self, path: str, box: dict, keys: Iterable[Any], quiet: bool = False) -> None:
        for key in () if quiet else keys:
            shown = repr(key) if isinstance(key, (str, int, float)) else "..."
            self.checks.append(Check("item", box, key, box[key], f"{path}[{shown}]"))
        self._later((f"{path}[{k!r}]" if isinstance(k, (str, int)) else path, box[k]) for k in keys)

    def _set(self, path: str, x: Any) -> None:
        self.prints.append((path, frozenset(x)))
        if isinstance(x, set):
            self.boxes.append(Box("set", x, set(x), path))
        if isinstance(x, set) and id(x) not in self._registries:
            self.checks.append(Check("set", x, None, set(x), path))

    def _cell(self, path: str, x: CellType) -> None:
        value = Box.content(x)
        self.boxes.append(Box("cell", x, value, path))
        self.checks.append(Check("cell", x, None, value, path))
        self._later([(path, value)])

    # Functions --------------------------------------------------------------------------------

    def _function(self, path: str, x: FunctionType) -> None:
        self.prints.append((path, x.__code__))
        for name, cell in zip(x.__code__.co_freevars, x.__closure__ or (), strict=True):
            self._later([(f"'{name}'", cell)])
        self._later(
            (f"a default of {x.__name__}", value)
            for value in (*(x.__defaults__ or ()), *(x.__kwdefaults__ or {}).values())
        )
        if is_users(x.__code__.co_filename):
            self.code(x.__code__, x.__globals__)

    def code(self, code: Any, scope: dict[str, Any]) -> None:
        """Visits the globals that a piece of code names."""
        if code in self.codes:
            return
        self.codes.add(code)
        names = names_of(code)
        self.names |= names.attributes
        for name in sorted(names.read):
            if name in scope:
                self.checks.append(Check("item", scope, name, scope[name], f"global '{name}'"))
                self.boxes.append(Box("name", (scope, name), scope[name], f"global '{name}'"))
                self._later([(f"global '{name}'", scope[name])])
                if isinstance(scope[name], ModuleType):
                    self._in_module(name, scope[name], names.attributes)
            else:
                self.prints.append((f"global '{name}'", "missing"))
                self.checks.append(Check("missing", scope, name, None, f"global '{name}'"))

    def _in_module(self, path: str, module: ModuleType, names: Iterable[str]) -> None:
        """What code may take from a module of the user's own."""
        if is_users(getattr(module, "__file__", None) or "<frozen"):
            box = vars(module)
            self._items(path, box, sorted(set(names) & set(box)))

    def _method(self, path: str, x: Any) -> None:
        self._later([(path, x.__self__), (path, getattr(x, "__func__", None))])

    def _partial(self, path: str, x: partial) -> None:
        self._later([(path, x.func), (path, x.args), (path, x.keywords)])

    def _module_object(self, path: str, x: ModuleType) -> None:
        self.prints.append((path, id(x)))

    def _class(self, path: str, x: type) -> None:
        self.prints.append((path, id(x)))
        for kind in user_classes(x):
            box = vars(kind)
            for name in sorted(box):
                dunder = name.startswith("__") and name.endswith("__") and name != "__init__"
                value = getattr(box[name], "__func__", getattr(box[name], "fget", box[name]))
                function = isinstance(value, FunctionType)
                if name in self.names or function and (dunder or name in _ALWAYS):
                    self.checks.append(Check("item", box, name, box[name], f"{path}.{name}"))
                    self._later([(f"{path}.{name}", value)])

    # Objects ----------------------------------------------------------------------------------

    def _object(self, path: str, x: Any) -> None:
        """An object of a class of the user's or of minidl: the attributes that code names."""
        if isinstance(x, Module):
            self.modules.append(x)
            self._registries |= {id(x._parameters), id(x._buffers), id(x._modules)}
            self._registries.add(id(x._non_persistent))
        self._later([(f"type of {path}", type(x))])
        box = getattr(x, "__dict__", None)
        if box is None:
            self._slots(path, x)
            return
        self.boxes.append(Box("object", x, dict(box), path))
        ours = class_of(type(x)) == "minidl"
        names = [n for n in box if ours or n in self.names or n in _ALWAYS]
        self.prints.append((path, tuple(names)))
        if not isinstance(x, Module):
            self._checked(path, box, names)
        else:  # every change of its attributes is counted; its parts may be set behind its back
            self.checks.append(Check("parts", x._modules, None, dict(x._modules), path))
        self._later((f"{path}.{name}", box[name]) for name in names)

    def _checked(self, path: str, box: dict, names: list[str]) -> None:
        for name in names:
            self.checks.append(Check("item", box, name, box[name], f"{path}.{name}"))

    def _slots(self, path: str, x: Any) -> None:
        names = [n for kind in type(x).__mro__ for n in getattr(kind, "__slots__", ())]
        values = {name: getattr(x, name) for name in names if hasattr(x, name)}
        self.boxes.append(Box("slots", x, values, path))
        for name, value in values.items():
            self.checks.append(Check("attribute", x, name, value, f"{path}.{name}"))
        self._later((f"{path}.{name}", value) for name, value in values.items())

    def _optimizer(self, path: str, x: Optimizer) -> None:
        self.optimizers.append(x)
        box = {k: v for k, v in vars(x).items() if k not in ("steps_taken", "defaults")}
        self.boxes.append(Box("object", x, dict(vars(x)), path))
        self._later([(f"type of {path}", type(x))])
        self._checked(path, vars(x), list(box))
        groups, state = box.pop("param_groups"), box.pop("state")
        self._later((f"{path}.{name}", value) for name, value in box.items())
        self.boxes.append(Box("list", groups, list(groups), f"{path}.param_groups"))
        self.checks.append(Check("list", groups, None, list(groups), f"{path}.param_groups"))
        for i, group in enumerate(groups):
            self._numbered(f"{path}.param_groups[{i}]", group, {"lr"})
        self.boxes.append(Box("state", state, dict(state), f"{path}.state"))
        self.checks.append(Check("size", state, None, len(state), f"{path}.state"))
        empty = [own for own in state.values() if not own]
        self.checks.append(Check("empty", empty, None, None, f"{path}.state"))
        for parameter, own in state.items():
            if own:
                self._later([(f"{path}.state", parameter)])
                self._numbered(f"{path}.state[...]", own, set(own))

    def _numbered(self, path: str, box: dict, changing: set[str]) -> None:
        """A dictionary of an optimiser, some of whose numbers change from call to call."""
        self.boxes.append(Box("state", box, dict(box), path))
        self.checks.append(Check("size", box, None, len(box), path))
        numbers = [k for k in box if k in changing and type(box[k]) in (int, float, numpy.float64)]
        for key in numbers:
            self.numbers.append(Slot(box, key, f"{path}[{key!r}]"))
            self.checks.append(Check("key", box, key, None, path))
            self.prints.append((f"{path}[{key!r}]", "number"))
        self._items(path, box, [k for k in box if k not in numbers])


_VISITS: tuple[tuple[Any, Callable[[Reach, str, Any], None]], ...] = (
    (Tensor, Reach._tensor),
    (numpy.ndarray, Reach._array),
    (Optimizer, Reach._optimizer),
    (dict, Reach._dict),
    (_SEQUENCES, Reach._sequence),
    ((set, frozenset), Reach._set),
    (CellType, Reach._cell),
    (FunctionType, Reach._function),
    (MethodType, Reach._method),
    (BuiltinMethodType, Reach._method),
    (partial, Reach._partial),
    (ModuleType, Reach._module_object),
    (type, Reach._class),
    (Generator, Reach._opaque),
)


def reach(roots: list[tuple[str, Any]], names: set[str], codes: dict[Any, dict[str, Any]]) -> Reach:
    """A walk from some values, repeated until every attribute that found code names was followed.

    Args:
        roots: (how to call it, value).
        names: attributes to follow; those that are found are added.
        codes: more code that ran, with its globals.
    """
    while True:
        known = len(names)
        found = Reach(names)
        for code, scope in codes.items():
            found.code(code, scope)
        waiting = found._waiting[::-1]
        found.walk([*roots, *waiting])
        if len(names) == known:
            return found
