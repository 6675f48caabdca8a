"""`minidl.compile`: a function that is traced once per meaning and then runs as one program."""

import gc
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial, update_wrapper
from threading import RLock
from typing import Any, final

from .. import dtypes, tape
from ..nn import Module
from ..nn.hooks import everywhere
from ..precision import here
from .arguments import Arguments
from .beginning import Begun
from .capture import Capture, Created, capture
from .emitting import BACKENDS
from .entry import MISS, Entry, Moved
from .reach import Reach, reach

KEPT = 16  # how many meanings of one function are remembered
MOST = 2 * KEPT  # how often it is compiled, before something is taken to change all the time
_tracing = RLock()  # a trace puts tensors on paper, which another one may not find there


def compile(
    model: Any = None, *, fullgraph: bool = True, backend: str = "native", disable: bool = False
) -> Any:
    """A function that gives the same results, and does the same to tensors, in less time.

    At the first call the function runs on paper; what it writes down becomes a program. Later calls
    run the program, as long as whatever the function decides by is unchanged: shapes, dtypes,
    `train()` or `eval()`, Python values among its arguments and in what it can reach. Where that
    changes, it is traced again (and says so, each time, up to 32 times); numbers in tensors,
    learning rates and step counts may change freely. Dropout draws anew at each call. While it is
    traced, no other thread may use the tensors that it works on.

    Args:
        model: a function, a Module, or a whole training step with `backward()` and
            `optimizer.step()` inside; without it, a decorator with these options is returned.
        fullgraph: whether what cannot be compiled raises; else it runs as it is, with a warning.
        backend: "native" (C), "plan" (NumPy) or "eager" (primitive by primitive, to compare with).
            Where one cannot be had, the next is taken, and `explain()` says why.
        disable: change nothing.

    Returns:
        Something that is called as `model` is; `explain()` tells what became of it. Results are
        new tensors, never views of arguments.

    Raises:
        CompileError: at a call, if it looks at numbers (`if x > 0`, `x.item()`), or does what a
            program cannot repeat (prints, fills lists, sets attributes); the sentence names the
            line. A first step of an optimiser whose state begins with a gradient (momentum with
            dampening) runs uncompiled.
    """
    if backend not in BACKENDS:
        raise ValueError(f"compile: backend must be one of {', '.join(BACKENDS)}, got {backend!r}.")
    if model is None:
        return partial(compile, fullgraph=fullgraph, backend=backend, disable=disable)
    if not callable(model):
        raise TypeError(f"compile: expected a function or a Module, got {type(model).__name__}.")
    made = Compiled(model, fullgraph, backend, disable)
    return CompiledModule(made) if isinstance(model, Module) else made


