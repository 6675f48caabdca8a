"""Where numbers live and who computes on them: the processor, or a graphics card.

This is the only file of the core that names numpy or cupy, but for those that cards alone need,
*_gpu.py. Every other file receives the array module as `xp`, so the same line of a primitive runs
wherever its arrays are.
"""

import importlib.util
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from contextvars import Context, ContextVar
from functools import cache
from typing import Any, final

from . import machine  # noqa: F401  (sets up what NumPy reads when it is loaded)

# isort: split
import numpy

from .errors import DeviceError

float16, float32, float64 = (numpy.dtype(f"float{bits}") for bits in (16, 32, 64))
int8, int16, int32, int64 = (numpy.dtype(f"int{bits}") for bits in (8, 16, 32, 64))
uint8, bool_ = numpy.dtype("uint8"), numpy.dtype("bool")
complex64, complex128 = numpy.dtype("complex64"), numpy.dtype("complex128")
dtype = numpy.dtype
HOST = numpy.ndarray
SCALAR = numpy.generic  # NumPy hands these out where an array without dimensions is meant
UNSOLVABLE = numpy.linalg.LinAlgError  # what NumPy and CuPy raise for a matrix they cannot treat

_NAMES = {t.name: t for t in (float16, float32, float64, int8, int16, int32, int64, uint8, bool_,
                              complex64, complex128)}  # fmt: skip
# A category is how far up the ladder bool -> integer -> real -> complex a dtype stands; within one
# category NumPy's rules and PyTorch's are the same.
_CATEGORY = {"b": 0, "i": 1, "u": 1, "f": 2, "c": 3}


class Device(ABC):
    """A place where arrays live and primitives run."""

    type: str
    index: int | None
    xp: Any  # its array module
    _lacking: set[Any]  # primitives that turned out to know no halves
    writable = True  # whether an array here is memory that can be overwritten

    @abstractmethod
    def run(self, primitive: Any, inputs: Sequence[Any], params: dict[str, Any]) -> Any:
        """Computes a primitive's output from bare arrays and numbers."""

    @abstractmethod
    def asarray(self, data: Any, dtype: Any = None) -> Any:
        """An array of this device from a nested list, a number or a NumPy array."""

    def filled(self, shape: tuple[int, ...], number: Any, dtype: Any) -> Any:
        """An array of this device with one number everywhere."""
        return self.asarray(numpy.full(shape, number, dtype))

    @abstractmethod
    def to_host(self, array: Any) -> numpy.ndarray:
        """The same numbers as a NumPy array (shared where the array is one already)."""

    def look_for_halves(self) -> None:
        """From now on every call looks for halves; until the first of them there is none to find.

        A processor has no arithmetic for them that pays: NumPy's products of float16 take hundreds
        of times those of float32. So halves are stored, and computed with as float32.
        """
        self.run = self._run_halves

    def _run_halves(self, primitive: Any, inputs: Sequence[Any], params: dict[str, Any]) -> Any:
        """Widens halves, computes, and rounds what ought to be halves once, at the end."""
        run = type(self).run
        if primitive.view or primitive.name in _MOVING or not any(map(_holds_halves, inputs)):
            return run(self, primitive, inputs, params)
        given, native = inputs, self._computes_halves(primitive)
        if not native:
            inputs = [x.astype(float32) if _holds_halves(x) else x for x in inputs]
        try:
            z = run(self, primitive, inputs, params)
        except Exception:
            if not native:
                raise
            self._lacking.add(primitive)
            return self._run_halves(primitive, given, params)
        if z.dtype not in (float32, float64):
            return z
        kind = primitive.outline(*given, **params).dtype
        return z if kind == z.dtype else _silently(z.astype, kind)

    def call(self, rule: Callable, *inputs: Any, **params: Any) -> Any:
        """What a rule gives that is this kind of device's own."""
        return rule(self.xp, *inputs, **params)

    def _computes_halves(self, primitive: Any) -> bool:
        """Whether this device computes a primitive of halves as well as of float32."""
        return False

    def work_into(self, name: str, x: Any, y: Any, factor: float | None = None) -> None:
        """x <- x + factor * y, where the name is "add": NumPy's function, its result put over x."""
        raise NotImplementedError(f"Nothing can be overwritten on {self.type}.")

    def receive(self, array: Any, non_blocking: bool = False) -> Any:
        """The numbers of another device's array, here.

        Args:
            non_blocking: return before the copy is done, where that is safe.
        """
        source = device_of(array)
        return self.asarray(array if source is None else source.to_host(array))

    def synchronize(self) -> None:  # noqa: B027  (most devices have nothing to wait for)
        """Waits until everything asked of this device is done."""

    def address(self, array: Any) -> int:
        """Where an array's first number lies."""
        return array.__array_interface__["data"][0]

    def overlap(self, source: Any, array: Any) -> bool:
        """Whether an array made of another may share its memory."""
        return True

    def __enter__(self) -> "Device":
        """Within the block this is the device of what is made without saying where."""
        _default.devices.append(self)
        return self

    def __exit__(self, *_: Any) -> None:
        _default.devices.pop()

    def __str__(self) -> str:
        return self.type if self.index is None else f"{self.type}:{self.index}"

    def __repr__(self) -> str:
        return f"device(type='{self.type}'" + (
            ")" if self.index is None else f", index={self.index})"
        )

    def __eq__(self, other: object) -> bool:
        if other is self:
            return True
        return str(self) == str(other) if isinstance(other, (Device, str)) else NotImplemented

    def __hash__(self) -> int:
        return hash(str(self))


