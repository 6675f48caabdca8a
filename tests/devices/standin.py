"""A graphics card of NumPy: what CuPy would do, where it lacks what CuPy lacks, on any machine.

Its arrays answer to nobody else: NumPy cannot read them, they meet no array of the processor, and
what they are copied to the host for is written down. So a test without a card still sees whether
an operation mixes devices or fetches numbers in secret, or asks for what CuPy does not have.
"""

import ctypes
import inspect
import operator
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from types import SimpleNamespace
from typing import Any

import numpy as np

from minidl import backend
from minidl.ops import solving_gpu
from minidl.primitive import TABLE
from tests.core import imitation

from .names import offered

OFFERED = offered()
REDUCED = ("add", "multiply")  # ufuncs whose reduce CuPy has; the others have none
ADDED_AT = ("add", "subtract", "maximum", "minimum", "bitwise_and", "bitwise_or", "bitwise_xor")
UPLOADS = ("asarray", "array", "ascontiguousarray")  # functions that take arrays of the host
WAITS: Counter = Counter()  # why numbers were copied to the host, how often


def bare(x: Any) -> Any:
    """NumPy's arrays inside the card's, however deep in tuples; an array of the host raises."""
    if isinstance(x, Array):
        return x.inside
    if isinstance(x, np.ndarray):
        raise TypeError("an array of the processor meets one of the card")
    if isinstance(x, (tuple, list)):
        return type(x)(map(bare, x)) if not hasattr(x, "_fields") else type(x)(*map(bare, x))
    return x


def placed(x: Any) -> Any:
    """What NumPy gives back, on the card."""
    if isinstance(x, (np.ndarray, np.generic)):
        return Array(np.asarray(x))
    if isinstance(x, tuple):
        return type(x)(*map(placed, x)) if hasattr(x, "_fields") else tuple(map(placed, x))
    return [placed(y) for y in x] if isinstance(x, list) else x


def ask(function: Any, args: Any, kwargs: Any) -> Any:
    with np.errstate(all="ignore"):
        z = placed(function(*map(bare, args), **{k: bare(v) for k, v in kwargs.items()}))
    out = kwargs.get("out")
    return z if out is None else out


class Array:
    """An array of the stand-in card."""

    __array_ufunc__ = None
    __slots__ = ("inside", "source")

    def __init__(self, inside: np.ndarray, source: "Array | None" = None):
        self.inside, self.source = inside, source

    shape, dtype, ndim, size = (
        property(lambda self, name=name: getattr(self.inside, name))
        for name in ("shape", "dtype", "ndim", "size")
    )

    @property
    def base(self) -> Any:
        return None if self.inside.base is None else self

    @property
    def device(self) -> Any:
        return SimpleNamespace(id=0)

    @property
    def data(self) -> Any:
        begin = self.inside.ctypes.data
        copy = lambda source, size: ctypes.memmove(begin, source, size)
        return SimpleNamespace(ptr=begin, mem=None, copy_from_host_async=copy)

    def __array__(self, *_: Any, **__: Any) -> Any:
        raise TypeError("NumPy asks for the numbers of a card's array")

    def _fetch(self, why: str) -> Any:
        WAITS[why] += 1
        return self.inside

    def __bool__(self) -> bool:
        return bool(self._fetch("bool"))

    def __int__(self) -> int:
        return int(self._fetch("int"))

    def __float__(self) -> float:
        return float(self._fetch("float"))

    def __index__(self) -> int:
        return operator.index(self._fetch("index").item())

    def __len__(self) -> int:
        return len(self.inside)

    def __iter__(self) -> Iterator[Any]:
        return (self[i] for i in range(len(self)))

    def __getitem__(self, key: Any) -> Any:
        key = bare(key)
        keys = key if isinstance(key, tuple) else (key,)
        plain = all(k is None or k is Ellipsis or isinstance(k, (int, slice)) for k in keys)
        if plain and Ellipsis not in keys:
            key = (*keys, ...)
        z = placed(self.inside[key])
        z.source = self  # CuPy's views hold what they are of
        return z

    def __setitem__(self, key: Any, value: Any) -> None:
        with np.errstate(all="ignore"):
            self.inside[bare(key)] = bare(value)

    def __getattr__(self, name: str) -> Any:
        if f"ndarray.{name}" not in OFFERED:
            raise AttributeError(f"CuPy's arrays have no {name}")
        found = getattr(self.inside, name)
        if not callable(found):
            return placed(found)
        if name in ("item", "tolist", "get"):
            WAITS[name] += 1
        return lambda *args, **kwargs: ask(found, args, kwargs)


def _operator(name: str) -> Any:
    def method(self: Array, *others: Any) -> Any:
        return ask(getattr(self.inside, name), others, {})

    return method


def _in_place(name: str) -> Any:
    function = getattr(operator, name.strip("_"))

    def method(self: Array, other: Any) -> Any:
        with np.errstate(all="ignore"):
            function(self.inside, bare(other))
        return self

    return method


_TWO = "add sub mul truediv floordiv mod pow matmul and or xor lshift rshift".split()
for _name in [*_TWO, *(f"r{name}" for name in _TWO), *"neg abs invert lt le gt ge eq ne".split()]:
    setattr(Array, f"__{_name}__", _operator(f"__{_name}__"))
