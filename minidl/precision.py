"""What a region of `autocast` changes: the numbers with which some operations compute.

Outside of regions nothing of this runs. The first region that opens hangs a rule on the `prepare`
of each primitive it concerns, and the last that closes takes it off again; a rule asks whether its
own thread is in a region. Functions whose arguments may now differ in dtype ask `alike`, where they
would otherwise refuse them.
"""

import threading
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, final

from . import tape
from .backend import device_of, float32, is_half
from .primitive import TABLE, Primitive
from .tape import Traced

F = TypeVar("F", bound=Callable)


@final
class Here(threading.local):
    """This thread's regions.

    Attributes:
        kinds: by type of device, the dtype of 16 bits that products are computed in.
        copies: weights that were cast in the outermost region, by their id.
        keeps: whether they are kept.
        depth: how many regions are open, those that are switched off among them.
    """

    def __init__(self) -> None:
        self.kinds: dict[str, Any] = {}
        self.copies: dict[int, tuple[Traced, Any, int, bool, Any]] = {}
        self.keeps = True
        self.depth = 0


here = Here()
used = False  # whether any region was ever open in this process


def region_of(x: Any) -> str | None:
    """The type of device whose region this value is in; None where it is in none.

    Regions take float32 and halves, not float64. A symbol on paper is where its numbers will be.
    """
    kinds = here.kinds
    if not kinds or not isinstance(x, Traced):
        return None
    kind = x.array.dtype
    if kind != float32 and not is_half(kind):
        return None
    place = device_of(x.array)
    assert place is not None
    device = x.array.graph.place if place.type == "paper" else place.type
    return device if device in kinds else None


def to_half(x: Any) -> Any:
    """A value in its region's half; others as they are."""
    device = region_of(x)
    kind = None if device is None else here.kinds[device]
    if kind is None or kind == x.array.dtype:
        return x
    if x.node is not None or not x.requires_grad or not here.keeps or tape.is_watched():
        return TABLE["cast"](x, dtype=kind)
    return _copy(x, kind)


def _copy(x: Traced, kind: Any) -> Any:
    """A weight in half precision: cast once in a region, however often it is used."""
    known = here.copies.get(id(x))
    count, recording = x.version.count, tape.is_recording()
    if known is not None and known[1] is x.array and known[2:4] == (count, recording):
        if known[4].array.dtype == kind:
            return known[4]
    made = TABLE["cast"](x, dtype=kind)
    here.copies[id(x)] = x, x.array, count, recording, made
    return made


def to_single(x: Any, devices: tuple[str, ...] = ("cpu", "cuda")) -> Any:
    """A half in a region for one of these devices as float32; others as they are."""
    if region_of(x) not in devices or x.array.dtype == float32:
        return x
    return TABLE["cast"](x, dtype=float32)


def alike(*values: Any) -> tuple | None:
    """All of these in the half of their region; None where none is open, or not for all of them."""
    cast = tuple(map(to_half, values))
    kinds = {x.array.dtype for x in cast if isinstance(x, Traced)}
    return cast if here.kinds and len(kinds) == 1 and is_half(*kinds) else None


def mixes(*values: Any) -> bool:
    """Whether values of different dtypes may meet, since a region casts them where it matters."""
    return bool(here.kinds) and all(region_of(x) is not None for x in values if x is not None)


# Rules ------------------------------------------------------------------------------------------

_lock = threading.Lock()
_open = 0  # regions of all threads
_before: dict[Primitive, Callable | None] = {}  # what `prepare` was without them


def opened(rules: dict[str, Callable[[Any], Any]]) -> None:
    """Another region is open; the first hangs a rule on each primitive of a name."""
    global _open
    here.depth += 1
    with _lock:
        _open += 1
        if _open == 1:
            for name, rule in rules.items():
                primitive = TABLE[name]
                _before[primitive] = primitive.prepare
                primitive.prepare = _prepared(rule, primitive.prepare)


def closed() -> None:
    """One less; the last takes the rules off, and the outermost of a thread forgets its copies."""
    global _open
    here.depth -= 1
    if here.depth == 0:
        here.copies.clear()
    with _lock:
        _open -= 1
        if _open == 0:
            for primitive, before in _before.items():
                primitive.prepare = before
            _before.clear()


def _prepared(rule: Callable[[Any], Any], before: Callable | None) -> Callable[[tuple], tuple]:
    def prepare(inputs: tuple) -> tuple:
        if here.kinds:
            inputs = tuple(map(rule, inputs))
        return inputs if before is None else before(inputs)

    return prepare


def in_single(*devices: str) -> Callable[[F], F]:
    """A decorator: in a region for one of these devices a function gets halves as float32."""
    return _given(lambda x: to_single(x, devices))


def in_half(function: F) -> F:
    """A decorator: in a region a function gets its arguments in half precision."""
    return _given(to_half)(function)


def _given(rule: Callable[[Any], Any]) -> Callable[[F], F]:
    def declare(function: F) -> F:
        @wraps(function)
        def call(*args: Any, **options: Any) -> Any:
            if _open and here.kinds:
                args = tuple(_each(rule, x) for x in args)
                options = {name: _each(rule, x) for name, x in options.items()}
            return function(*args, **options)

        return call  # type: ignore[return-value]

    return declare


def _each(rule: Callable[[Any], Any], x: Any) -> Any:
    return type(x)(map(rule, x)) if type(x) in (list, tuple) else rule(x)