# Primitives that hand halves on as they are, and those of which a card rounds the result once.
_MOVING = ("clone", "transfer", "cast", "cat", "pad", "crop", "flip", "gather_at")
ROUNDED = ("matmul", "row_products", "add", "sub", "mul", "div", "neg", "abs", "relu", "maximum",
            "minimum", "where", "fill")  # fmt: skip


@final
class CPU(Device):
    """The processor, by NumPy."""

    type, index, xp = "cpu", None, numpy

    def run(self, primitive, inputs, params):
        if primitive.quiet and not _silent():
            return _silence.run(primitive.forward, numpy, *inputs, **params)
        return primitive.forward(numpy, *inputs, **params)

    def asarray(self, data, dtype=None):
        return numpy.asarray(data, dtype)

    def to_host(self, array):
        return numpy.asarray(array)

    def work_into(self, name, x, y, factor=None):
        _silently(overwrite, numpy, name, x, y, factor)

    def overlap(self, source, array):
        if type(source) is not HOST:
            return True
        base = array.base  # whose memory it is, if not its own: mostly that settles it
        if base is None or base is source or base is source.base:
            return base is not None
        return numpy.may_share_memory(source, array)


# How the device of a card is made from its number; what knows how says so (`cards_by`).
_MAKE_CARD: list[Callable[[int], Device]] = []
_PREPARE: list[Callable[[], Any]] = []


def before_cards(prepare: Callable[[], Any]) -> None:
    """Has a function called before the first card is used, or now if one is in use already: what
    only cards need is loaded then."""
    _PREPARE.append(prepare)
    if _cards:
        _prepare()


def _prepare() -> None:
    while _PREPARE:
        _PREPARE.pop()()


def cards_by(make: Callable[[int], Device]) -> None:
    """Says how the device of a card is made; what it needs is loaded when the first is."""
    _MAKE_CARD[:] = [make]


def in_use(card: Device, array_type: type, place: "Device | Callable[[Any], Device]") -> None:
    """Says that a card is used from now on, and on which arrays of a type live.

    Args:
        place: the one card there is, or which of them an array is on.
    """
    if "run" in vars(cpu):  # halves are known already
        card.look_for_halves()
    _cards.append(card)
    _PLACES[array_type] = place
    _prepare()