for _name in _TWO:
    setattr(Array, f"__i{_name}__", _in_place(f"__i{_name}__"))


class Ufunc:
    """A function of numbers, with the methods that CuPy's has, and without `where`."""

    def __init__(self, name: str):
        self.name, self.function = name, getattr(np, name)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if unknown := set(kwargs) - {"out", "dtype", "casting"}:
            raise TypeError(f"CuPy's {self.name} takes no {unknown}")
        return ask(self.function, args, kwargs)

    def reduce(self, *args: Any, **kwargs: Any) -> Any:
        if self.name not in REDUCED:
            raise NotImplementedError(f"CuPy's {self.name} has no reduce")
        return ask(self.function.reduce, args, kwargs)

    def at(self, *args: Any) -> Any:
        if self.name not in ADDED_AT:
            raise NotImplementedError(f"CuPy's {self.name} has no at")
        return ask(self.function.at, args, {})


class Room:
    """A module of the stand-in: NumPy's functions, as far as CuPy has them."""

    __name__ = "standin"

    def __init__(self, numpy: Any, path: str = ""):
        self._numpy, self._path = numpy, path

    def __getattr__(self, name: str) -> Any:
        path = self._path + name
        if path in ("lib", "linalg", "fft", "lib.stride_tricks"):
            return Room(getattr(self._numpy, name), f"{path}.")
        if path not in OFFERED:
            raise AttributeError(f"CuPy has no {path}")
        found = getattr(self._numpy, name)
        if isinstance(found, np.ufunc):
            return Ufunc(name)
        return self._function(path, found) if callable(found) else found

    def _function(self, path: str, function: Any) -> Any:
        stable = {"stable": True} if path == "argsort" else {}

        def call(*args: Any, **kwargs: Any) -> Any:
            if unknown := set(kwargs) - set(OFFERED[path].split()):
                if "args" not in OFFERED[path].split():
                    raise TypeError(f"CuPy's {path} takes no {unknown}")
            if path in UPLOADS and not isinstance(args[0], Array):
                WAITS["upload"] += isinstance(args[0], np.ndarray)
                return Array(np.array(args[0], *args[1:], **kwargs))
            return ask(function, args, {**kwargs, **stable})

        return call


class _Here(nullcontext):
    """The one card there is, as a context."""

    id = 0

    def __init__(self, index: int = 0):
        super().__init__(self)

    def use(self) -> None: ...

    def synchronize(self) -> None: ...


class _Stream(nullcontext):
    """A stream whose work is done at once."""

    ptr = 0

    def __init__(self, non_blocking: bool = False):
        super().__init__(self)

    def is_capturing(self) -> bool:
        return False

    def record(self) -> Any:
        return SimpleNamespace(done=True)

    def wait_event(self, event: Any) -> None: ...


PINNED: dict[int, Any] = {}  # what was pinned, by its address


def _pin(size: int) -> Any:
    memory = np.zeros(size, "uint8")
    PINNED[memory.ctypes.data] = memory
    return memory


def card() -> Any:
    """The stand-in for the module CuPy."""
    runtime = SimpleNamespace(
        getDevice=lambda: 0,
        deviceGetAttribute=lambda number, device: imitation.FACTS[number],
        getDeviceCount=lambda: 1,
        memoryTypeHost=1,
        pointerGetAttributes=lambda pointer: SimpleNamespace(type=int(pointer in PINNED)),
    )
    own = {
        "cuda": SimpleNamespace(
            Device=_Here,
            runtime=runtime,
            Stream=_Stream,
            get_current_stream=_Stream,
            alloc_pinned_memory=_pin,
        ),
        "ndarray": Array,
        "RawModule": imitation.Module,
        "may_share_memory": lambda a, b: np.may_share_memory(a.inside, b.inside),
        "asnumpy": lambda x: x._fetch("asnumpy"),
    }
    room = Room(np)
    vars(room).update(own)
    return room


def compiled() -> list[Any]:
    """The primitives whose rows for a card are CUDA source, which only a card can run."""
    return [p for p in TABLE.values() if "cuda" in p.overrides and _has_source(p.overrides["cuda"])]


def _has_source(rule: Any) -> bool:
    return "Kernel(" in inspect.getsource(inspect.getmodule(rule))  # type: ignore[arg-type]


def _by_numpy(primitive: Any) -> Any:
    """The processor's rule for arrays of the card, in place of CUDA source."""

    def rule(xp: Any, *inputs: Any, **params: Any) -> Any:
        with np.errstate(all="ignore"):
            return placed(primitive.forward(np, *map(bare, inputs), **params))

    return rule


@contextmanager
def inserted() -> Iterator[Any]:
    """In this block "cuda" is the stand-in card."""
    before = backend.cupy, backend.cuda_search, solving_gpu._watched
    room = card()
    backend.cupy, backend.cuda_search = lambda: room, lambda: (1, "")
    solving_gpu._watched = nullcontext
    backend.cuda.cache_clear()
    rows = {primitive: primitive.overrides["cuda"] for primitive in compiled()}
    for primitive in rows:
        primitive.overrides["cuda"] = _by_numpy(primitive)
    try:
        yield room
    finally:
        for primitive, row in rows.items():
            primitive.overrides["cuda"] = row
        backend.cupy, backend.cuda_search, solving_gpu._watched = before
        backend.cuda.cache_clear()
        backend._PLACES.pop(Array, None)