@final
class Compiled:
    """A compiled function.

    Attributes:
        entries: its meanings, the one used last first.
    """

    def __init__(self, function: Callable, fullgraph: bool, backend: str, disable: bool):
        self.__name__ = type(function).__name__
        update_wrapper(self, function, updated=())
        self.__wrapped__ = function
        self.fullgraph, self.backend, self.disable = fullgraph, backend, disable
        self.entries: list[Entry] = []
        self.traces = 0
        self.names: set[str] = set()
        self.codes: dict[Any, dict[str, Any]] = {}
        self.given_up: Exception | None = None
        self._call: Callable = _never

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        try:
            result = self._call(args, kwargs)
        except Moved:
            result = MISS
        return self._slowly(args, kwargs) if result is MISS else result

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        """A compiled method is bound as a function would be."""
        return self if instance is None else partial(self, instance)

    def explain(self) -> Any:
        """What became of the function: an object that prints as text."""
        from .explain import Explanation

        return Explanation(self)

    def _slowly(self, args: tuple, kwargs: dict[str, Any]) -> Any:
        """The long way: looks for a meaning that fits, or makes one."""
        function = self.__wrapped__
        if self.disable or self.given_up is not None or tape.is_watched():
            return function(*args, **kwargs)
        try:
            with _tracing, _uncollected():
                entry = self._entry(args, kwargs)
        except Created:
            entry = None
        except Exception as error:
            if self.fullgraph:
                raise
            result = function(*args, **kwargs)  # if it raises here as well, that was no refusal
            self.given_up = error
            warnings.warn(f"{self.__name__} runs uncompiled. {error}", stacklevel=3)
            return result
        if entry is None:
            return function(*args, **kwargs)
        self.entries = [entry, *(e for e in self.entries if e is not entry)][:KEPT]
        self._call = entry.call
        try:
            return entry.call(args, kwargs, True)
        except Moved:
            self.entries.remove(entry)
            return self._slowly(args, kwargs)

    def _entry(self, args: tuple, kwargs: dict[str, Any]) -> Entry | None:
        """A meaning that fits; None where no more are made."""
        arguments = Arguments(args, kwargs)
        found = reach(self._roots(arguments), self.names, self.codes)
        for entry in self.entries:
            if entry.fits(arguments, found):
                entry.rebase(arguments, found)
                return entry
        if self.traces == MOST:
            return None
        made = self._traced(arguments, found, args, kwargs)
        self.traces += 1
        if self.entries:
            why = self.entries[0].difference(arguments, made.reach)
            last = self.traces == MOST
            end = " What fits none of its meanings runs uncompiled from now on." if last else ""
            warnings.warn(f"{self.__name__} is compiled anew, since {why}.{end}", stacklevel=4)
        return Entry(made, arguments, self.backend)

    def _traced(self, arguments: Arguments, found: Reach, args: tuple, kwargs: dict) -> Capture:
        """A trace; optimisers that the function may step have their state before."""

        def run() -> Capture:
            return capture(self.__wrapped__, args, kwargs, arguments.tensors,
                           self._roots(arguments), self.names, self.codes)  # fmt: skip

        begun = Begun(found.optimizers if "step" in self.names else ())
        try:
            made = run()
            return run() if begun.keep_what_changes(made) else made
        except BaseException:
            begun.take_back()
            raise

    def _roots(self, arguments: Arguments) -> list[tuple[str, Any]]:
        function = self.__wrapped__
        name = getattr(function, "__name__", type(function).__name__)
        hooks = [*everywhere.before.values(), *everywhere.after.values()]
        regions = tuple(sorted((device, str(kind)) for device, kind in here.kinds.items()))
        settings = (tape.is_recording(), dtypes.get_default_dtype(), regions)
        return [(name, function), ("settings", settings), ("hooks", hooks), *arguments.roots]


@contextmanager
def _uncollected() -> Iterator[None]:
    """In this block Python's collector waits: it would look through a growing trace again and
    again, and find nothing to collect."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _never(args: tuple, kwargs: dict[str, Any]) -> Any:
    """The call of a function without a meaning yet."""
    return MISS


@final
class CompiledModule:
    """A Module whose call is compiled; all else is the module's own.

    It says of itself that it is of the module's class, so that it can stand wherever that can.
    """

    def __init__(self, compiled: Compiled):
        object.__setattr__(self, "_compiled", compiled)
        object.__setattr__(self, "__wrapped__", compiled.__wrapped__)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._compiled(*args, **kwargs)

    def explain(self) -> Any:
        """As `Compiled.explain`."""
        return self._compiled.explain()

    @property
    def __class__(self) -> type:  # type: ignore[override]
        return type(self.__dict__["__wrapped__"])

    def __getattr__(self, name: str) -> Any:
        return getattr(self.__dict__["__wrapped__"], name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self.__dict__["__wrapped__"], name, value)

    def __delattr__(self, name: str) -> None:
        delattr(self.__dict__["__wrapped__"], name)

    def __dir__(self) -> list[str]:
        return [*dir(self.__dict__["__wrapped__"]), "explain"]

    def __len__(self) -> int:
        return len(self.__dict__["__wrapped__"])

    def __iter__(self) -> Any:
        return iter(self.__dict__["__wrapped__"])

    def __getitem__(self, key: Any) -> Any:
        return self.__dict__["__wrapped__"][key]

    def __repr__(self) -> str:
        return f"compiled {self.__dict__['__wrapped__']!r}"