def overwrite(xp: Any, name: str, x: Any, y: Any, factor: float | None) -> None:
    """x <- x + factor * y where the name is "add", by the function of that name."""
    getattr(xp, name)(x, y if factor is None else xp.multiply(y, factor), out=x)


@final
class _Silence(threading.local):
    """Where NumPy warns of nothing. Made once per thread, since `errstate` costs more than a sum.

    NumPy keeps what it warns of in a context variable, so a context made once can be run in again;
    not while one is in it, as where a rule calls another, but then there is no need to.
    """

    def __init__(self):
        self.run = Context().run
        self.run(numpy.seterr, all="ignore")
        self.run(_SILENT.set, True)


_SILENT = ContextVar("silent", default=False)
_silent = _SILENT.get


def _silently(function: Callable, *inputs: Any) -> Any:
    return function(*inputs) if _silent() else _silence.run(function, *inputs)


@final
class _Default(threading.local):
    """Where this thread makes what it is not told where to make."""

    device: Device | None = None  # the processor

    def __init__(self):
        self.devices: list[Device] = []  # of the `with` blocks it is in, the innermost last


_silence = _Silence()
_cards: list[Device] = []  # those that were asked for
_default = _Default()
cpu = CPU()

# From the type of an array to the device it lives on. Paper (compiler/paper.py) adds itself here.
_PLACES: dict[type, Device | Callable[[Any], Device]] = {numpy.ndarray: cpu}
_PLACES.update({scalar: cpu for scalar in (t.type for t in _NAMES.values())})


def register(array_type: type, device: Device) -> None:
    """Says that arrays of this type live on this device."""
    _PLACES[array_type] = device


_FUNCTION = type(register)


def device_of(array: Any) -> Device | None:
    """The device an array lives on; None for a Python number, which lives anywhere."""
    place = _PLACES.get(type(array))
    return place(array) if type(place) is _FUNCTION else place  # type: ignore[operator]


def run(primitive: Any, inputs: Sequence[Any], params: dict[str, Any]) -> Any:
    """Runs a primitive where its inputs are.

    Raises:
        ShapeError: their shapes do not fit.
        DeviceError: inputs live on different devices.
        TypeError: no input is an array, or the primitive is not defined for their dtypes.
    """
    place = None
    for x in inputs:
        kind = type(x)
        if kind is HOST:
            place = cpu
        elif kind is not float and kind is not int:
            place, inputs = _place(primitive, inputs)
            break
    if place is None and (len(inputs) < 2 or not all(map(is_number, inputs))):
        kinds = " and ".join(type(x).__name__ for x in inputs) or "nothing"
        raise TypeError(f"{primitive.name}: input must be a tensor, got {kinds}.")
    try:
        return (place or cpu).run(primitive, inputs, params)
    except OverflowError:
        return (place or cpu).run(primitive, [_wrapped(x, inputs) for x in inputs], params)
    except (ValueError, TypeError, IndexError) as error:
        problem = error
    primitive.outline(*inputs, **params)  # says in our words, and in them alone, what does not fit
    raise problem


def slopes(primitive: Any, g: Any, operands: Sequence[Any], params: dict[str, Any]) -> Any:
    """The gradients of all inputs by the device's own rule; None where it has none for these."""
    place = device_of(g)
    rule = None if place is None else primitive.slopes.get(place.type)
    return None if rule is None else place.call(rule, g, *operands, **params)  # type: ignore


def _place(primitive: Any, inputs: Sequence[Any]) -> tuple[Device | None, Sequence[Any]]:
    """The device that all inputs are on (None if there are only numbers), and the inputs there.

    Symbols may meet arrays of numbers: those become constants of the graph. And arrays of a card
    may meet one of the processor that is a single number without dimensions, as in PyTorch.
    """
    place = None
    for x in inputs:  # mostly they are all on one
        here = device_of(x)
        if here is not None and here is not place:
            if place is not None:
                return _met(primitive, inputs)
            place = here
    return place, inputs


