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
from weakref import ref

from . import tape
from .backend import device_of, float32, is_half
from .primitive import TABLE, Primitive
from .tape import Traced

F = TypeVar("F", bound=Callable)
# How a device casts several arrays at once, by its type: (xp, arrays, dtype) -> arrays, or None.
CAST_ALL: dict[str, Callable[..., Any]] = {}
_PATHS = 64  # ways through networks of which the weights are remembered


@final
class Here(threading.local):
    """This thread's regions.

    Attributes:
        kinds: by type of device, the dtype of 16 bits that products are computed in.
        copies: weights that were cast in the outermost region, by their id.
        met: weights that were cast together before, by the id of their first.
        keeps: whether they are kept.
        depth: how many regions are open, those that are switched off among them.
    """

    def __init__(self) -> None:
        self.kinds: dict[str, Any] = {}
        self.copies: dict[int, tuple[Traced, Any, int, bool, Any]] = {}
        self.met: dict[int, list[ref]] = {}
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
    known = _kept(x, kind)
    if known is None and not here.copies:
        _cast_as_before(x, kind)
        known = _kept(x, kind)
    if known is None:
        known = TABLE["cast"](x, dtype=kind)
        _keep(x, known)
    return known


def _kept(x: Traced, kind: Any) -> Any:
    """The copy of a weight that this region has, if it is still true."""
    known = here.copies.get(id(x))
    if known is None or known[1] is not x.array or known[4].array.dtype != kind:
        return None
    return known[4] if known[2:4] == (x.version.count, tape.is_recording()) else None


def _keep(x: Traced, copy: Any) -> None:
    here.copies[id(x)] = x, x.array, x.version.count, tape.is_recording(), copy


def _cast_as_before(first: Traced, kind: Any) -> None:
    """Casts at once all weights that an earlier region cast which began with the same, where the
    device has a kernel for that: then the others will be wanted as well."""
    place = device_of(first.array)
    at_once = None if place is None else CAST_ALL.get(place.type)
    met = [x() for x in here.met.get(id(first), ())]
    weights = [x for x in met if x is not None and type(x.array) is type(first.array)]
    if at_once is None or len(weights) < 2 or weights[0] is not first:
        return
    if any(x.array.dtype != float32 or device_of(x.array) is not place for x in weights):
        return
    copies = place.call(at_once, [x.array for x in weights], kind)  # type: ignore[union-attr]
    for x, array in zip(weights, copies or (), strict=False):
        _keep(x, tape.as_result(TABLE["cast"], x, array, {"dtype": kind}))


def _remember() -> None:
    """Which weights were cast in the region that now ends."""
    weights = [known[0] for known in here.copies.values()]
    if len(here.met) >= _PATHS:
        here.met.clear()
    here.met[id(weights[0])] = [ref(x) for x in weights]


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
    if here.depth == 0 and here.copies:
        _remember()
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