def _met(primitive: Any, inputs: Sequence[Any]) -> tuple[Device, Sequence[Any]]:
    """The same where inputs are on more devices than one."""
    found = [device_of(x) for x in inputs]
    here = [place for place in found if place is not None]
    place = next((p for p in here if not p.writable), None)
    place = place or next(p for p in here if p is not cpu)
    if not place.writable:
        return place, inputs
    met = list(inputs)
    for i, other in enumerate(found):
        if other is cpu and not inputs[i].shape:
            met[i] = place.asarray(inputs[i])
        elif other is not None and other is not place:
            first, second = here[0], next(p for p in here if p is not here[0])
            raise DeviceError(
                f"{primitive.name}: one input is on {first}, another on {second}; move one of them "
                f"first, for example x.to('{first}')."
            )
    return place, met


def _wrapped(x: Any, inputs: Sequence[Any]) -> Any:
    """A Python integer too large for the dtype it meets, with its upper bits cut off as in C."""
    if type(x) is not int:
        return x
    kind = next(y.dtype for y in inputs if hasattr(y, "dtype"))
    return numpy.asarray(x).astype(kind)[()]


def device(name: "str | Device" = "cpu", index: int | None = None) -> Device:
    """The device of this name: "cpu", "cuda" or "cuda:1".

    Raises:
        DeviceError: this machine has no such device.
    """
    if isinstance(name, Device):
        return name
    kind, _, number = name.partition(":")
    if kind == "cpu":
        return cpu
    if kind == "cuda":
        chosen = number or index
        return cuda(int(chosen) if chosen is not None and chosen != "" else current_cuda())
    raise DeviceError(f"There is no device '{name}'; minidl knows 'cpu' and 'cuda'.")


def default_device() -> Device:
    """The device of what is made without saying where: the processor, unless changed."""
    return _default.devices[-1] if _default.devices else _default.device or cpu


def set_default_device(name: str | Device | None) -> None:
    """Sets, for this thread, the device of what is made without saying where; None: the processor.

    Raises:
        DeviceError: this machine has no such device.
    """
    _default.device = device(name or "cpu")


def current_cuda() -> int:
    """The number of the card that "cuda" means in this thread: 0, unless it chose another."""
    return cupy().cuda.runtime.getDevice() if cuda_count() else 0


@cache
def cuda(index: int) -> Any:
    """The graphics card with this number."""
    found = cuda_count()
    if not 0 <= index < found:
        raise DeviceError(
            f"Device 'cuda:{index}' was asked for, but this machine shows {found} CUDA devices; "
            "`minidl doctor` says what is missing."
        )
    return _MAKE_CARD[0](index)


def cuda_count() -> int:
    """How many CUDA devices CuPy can use here; 0 without CuPy, a driver or a card."""
    return cuda_search()[0]


@cache
def cuda_search() -> tuple[int, str]:
    """How many CUDA devices CuPy can use here, and if none, why."""
    try:
        if importlib.util.find_spec("cupy") is None:
            return 0, "CuPy is not installed"
        return cupy().cuda.runtime.getDeviceCount(), "no card is visible to CuPy"
    except Exception as error:  # each for another missing or broken library, driver or card
        return 0, " ".join(str(error).split()) or type(error).__name__


def cupy() -> Any:
    """CuPy, or what plays it in tests."""
    return importlib.import_module("cupy")


_tf32 = False  # whether products of float32 on cards may round their inputs


def products_by_tf32() -> bool:
    """Whether they may."""
    return _tf32


def set_products_by_tf32(allowed: bool) -> None:
    """Says it, also to CuPy's own products."""
    global _tf32
    _tf32 = allowed
    if cuda_count():
        products = importlib.import_module("cupy._core._routines_linalg")
        name = "COMPUTE_TYPE_TF32" if allowed else "COMPUTE_TYPE_DEFAULT"
        products.set_compute_type(float32, getattr(products, name))


def pin(array: numpy.ndarray) -> numpy.ndarray:
    """A copy in memory that stays where it is, so that a card can fetch it by itself.

    Raises:
        DeviceError: this machine has no card.
    """
    memory = cuda(current_cuda()).xp.cuda.alloc_pinned_memory(max(array.nbytes, 1))
    pinned = numpy.frombuffer(memory, array.dtype, array.size).reshape(array.shape)
    pinned[...] = array
    return pinned


def is_pinned(array: Any) -> bool:
    """Whether an array lies in such memory."""
    if type(array) is not HOST or not array.size or not cuda_count():
        return False
    runtime = cupy().cuda.runtime
    return runtime.pointerGetAttributes(array.ctypes.data).type == runtime.memoryTypeHost


def from_dlpack(source: Any) -> Any:
    """An array over the memory of any library's, which offers it by DLPack.

    Raises:
        TypeError: it does not. DeviceError: it lies where minidl has no device.
    """
    if not hasattr(source, "__dlpack_device__"):
        raise TypeError(f"from_dlpack: expected an array with __dlpack__, got {source!r:.60}.")
    kind, index = source.__dlpack_device__()
    if kind in (1, 3):  # the processor's memory, pinned or not
        return numpy.from_dlpack(source)
    if kind in (2, 13):  # a card's, managed or not
        place = cuda(index)
        with place.here():
            return place.xp.from_dlpack(source)
    raise DeviceError(f"from_dlpack: minidl has no device of DLPack's kind {int(kind)}.")


# Half precision: 16 bits. bfloat16 has float32's range and 8 bits of precision; float16 11 bits and
# numbers up to 65504.


def __getattr__(name: str) -> Any:
    """`bfloat16`, whose package is loaded when it is first asked for."""
    if name == "bfloat16":
        return _bfloat16()
    raise AttributeError(f"module 'backend' has no attribute '{name}'")


@cache
def _bfloat16() -> numpy.dtype:
    try:
        kind = numpy.dtype(importlib.import_module("ml_dtypes").bfloat16)
    except ModuleNotFoundError:
        raise ImportError("bfloat16 needs the package ml_dtypes: pip install ml_dtypes") from None
    _PLACES[kind.type] = cpu
    meet(kind)
    return kind


def is_half(kind: Any) -> bool:
    """Whether a dtype holds real numbers of 16 bits."""
    return kind.char in "eE"  # NumPy's letter, and that of ml_dtypes


def meet(kind: Any) -> None:
    """Says that arrays of this dtype may come from now on."""
    if is_half(kind):
        cpu.look_for_halves()
        for place in _cards:
            place.look_for_halves()


def _holds_halves(x: Any) -> bool:
    kind = getattr(x, "dtype", None)
    return kind is not None and kind.char in "eE"


def quiet() -> Any:
    """A context in which overflow, 0/0 and log(0) give inf and nan without a NumPy warning."""
    return numpy.errstate(all="ignore")


def write(array: Any, value: Any, where: Any = ...) -> None:
    """Overwrites numbers in place; nothing of minidl does but this and `Device.work_into`.

    Raises:
        ValueError: the memory is not the array's to write into.
    """
    if type(array) is not HOST and repeats(array):
        raise ValueError(NOT_TO_WRITE)
    try:
        array[where] = value
    except ValueError:
        if getattr(array.flags, "writeable", True):
            raise
        raise ValueError(NOT_TO_WRITE) from None


NOT_TO_WRITE = (
    "This tensor cannot be written into: it shows one number in several places, as expand() does, "
    "or lies over a read-only array. Change a clone()."
)


def repeats(array: Any) -> bool:
    """Whether an array shows one number in several places; NumPy's remember it themselves."""
    return 0 in array.strides and array.size > 1 and array.base is not None


def random_bits(seed: int) -> Any:
    """NumPy's generator for this seed: the source of all of minidl's random numbers."""
    return numpy.random.Generator(numpy.random.PCG64(seed))


def steps(start: float, end: float, step: float) -> numpy.ndarray:
    """start, start + step, ... without end."""
    return numpy.arange(start, end, step)


def fancy_shape(shape: tuple[int, ...], key: tuple) -> tuple[int, ...]:
    """The shape of x[key] for arrays in the key of which only shape and dtype are known."""
    zeros: Any = tuple(numpy.zeros(k.shape, k.dtype) if hasattr(k, "shape") else k for k in key)
    return numpy.broadcast_to(numpy.zeros((), bool), shape)[zeros].shape


def at_hand(array: Any) -> Any:
    """The array where its numbers can be looked at without waiting for a card, else None."""
    return array if device_of(array) is cpu else None


def broadcast_shapes(*shapes: tuple[int, ...]) -> tuple[int, ...]:
    """The common shape of several shapes; raises ValueError where there is none."""
    if shapes and shapes.count(shapes[0]) == len(shapes):
        return shapes[0]
    return numpy.broadcast_shapes(*shapes)


def contraction_order(
    labels: Sequence[Sequence[str]], shapes: Sequence[Sequence[int]], output: Sequence[str]
) -> list[tuple[int, ...]]:
    """Which terms of a sum of products to multiply first, so that few multiplications are needed.

    Args:
        labels: per term one label per dimension.
        shapes: per term its sizes.
        output: the labels that are not summed over.

    Returns:
        Steps: the positions of the terms to take out and multiply; their product goes to the end.
    """
    if len(labels) < 3:
        return [tuple(range(len(labels)))]
    every = dict.fromkeys(label for term in labels for label in term)
    numbers = {label: i for i, label in enumerate(every)}
    arguments: list[Any] = []
    for term, shape in zip(labels, shapes, strict=True):
        arguments += [numpy.broadcast_to(0, shape), [numbers[label] for label in term]]
    arguments.append([numbers[label] for label in output])
    return list(numpy.einsum_path(*arguments, optimize="greedy")[0][1:])


def overlap(source: Any, array: Any) -> bool:
    """Whether an array made of another may share its memory."""
    if source is array:
        return True
    place = device_of(array)
    return place is None or place.overlap(source, array)


def as_dtype(kind: Any) -> numpy.dtype:
    """A dtype from a dtype, its name, or Python's bool, int, float and complex, which mean the wide
    ones: int64, float64, complex128."""
    found = _bfloat16() if type(kind) is str and kind == "bfloat16" else numpy.dtype(kind)
    if found.itemsize == 2:
        meet(found)
    return found


def combine(*dtypes: numpy.dtype) -> numpy.dtype:
    """The dtype NumPy gives to bare arrays of these dtypes; float32 holds both kinds of halves."""
    first = dtypes[0]
    if first.isnative and all(kind is first for kind in dtypes):
        return first
    try:
        return numpy.result_type(*dtypes)
    except TypeError:
        if all(map(is_half, dtypes)):
            return float32
        raise


def category(kind: Any) -> int:
    """0 for bool, 1 for integers, 2 for real numbers, 3 for complex ones, 4 for no numbers."""
    found = _CATEGORY.get(kind.kind)
    return found if found is not None else 2 if kind.name == "bfloat16" else 4


def finfo(kind: numpy.dtype) -> Any:
    """The limits of a floating dtype."""
    if kind.kind == "f":
        return numpy.finfo(kind)
    return importlib.import_module("ml_dtypes").finfo(kind)


def largest(kind: numpy.dtype) -> int:
    """The largest number that an integer dtype holds; 1 for bool."""
    return 1 if kind == bool_ else int(numpy.iinfo(kind).max)


def to_text(array: numpy.ndarray, **options: Any) -> str:
    """An array's numbers in NumPy's layout."""
    array = array.astype(float32) if is_half(array.dtype) else array
    return numpy.array2string(array, **options)


def is_number(x: Any) -> bool:
    """Whether x is a Python number; NumPy's scalars, which carry a dtype, are arrays instead."""
    kind = type(x)
    return kind is float or kind is int or kind is bool or kind is complex
