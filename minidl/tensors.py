"""`Tensor`: an array with a history, under PyTorch's names.

Almost every method is a function of `ops/` bound by name: `x.sum(0)` is `sum(x, 0)`. Methods that
end in `_` overwrite the tensor, and refuse where that would make a recorded gradient wrong.
"""

import weakref
from collections.abc import Callable
from itertools import count
from math import log1p, pi
from typing import Any, final

from . import backend, ops, tape
from .backend import (
    SCALAR,
    Device,
    bool_,
    complex64,
    complex128,
    float16,
    float32,
    float64,
    int8,
    int16,
    int32,
    int64,
    uint8,
)
from .dtypes import complex_of, get_default_dtype, is_differentiable, is_floating
from .errors import CompileError, DeviceError, GradientError, ShapeError
from .tape import Traced, Version

_hook_ids = count()


_TYPE_NAMES = {
    kind: f"torch.{word}Tensor"
    for word, kind in dict(Half=float16, Float=float32, Double=float64, Char=int8, Short=int16,
                           Int=int32, Long=int64, Byte=uint8, Bool=bool_, ComplexFloat=complex64,
                           ComplexDouble=complex128).items()
}  # fmt: skip


def _in_place(function: Callable, name: str = "") -> Callable[..., "Tensor"]:
    """The method that writes what a function makes of a tensor into that tensor's own memory.

    Args:
        name: of NumPy's function for it, whose result need not lie anywhere else in between.
    """

    def method(self: "Tensor", *args: Any, **kwargs: Any) -> "Tensor":
        if name and not kwargs and len(args) == 1 and self._worked_into(name, args[0]):
            return self
        return self._become(function(self, *args, **kwargs))

    method.__name__ = f"{function.__name__.rstrip('_')}_"
    method.__doc__ = f"`{function.__name__.rstrip('_')}`, in place."
    return method


@final
class Tensor(Traced):
    """An array of numbers that remembers how it was made.

    Attributes:
        array: the bare NumPy or CuPy array (a symbol on paper).
        grad: the gradient that `backward` added up here, or None.
        requires_grad: whether gradients are asked for.
        grad_fn: the node of the tape that made it; None for a leaf.
    """

    __slots__ = ("_is_parameter",)
    __array_priority__ = 1000  # so that `array * tensor` asks the tensor, not NumPy

    def __init__(self, data: Any, dtype: Any = None, requires_grad: bool = False):
        array = data.array if isinstance(data, Tensor) else data
        place = backend.device_of(array)
        if place is None or isinstance(array, (bool, int, float)):
            array = _from_python(array, dtype)
        elif dtype is not None and array.dtype != dtype:
            array = array.astype(backend.as_dtype(dtype))
        elif not hasattr(array, "strides") or isinstance(array, SCALAR):
            array = place.asarray(array)
        if array.dtype.itemsize == 2:
            backend.meet(array.dtype)
        self.array = array
        self.node = None
        self.requires_grad = False
        self.grad = None
        self.version = Version()
        self.hooks = None
        self._is_parameter = False
        if requires_grad:
            self.requires_grad_()

    def like(self, array: Any, node: Any = None) -> "Tensor":
        """A new tensor around an array: how the tape makes results without knowing this class."""
        new = Tensor.__new__(Tensor)
        new.array = backend.cpu.asarray(array) if isinstance(array, SCALAR) else array
        new.node = node
        new.requires_grad = node is not None
        new.grad = None
        new.version = Version()
        new.hooks = None
        new._is_parameter = False
        return new

    # What it is -------------------------------------------------------------------------------

    @property
    def shape(self) -> tuple[int, ...]:
        return self.array.shape

    @property
    def dtype(self) -> Any:
        return self.array.dtype

    @property
    def device(self) -> Device:
        place = backend.device_of(self.array)
        assert place is not None
        return place

    @property
    def ndim(self) -> int:
        return self.array.ndim

    @property
    def grad_fn(self) -> Any:
        return self.node

    @property
    def is_leaf(self) -> bool:
        return self.node is None

    @property
    def T(self) -> "Tensor":  # noqa: N802
        return ops.permute(self, *reversed(range(self.ndim)))

    @property
    def mT(self) -> "Tensor":  # noqa: N802
        if self.ndim == 1:
            raise ShapeError("mT turns matrices and batches of them; this tensor is a vector.")
        return ops.transpose(self, -2, -1) if self.ndim else self

    @property
    def H(self) -> "Tensor":  # noqa: N802
        if self.ndim not in (0, 2):
            raise ShapeError(f"H is for matrices, got {self.ndim} dimensions; use mH for batches.")
        return self.mH

    @property
    def mH(self) -> "Tensor":  # noqa: N802
        return ops.conj(self.mT)

    @property
    def real(self) -> "Tensor":
        return ops.real(self)

    @property
    def imag(self) -> "Tensor":
        return ops.imag(self)

    def dim(self) -> int:
        """The number of dimensions."""
        return self.ndim

    def size(self, dim: int | None = None) -> Any:
        """The shape, or one size of it."""
        return self.shape if dim is None else self.shape[dim]

    def numel(self) -> int:
        """How many numbers it holds."""
        total = 1
        for n in self.shape:
            total *= n
        return total

    def element_size(self) -> int:
        """Bytes per number."""
        return self.dtype.itemsize

    ndimension, nelement = dim, numel

    @property
    def itemsize(self) -> int:
        """Bytes per number."""
        return self.array.dtype.itemsize

    @property
    def nbytes(self) -> int:
        """Bytes of all numbers."""
        return self.numel() * self.itemsize

    @property
    def is_cuda(self) -> bool:
        """Whether it lives on a graphics card."""
        return self.device.type == "cuda"

    def is_floating_point(self) -> bool:
        """Whether it holds real numbers."""
        return is_floating(self.dtype)

    def is_contiguous(self) -> bool:
        """Whether its numbers lie in memory in the order of its shape."""
        return bool(self.array.flags.c_contiguous)

    def stride(self) -> tuple[int, ...]:
        """Per dimension, how many numbers further in memory the next position lies."""
        return tuple(step // self.dtype.itemsize for step in self.array.strides)

    def contiguous(self) -> "Tensor":
        """Itself, or a copy whose numbers lie in order."""
        return self if self.is_contiguous() else self.clone()

    def data_ptr(self) -> int:
        """The address of its first number."""
        return self.device.address(self.array)

    def __len__(self) -> int:
        if not self.shape:
            raise TypeError("A tensor without dimensions has no length.")
        return self.shape[0]

    def __iter__(self):
        if not self.shape:
            raise TypeError("A tensor without dimensions holds one number; use item().")
        return iter(ops.unbind(self, 0))

    def __hash__(self) -> int:
        return id(self)

    # Out of the tensor world ------------------------------------------------------------------

    def numpy(self, *, force: Any = False) -> Any:
        """The numbers as a NumPy array that shares memory.

        Args:
            force: detach it, and fetch it from a card, first.

        Raises:
            GradientError: it requires a gradient, which NumPy would lose: detach() first.
            TypeError: it is on a graphics card: cpu() first.
        """
        if force:
            return self.detach().cpu().numpy()
        if self.requires_grad:
            raise GradientError(
                "This tensor requires a gradient, and NumPy would forget it; use "
                "x.detach().numpy()."
            )
        if self.is_cuda:
            raise TypeError(f"This tensor is on {self.device}, where NumPy is not; use x.cpu().")
        return self.device.to_host(self.array)

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        host = self.numpy()
        host = host if dtype is None else host.astype(dtype)
        return host.copy() if copy else host

    def __dlpack__(
        self,
        *,
        stream: Any = None,
        max_version: Any = None,
        dl_device: Any = None,
        copy: Any = None,
    ) -> Any:
        """A capsule through which other libraries share its memory: the array standard's keywords.

        Raises:
            BufferError: it requires a gradient, which would be lost: detach() first.
        """
        if self.requires_grad:
            raise BufferError("A tensor that requires a gradient cannot be shared; use detach().")
        array, here = self.array, dl_device in (None, self.__dlpack_device__())
        if copy and here:  # CuPy copies to the processor only
            array, copy = array.copy(), None
        return array.__dlpack__(
            stream=stream, max_version=max_version, dl_device=None if here else dl_device, copy=copy
        )

    def __dlpack_device__(self) -> Any:
        """Where its memory is, as DLPack numbers places: (kind, number)."""
        return self.array.__dlpack_device__()

    @property
    def __cuda_array_interface__(self) -> Any:
        """How CuPy, Numba and others find its memory; only a tensor on a card has it."""
        if not self.is_cuda:
            raise AttributeError(
                f"__cuda_array_interface__ is for tensors on a card, not on {self.device}."
            )
        if self.requires_grad:
            raise GradientError("A tensor that requires a gradient cannot be shared; use detach().")
        return self.array.__cuda_array_interface__

    def item(self) -> Any:
        """Its one number as a Python number.

        Raises:
            ShapeError: it holds more or fewer.
        """
        if self.numel() != 1:
            raise ShapeError(f"item() is for one number; this tensor has shape {self.shape}.")
        return self.device.to_host(self.array).item()

    def tolist(self) -> Any:
        """Its numbers as nested lists."""
        return self.device.to_host(self.array).tolist()

    def __bool__(self) -> bool:
        if self.numel() != 1:
            raise ShapeError(
                f"The truth of a tensor of shape {self.shape} is ambiguous; use x.any() or x.all()."
            )
        return bool(self.array if not self.shape else self.item())

    def __float__(self) -> float:
        return float(self.item())

    def __complex__(self) -> complex:
        return complex(self.item())

    def __int__(self) -> int:
        return int(self.item())

    def __index__(self) -> int:
        if is_differentiable(self.dtype):
            raise TypeError(f"A position must be an integer, not {self.dtype}.")
        return int(self.item())

    def __format__(self, spec: str) -> str:
        return format(self.item() if self.numel() == 1 and spec else str(self), spec)

    def __repr__(self) -> str:
        from .printing import text_of

        return text_of(self)

    def __deepcopy__(self, memo: dict) -> "Tensor":
        if not self.is_leaf:
            raise GradientError("Only leaves can be deep-copied; use x.detach().clone().")
        new = self.like(self.array.copy())
        new.requires_grad = self.requires_grad
        new._is_parameter = self._is_parameter
        memo[id(self)] = new
        return new

    # Its history ------------------------------------------------------------------------------

    def backward(
        self,
        gradient: "Tensor | None" = None,
        retain_graph: bool | None = None,
        create_graph: bool = False,
    ) -> None:
        """Adds d self / d leaf to the `.grad` of every leaf it was computed from.

        Args:
            gradient: for a tensor of several numbers, the weight of each, in its shape.
            retain_graph: keep the history for another walk (else it is freed).
            create_graph: record the walk, so that gradients can be differentiated again.

        Raises:
            GradientError: nothing was recorded, or it was freed, or an array was changed since.
        """
        keep = create_graph if retain_graph is None else retain_graph
        tape.backward(self, self._seed(gradient), keep, create_graph)

    def _seed(self, gradient: Any) -> "Tensor":
        """The gradient that backward starts from."""
        if gradient is None:
            if self.array.dtype.kind == "c":
                raise GradientError(
                    "backward() starts from a real number, the loss, but this one is complex. "
                    "Take .abs() or .real of it first, or pass gradient=."
                )
            if self.array.shape and self.numel() != 1:
                raise GradientError(
                    f"backward() starts from one number, the loss, but this tensor has shape "
                    f"{self.shape}. Reduce it first (for example .mean() or .sum()), or pass "
                    f"gradient=, a tensor of shape {self.shape}."
                )
            if not self.array.shape and self.device is backend.cpu:  # what fill gives, at once
                return self.like(backend.cpu.asarray(1, self.array.dtype))
            return self.like(ops.fill(self.array, value=1))
        gradient = gradient if isinstance(gradient, Tensor) else Tensor(gradient, self.dtype)
        if gradient.shape != self.shape:
            raise ShapeError(f"gradient= has shape {gradient.shape}, the tensor {self.shape}.")
        return gradient

    def requires_grad_(self, requires_grad: bool = True) -> "Tensor":
        """Asks for gradients, or no longer.

        Raises:
            GradientError: integers and bools, which have no gradients.
        """
        if requires_grad and not is_differentiable(self.dtype):
            raise GradientError(
                f"Only real and complex numbers have gradients, and this is {self.dtype}: a step "
                "smaller than 1 does not exist there. Convert it with .float() first."
            )
        if not requires_grad and self.node is not None:
            raise GradientError("Only a leaf can stop requiring a gradient; use x.detach().")
        self.requires_grad = requires_grad
        return self

    def detach(self) -> "Tensor":
        """The same numbers, in the same memory, without a history."""
        new = self.like(self.array)
        self.version.share(self, new)
        return new

    @property
    def data(self) -> "Tensor":
        """As detach(): in-place calls on it are not recorded, but still counted."""
        return self.detach()

    @data.setter
    def data(self, value: "Tensor") -> None:
        tape.show(self, value)
        self.array = value.array
        self.version = Version()
        if not self.device.writable:  # on paper whoever has the symbol has the memory
            value.version.share(value, self)

    def retain_grad(self) -> None:
        """Keeps the gradient of a tensor that is no leaf, too."""
        if self.node is not None:
            self.node.kept = weakref.ref(self)

    def register_hook(self, hook: Callable) -> Callable[[], None]:
        """Calls hook(gradient) whenever its gradient is known; a returned tensor replaces it.

        Returns:
            A function that removes the hook.
        """
        if not self.requires_grad:
            raise GradientError("A tensor without requires_grad gets no gradient to hook.")
        owner = self if self.node is None else self.node
        owner.hooks = owner.hooks if owner.hooks is not None else {}
        hooks, key = owner.hooks, next(_hook_ids)
        hooks[key] = hook
        return lambda: hooks.pop(key, None) and None

    # Overwriting ------------------------------------------------------------------------------

    def _become(self, result: Any, where: Any = None) -> "Tensor":
        """Overwrites this tensor with a result computed from it, in its own memory.

        Raises:
            GradientError: a gradient recorded before would be wrong.
        """
        recorded = tape.is_recording() and (
            self.requires_grad or isinstance(result, Tensor) and result.requires_grad
        )
        if recorded:
            self._may_change()
        tape.show(self, result)
        value = result.array if isinstance(result, Tensor) else result
        shape = getattr(value, "shape", ())
        if shape != self.shape and ops.broadcast(shape, self.shape) != self.shape:
            raise ShapeError(f"A tensor of shape {self.shape} cannot become one of {shape}.")
        kind = getattr(value, "dtype", self.dtype)
        if backend.category(kind) > backend.category(self.dtype):
            raise TypeError(f"A tensor of {self.dtype} cannot hold {kind} in place.")
        if recorded and result.node is not None:
            result.node.keep(self)
        if self.device.writable:
            backend.write(self.array, value)
        else:
            self._rewrite(value)
        self.version.count += 1
        if recorded:
            self.node, self.requires_grad = result.node, result.requires_grad
        return self

    def _rewrite(self, value: Any) -> None:
        """`_become` on paper, where no memory is written: the tensor gets the result's symbol.

        So does whoever shows all of the same memory. One that shows a part of it, or shows it in
        another shape, would have to change too, which symbols cannot tell.

        Raises:
            CompileError: there is one.
        """
        before = self.array
        users = [x for x in (user() for user in self.version.users) if x is not None]
        if any(x.array is not before and not x.device.writable for x in users):
            raise CompileError(
                "In a compiled function a tensor cannot be changed in place while a view of it is "
                "in use, nor can a view: write `x = x + y` instead of `x += y`, or work on a "
                "clone()."
            )
        after = value
        if backend.is_number(value):
            after = ops.fill(before, value=value)
        elif backend.device_of(value) is not self.device:
            after = ops.setitem(before, ..., value)
        if after.shape != self.shape:
            after = ops.expand_(after, shape=self.shape)
        if after.dtype != self.dtype:
            after = ops.cast(after, dtype=self.dtype)
        for x in (self, *users):
            x.array = after if x.array is before else x.array

    def _worked_into(self, name: str, other: Any, factor: float | None = None) -> bool:
        """Whether NumPy could work factor * other into this tensor's memory, and did."""
        whole = type(other) is int and factor is None and name != "true_divide"
        place = self._whole() if whole else self._plain(other)
        if place is None:
            return False
        if isinstance(other, Tensor):
            y = other.array
            if y.shape != self.array.shape and y.shape != ():
                return False
            if other.version is self.version and other is not self:
                return False  # another view of the same memory, maybe in another order
        else:
            y = other
        try:
            place.work_into(name, self.array, y, factor)
        except (ValueError, OverflowError):  # not ours to write into, or a number out of range:
            return False  # `_become` says so in our words, or wraps it
        self.version.count += 1
        return True

    def _plain(self, *others: Any) -> Device | None:
        """The place of real numbers of one dtype, if none is traced and no history wanted."""
        array, wanted = self.array, self.requires_grad
        for other in others:
            if isinstance(other, Tensor):
                if type(other.array) is not type(array) or other.array.dtype != array.dtype:
                    return None
                wanted = wanted or other.requires_grad
            elif type(other) is not float:
                return None
        if array.dtype.kind != "f" or wanted and tape.is_recording() or tape.is_watched():
            return None
        place = backend.device_of(array)
        return place if place is not None and place.writable else None

    def _whole(self) -> Device | None:
        """The place of integers, which have no history, if they are not traced."""
        if self.array.dtype.kind != "i" or tape.is_watched():
            return None
        place = backend.device_of(self.array)
        return place if place is not None and place.writable else None

    def _plus(self, addend: "Tensor", factor: Any) -> "Tensor":
        """Adds factor * addend to this tensor; the addend is nobody else's and may be changed."""
        one = backend.is_number(factor) and factor == 1
        return self.__iadd__(addend if one else addend.mul_(factor))

    def add_(self, other: Any, *, alpha: Any = 1) -> "Tensor":
        """`add`, in place."""
        quick = type(alpha) is float and isinstance(other, Tensor)
        if quick and self._worked_into("add", other, alpha):
            return self
        return self.__iadd__(ops.times(self, other, alpha, "add_"))

    def sub_(self, other: Any, *, alpha: Any = 1) -> "Tensor":
        """`sub`, in place."""
        return self.__isub__(ops.times(self, other, alpha, "sub_"))

    def lerp_(self, end: Any, weight: Any) -> "Tensor":
        """`lerp`, in place."""
        if self._plain(end, weight) is None:
            return self._become(ops.lerp(self, end, weight))
        return self._plus(end - self, weight)

    def addcmul_(self, tensor1: Any, tensor2: Any, *, value: Any = 1) -> "Tensor":
        """`addcmul`, in place."""
        if self._plain(tensor1, tensor2) is None:
            return self._become(ops.addcmul(self, tensor1, tensor2, value=value))
        return self._plus(tensor1 * tensor2, value)

    def addcdiv_(self, tensor1: Any, tensor2: Any, *, value: Any = 1) -> "Tensor":
        """`addcdiv`, in place."""
        if self._plain(tensor1, tensor2) is None:
            return self._become(ops.addcdiv(self, tensor1, tensor2, value=value))
        return self._plus(tensor1 / tensor2, value)

    def _rebind(self, result: "Tensor") -> "Tensor":
        """Makes this tensor be the result, as `relu(x, inplace=True)` wants it.

        Where a history is recorded the numbers are not overwritten: what was computed from them
        keeps its gradient, and views made before keep the old numbers (in PyTorch they see the new
        ones).

        Raises:
            GradientError: it is a leaf that requires a gradient.
        """
        if not (tape.is_recording() and result.requires_grad):
            return self._become(result)
        if self.requires_grad and self.node is None:
            self._may_change()
        self.array, self.node, self.version = result.array, result.node, result.version
        self.requires_grad = result.requires_grad
        return self

    def _may_change(self) -> None:
        if self.requires_grad and self.node is None:
            raise GradientError(
                "This tensor is a leaf that requires a gradient: changing it in place would change "
                "what the gradient is of. Do it inside `with minidl.no_grad():`, as optimisers do."
            )
        if self.version.used_beside(self):
            raise GradientError(
                "This tensor shares memory with another that is still in use (it is a view, or has "
                "one), so the other's history would become wrong. Write `x = x + y` instead of "
                "`x += y`, `x[i] = x[i] + y` instead of `x[i] += y`, or change a clone()."
            )

    def __setitem__(self, key: Any, value: Any) -> None:
        source = value
        if not isinstance(value, Tensor) and not backend.is_number(value):
            source = Tensor(value, self.dtype)
        tape.show(self, source)
        tensors = self.requires_grad or getattr(source, "requires_grad", False)
        if tape.is_recording() and tensors or not self.device.writable:
            self._become(ops.setitem(self, key, source))
            return
        ops.overwrite(self.array, key, getattr(source, "array", source))
        self.version.count += 1

    def zero_(self) -> "Tensor":
        """All zeros."""
        return self.fill_(0)

    def fill_(self, value: Any) -> "Tensor":
        """One number everywhere."""
        home = self.device if self.device.writable else backend.cpu
        return self._become(ops.expand(Tensor(value, self.dtype).to(device=home), self.shape))

    def copy_(self, src: Any) -> "Tensor":
        """The numbers of another tensor, broadcast and cast."""
        src = (src if isinstance(src, Tensor) else Tensor(src)).to(self.dtype).to(self.device)
        if src.requires_grad and tape.is_recording():
            src = ops.expand(ops.clone(src), self.shape)  # a history that is not src's own
        return self._become(src)

    def uniform_(self, a: float = 0, b: float = 1, *, generator: Any = None) -> "Tensor":
        """Random numbers from a to b, all equally likely."""
        self._bounded(b - a, "uniform_: b - a")
        return self._become(self._chances(generator) * (b - a) + a)

    def normal_(self, mean: float = 0, std: float = 1, *, generator: Any = None) -> "Tensor":
        """Random numbers with a mean and standard deviation."""
        self._bounded(std, "normal_: std")
        draws = ops.normal_like(self._blank(), generator=generator or ops.default_generator)
        return self._become(draws * std + mean)

    def log_normal_(self, mean: float = 1, std: float = 2, *, generator: Any = None) -> "Tensor":
        """Random numbers whose logarithms are normal."""
        self._bounded(std, "log_normal_: std")
        draws = ops.normal_like(self._blank(), generator=generator or ops.default_generator)
        return self._become(ops.exp(draws * std + mean))

    def exponential_(self, lambd: float = 1, *, generator: Any = None) -> "Tensor":
        """Waiting times for what happens lambd times per unit of time."""
        if not lambd > 0:
            raise ValueError(f"exponential_: lambd must be positive, got {lambd}.")
        self._bounded(0, "exponential_")
        return self._become(ops.log1p(-self._chances(generator)) / -lambd)

    def cauchy_(self, median: float = 0, sigma: float = 1, *, generator: Any = None) -> "Tensor":
        """Where a ray at a random angle meets a line: median + sigma * tan(angle)."""
        self._bounded(sigma, "cauchy_: sigma")
        return self._become(ops.tan((self._chances(generator) - 0.5) * pi) * sigma + median)

    def geometric_(self, p: float, *, generator: Any = None) -> "Tensor":
        """How many tries the first success takes, each with probability p."""
        if not 0 < p < 1:
            raise ValueError(f"geometric_: p must lie between 0 and 1, got {p}.")
        tries = ops.ceil(ops.log1p(-self._chances(generator)) / log1p(-p))
        return self._become(ops.clamp(tries, min=1).to(self.dtype))

    def bernoulli_(self, p: Any = 0.5, *, generator: Any = None) -> "Tensor":
        """1 with probability p, else 0; p may be a tensor that broadcasts."""
        if isinstance(p, Tensor):
            coins = ops.bernoulli(ops.expand(p, self.shape), generator=generator)
            return self._become(coins.to(self.dtype))
        return self._become(ops.bernoulli(self, p, generator=generator))

    def random_(self, low: Any = None, high: Any = None, *, generator: Any = None) -> "Tensor":
        """Integers from low to high - 1; random_(high) starts at 0, random_() has no end but its
        dtype's: all integers that it can hold exactly."""
        low, high = (0, low) if high is None else (low, high)
        if high is None:
            exact = {2: 11, 4: 24, 8: 53}[self.element_size()] if self.is_floating_point() else None
            high = 2**exact + 1 if exact else backend.largest(self.dtype) + 1
        if high <= low:
            raise ValueError(f"random_: there is no integer from {low} to below {high}.")
        draws = ops.integers_like(self._blank(), low=int(low), high=int(high),
                                  generator=generator or ops.default_generator)  # fmt: skip
        return self._become(draws.to(self.dtype))

    def _blank(self) -> "Tensor":
        """What a draw asks for a shape, a dtype and a device."""
        return self.like(self.array)

    def _chances(self, generator: Any) -> "Tensor":
        """Numbers from 0 to below 1 in this shape; for integers, as float64."""
        blank = self._blank() if self.is_floating_point() else self._blank().double()
        return ops.uniform_like(blank, generator=generator or ops.default_generator)

    def _bounded(self, spread: float, name: str) -> None:
        """Raises where a continuous distribution does not fit."""
        if not spread >= 0:
            raise ValueError(f"{name} must not be negative, got {spread}.")
        if not self.is_floating_point():
            raise TypeError(f"{name.split(':')[0]} draws real numbers, this holds {self.dtype}.")

    # Operators --------------------------------------------------------------------------------

    def __getitem__(self, key: Any) -> "Tensor":
        return ops.getitem(self, key)

    def __add__(self, other: Any) -> "Tensor":
        return ops.add_(self, other)

    def __radd__(self, other: Any) -> "Tensor":
        return ops.add_(other, self)

    def __sub__(self, other: Any) -> "Tensor":
        return ops.sub_(self, other)

    def __rsub__(self, other: Any) -> "Tensor":
        return ops.sub_(other, self)

    def __mul__(self, other: Any) -> "Tensor":
        return ops.mul(self, other)

    def __rmul__(self, other: Any) -> "Tensor":
        return ops.mul(other, self)

    def __truediv__(self, other: Any) -> "Tensor":
        return ops.div_(self, other)

    def __rtruediv__(self, other: Any) -> "Tensor":
        return ops.div_(other, self)

    def __floordiv__(self, other: Any) -> "Tensor":
        return ops.floor_divide(self, other)

    def __rfloordiv__(self, other: Any) -> "Tensor":
        return ops.floor_divide(other, self)

    def __mod__(self, other: Any) -> "Tensor":
        return ops.remainder(self, other)

    def __rmod__(self, other: Any) -> "Tensor":
        return ops.remainder(other, self)

    def __pow__(self, other: Any) -> "Tensor":
        return ops.pow(self, other)

    def __rpow__(self, other: Any) -> "Tensor":
        return ops.pow_(other, self)

    def __matmul__(self, other: Any) -> "Tensor":
        return ops.matmul(self, other if isinstance(other, Tensor) else Tensor(other))

    def __rmatmul__(self, other: Any) -> "Tensor":
        return ops.matmul(Tensor(other), self)

    def __neg__(self) -> "Tensor":
        return ops.neg(self)

    def __pos__(self) -> "Tensor":
        return ops.positive(self)

    def __abs__(self) -> "Tensor":
        return ops.abs(self)

    def __invert__(self) -> "Tensor":
        return ops.logical_not(self) if self.dtype == bool_ else ops.bitwise_not(self)

    def __and__(self, other: Any) -> "Tensor":
        return ops.bitwise_and(self, other)

    def __or__(self, other: Any) -> "Tensor":
        return ops.bitwise_or(self, other)

    def __xor__(self, other: Any) -> "Tensor":
        return ops.bitwise_xor(self, other)

    __rand__, __ror__, __rxor__ = __and__, __or__, __xor__

    def __eq__(self, other: Any) -> "Tensor":  # type: ignore[override]
        return ops.eq(self, other) if _is_operand(other) else NotImplemented

    def __ne__(self, other: Any) -> "Tensor":  # type: ignore[override]
        return ops.ne(self, other) if _is_operand(other) else NotImplemented

    def __lt__(self, other: Any) -> "Tensor":
        return ops.lt(self, other)

    def __le__(self, other: Any) -> "Tensor":
        return ops.le(self, other)

    def __gt__(self, other: Any) -> "Tensor":
        return ops.gt(self, other)

    def __ge__(self, other: Any) -> "Tensor":
        return ops.ge(self, other)

    # In place: the result of an operation, written into the left operand's memory ---------------

    __iadd__ = _in_place(ops.add_, "add")
    __isub__ = _in_place(ops.sub_, "subtract")
    __imul__ = _in_place(ops.mul, "multiply")
    __itruediv__ = _in_place(ops.div_, "true_divide")
    __ipow__ = _in_place(ops.pow)
    __ifloordiv__ = _in_place(ops.floor_divide)
    __imod__ = _in_place(ops.remainder)
    __iand__ = _in_place(ops.bitwise_and)
    __ior__ = _in_place(ops.bitwise_or)
    __ixor__ = _in_place(ops.bitwise_xor)
    mul_ = _in_place(ops.mul, "multiply")
    div_ = _in_place(ops.div, "true_divide")
    pow_ = _in_place(ops.pow)
    subtract_, multiply_, divide_, true_divide_ = sub_, mul_, div_, div_
    floor_divide_ = _in_place(ops.floor_divide)
    remainder_ = _in_place(ops.remainder)
    fmod_ = _in_place(ops.fmod)
    hypot_ = _in_place(ops.hypot)
    addmm_ = _in_place(ops.addmm)
    addmv_ = _in_place(ops.addmv)
    addr_ = _in_place(ops.addr)
    baddbmm_ = _in_place(ops.baddbmm)
    addbmm_ = _in_place(ops.addbmm)
    neg_ = _in_place(ops.neg)
    negative_ = _in_place(ops.negative)
    abs_ = _in_place(ops.abs)
    sign_ = _in_place(ops.sign)
    square_ = _in_place(ops.square)
    reciprocal_ = _in_place(ops.reciprocal)
    sqrt_ = _in_place(ops.sqrt)
    rsqrt_ = _in_place(ops.rsqrt)
    exp_ = _in_place(ops.exp)
    exp2_ = _in_place(ops.exp2)
    expm1_ = _in_place(ops.expm1)
    log_ = _in_place(ops.log)
    log1p_ = _in_place(ops.log1p)
    log2_ = _in_place(ops.log2)
    log10_ = _in_place(ops.log10)
    sin_ = _in_place(ops.sin)
    cos_ = _in_place(ops.cos)
    tan_ = _in_place(ops.tan)
    sinh_ = _in_place(ops.sinh)
    cosh_ = _in_place(ops.cosh)
    tanh_ = _in_place(ops.tanh)
    asin_ = _in_place(ops.asin)
    acos_ = _in_place(ops.acos)
    atan_ = _in_place(ops.atan)
    atan2_ = _in_place(ops.atan2)
    asinh_ = _in_place(ops.asinh)
    acosh_ = _in_place(ops.acosh)
    atanh_ = _in_place(ops.atanh)
    erf_ = _in_place(ops.erf)
    sigmoid_ = _in_place(ops.sigmoid)
    relu_ = _in_place(ops.relu)
    floor_ = _in_place(ops.floor)
    ceil_ = _in_place(ops.ceil)
    round_ = _in_place(ops.round)
    trunc_ = _in_place(ops.trunc)
    frac_ = _in_place(ops.frac)
    clamp_ = _in_place(ops.clamp)
    clamp_min_ = _in_place(ops.clamp_min)
    clamp_max_ = _in_place(ops.clamp_max)
    clip_ = _in_place(ops.clip)
    masked_fill_ = _in_place(ops.masked_fill)
    nan_to_num_ = _in_place(ops.nan_to_num)
    cumsum_ = _in_place(ops.cumsum)
    cumprod_ = _in_place(ops.cumprod)
    eq_ = _in_place(ops.eq)
    ne_ = _in_place(ops.ne)
    lt_ = _in_place(ops.lt)
    le_ = _in_place(ops.le)
    gt_ = _in_place(ops.gt)
    ge_ = _in_place(ops.ge)
    logical_and_ = _in_place(ops.logical_and)
    logical_or_ = _in_place(ops.logical_or)
    logical_xor_ = _in_place(ops.logical_xor)
    logical_not_ = _in_place(ops.logical_not)
    bitwise_and_ = _in_place(ops.bitwise_and)
    bitwise_or_ = _in_place(ops.bitwise_or)
    bitwise_xor_ = _in_place(ops.bitwise_xor)
    bitwise_not_ = _in_place(ops.bitwise_not)
    scatter_ = _in_place(ops.scatter)
    scatter_add_ = _in_place(ops.scatter_add)
    scatter_reduce_ = _in_place(ops.scatter_reduce)
    index_add_ = _in_place(ops.index_add)
    index_copy_ = _in_place(ops.index_copy)
    index_fill_ = _in_place(ops.index_fill)
    index_put_ = _in_place(ops.index_put)
    tril_ = _in_place(ops.tril)
    triu_ = _in_place(ops.triu)

    def fill_diagonal_(self, fill_value: Any) -> "Tensor":
        if self.ndim != 2:
            raise ShapeError(f"fill_diagonal_ is for matrices, got {self.ndim} dimensions.")
        mask = self.new_full(self.shape, 1).bool().tril().triu()
        return self._become(ops.where_(mask, fill_value, self))

    def squeeze_(self, dim: Any = None) -> "Tensor":
        return self._reshaped(ops.squeeze, dim)

    def unsqueeze_(self, dim: Any) -> "Tensor":
        return self._reshaped(ops.unsqueeze, dim)

    def transpose_(self, dim0: Any, dim1: Any) -> "Tensor":
        return self._reshaped(ops.transpose, dim0, dim1)

    def t_(self) -> "Tensor":
        return self._reshaped(ops.t)

    def _reshaped(self, function: Callable, *arguments: Any) -> "Tensor":
        """Gives this tensor itself the shape of a view of it; its memory stays as it is."""
        if self.requires_grad and self.node is None and tape.is_recording():
            self._may_change()
        result = function(self, *arguments)
        self.array, self.node = result.array, result.node
        return self

    def detach_(self) -> "Tensor":
        """Forgets its history."""
        self.node, self.requires_grad = None, False
        return self

    # Functions of ops/ as methods -------------------------------------------------------------

    add, sub, mul, div, neg, abs, pow, square = (
        ops.add, ops.sub, ops.mul, ops.div, ops.neg, ops.abs, ops.pow, ops.square,
    )  # fmt: skip
    subtract, multiply, divide, true_divide, negative, positive, absolute = (
        ops.subtract, ops.multiply, ops.divide, ops.true_divide, ops.negative, ops.positive,
        ops.absolute,
    )  # fmt: skip
    reciprocal, remainder, floor_divide, lerp, addcmul, addcdiv = (
        ops.reciprocal, ops.remainder, ops.floor_divide, ops.lerp, ops.addcmul, ops.addcdiv,
    )  # fmt: skip
    exp, exp2, expm1, log, log1p, log2, log10, logaddexp = (
        ops.exp, ops.exp2, ops.expm1, ops.log, ops.log1p, ops.log2, ops.log10, ops.logaddexp,
    )  # fmt: skip
    sqrt, rsqrt, sigmoid, relu, erf = ops.sqrt, ops.rsqrt, ops.sigmoid, ops.relu, ops.erf
    sin, cos, tan, asin, acos, atan, atan2, hypot = (
        ops.sin, ops.cos, ops.tan, ops.asin, ops.acos, ops.atan, ops.atan2, ops.hypot,
    )  # fmt: skip
    sinh, cosh, tanh, asinh, acosh, atanh = (
        ops.sinh, ops.cosh, ops.tanh, ops.asinh, ops.acosh, ops.atanh,
    )  # fmt: skip
    floor, ceil, round, trunc, sign = ops.floor, ops.ceil, ops.round, ops.trunc, ops.sign
    clamp, clip, clamp_min, clamp_max, maximum, minimum, fmax, fmin = (
        ops.clamp, ops.clip, ops.clamp_min, ops.clamp_max, ops.maximum, ops.minimum, ops.fmax,
        ops.fmin,
    )  # fmt: skip
    masked_fill, nan_to_num = ops.masked_fill, ops.nan_to_num
    fmod, frac, fix, erfc, logit, xlogy = (
        ops.fmod, ops.frac, ops.fix, ops.erfc, ops.logit, ops.xlogy,
    )  # fmt: skip
    isposinf, isneginf, aminmax, diff, dist = (
        ops.isposinf, ops.isneginf, ops.aminmax, ops.diff, ops.dist,
    )  # fmt: skip
    arcsin, arccos, arctan, arctan2, arcsinh, arccosh, arctanh = (
        ops.arcsin, ops.arccos, ops.arctan, ops.arctan2, ops.arcsinh, ops.arccosh, ops.arctanh,
    )  # fmt: skip
    greater, greater_equal, less, less_equal, not_equal = (
        ops.greater, ops.greater_equal, ops.less, ops.less_equal, ops.not_equal,
    )  # fmt: skip
    eq, ne, lt, le, gt, ge = ops.eq, ops.ne, ops.lt, ops.le, ops.gt, ops.ge
    logical_and, logical_or, logical_xor, logical_not = (
        ops.logical_and, ops.logical_or, ops.logical_xor, ops.logical_not,
    )  # fmt: skip
    bitwise_and, bitwise_or, bitwise_xor, bitwise_not = (
        ops.bitwise_and, ops.bitwise_or, ops.bitwise_xor, ops.bitwise_not,
    )  # fmt: skip
    isnan, isinf, isfinite, isclose, allclose, equal = (
        ops.isnan, ops.isinf, ops.isfinite, ops.isclose, ops.allclose, ops.equal,
    )  # fmt: skip
    conj, angle, is_complex = ops.conj, ops.angle, ops.is_complex
    bernoulli, multinomial = ops.bernoulli, ops.multinomial

    def where(self, condition: Any, other: Any) -> "Tensor":
        """Itself where the condition holds, else other."""
        return ops.where(condition, self, other)

    sum, mean, prod, var, std, amax, amin, max, min, median = (
        ops.sum, ops.mean, ops.prod, ops.var, ops.std, ops.amax, ops.amin, ops.max, ops.min,
        ops.median,
    )  # fmt: skip
    argmax, argmin, argsort, sort, topk = (
        ops.argmax, ops.argmin, ops.argsort, ops.sort, ops.topk,
    )  # fmt: skip
    all, any, count_nonzero, cumsum, cumprod = (
        ops.all, ops.any, ops.count_nonzero, ops.cumsum, ops.cumprod,
    )  # fmt: skip
    logsumexp, softmax, log_softmax, norm = (
        ops.logsumexp, ops.softmax, ops.log_softmax, ops.norm,
    )  # fmt: skip

    reshape, flatten, ravel, unflatten, squeeze, unsqueeze = (
        ops.reshape, ops.flatten, ops.ravel, ops.unflatten, ops.squeeze, ops.unsqueeze,
    )  # fmt: skip
    permute, transpose, swapaxes, swapdims, t, movedim, moveaxis = (
        ops.permute, ops.transpose, ops.swapaxes, ops.swapdims, ops.t, ops.movedim, ops.moveaxis,
    )  # fmt: skip
    expand, broadcast_to, repeat, tile, repeat_interleave = (
        ops.expand, ops.broadcast_to, ops.repeat, ops.tile, ops.repeat_interleave,
    )  # fmt: skip
    split, chunk, tensor_split, unbind, narrow, select, unfold, clone = (
        ops.split, ops.chunk, ops.tensor_split, ops.unbind, ops.narrow, ops.select, ops.unfold,
        ops.clone,
    )  # fmt: skip
    flip, fliplr, flipud, roll, rot90 = ops.flip, ops.fliplr, ops.flipud, ops.roll, ops.rot90
    diag, diagonal, diag_embed, trace, tril, triu = (
        ops.diag, ops.diagonal, ops.diag_embed, ops.trace, ops.tril, ops.triu,
    )  # fmt: skip

    gather, take, take_along_dim, masked_select = (
        ops.gather, ops.take, ops.take_along_dim, ops.masked_select,
    )  # fmt: skip
    scatter, scatter_add, scatter_reduce = ops.scatter, ops.scatter_add, ops.scatter_reduce
    index_select, index_add, index_copy, index_fill, index_put = (
        ops.index_select, ops.index_add, ops.index_copy, ops.index_fill, ops.index_put,
    )  # fmt: skip
    nonzero, argwhere, bincount, unique, unique_consecutive = (
        ops.nonzero, ops.argwhere, ops.bincount, ops.unique, ops.unique_consecutive,
    )  # fmt: skip
    matmul, mm, bmm, mv, dot, vdot, inner, outer, kron, cross = (
        ops.matmul, ops.mm, ops.bmm, ops.mv, ops.dot, ops.vdot, ops.inner, ops.outer, ops.kron,
        ops.cross,
    )  # fmt: skip
    addmm, addmv, addr, baddbmm, addbmm = (
        ops.addmm, ops.addmv, ops.addr, ops.baddbmm, ops.addbmm,
    )  # fmt: skip
    det, logdet, slogdet, inverse, pinverse, matrix_power = (
        ops.det, ops.logdet, ops.slogdet, ops.inverse, ops.pinverse, ops.matrix_power,
    )  # fmt: skip

    # Conversions ------------------------------------------------------------------------------

    def to(self, *targets: Any, **named: Any) -> Any:
        """In another dtype, on another device, or as another tensor is.

        Called as to(dtype), to(device, dtype=None), to(other), each with non_blocking and copy
        behind them or by name.

        Args:
            non_blocking: from pinned memory to a card, return before the copy is done; what is
                computed of it there waits for it. Every other transfer is waited for.
            copy: also where there is nothing to change.
        """
        device, dtype, non_blocking, copy = destination(targets, **named)
        x = self
        if device is not None and device is not x.device:
            home = x.device if x.device.writable else None
            x = ops.transfer(x, device=device, home=home, non_blocking=non_blocking)
        if dtype is not None and dtype != x.dtype:
            x = ops.cast(x if is_differentiable(dtype) else x.detach(), dtype=dtype)
        return x.clone() if copy and x is self else x

    def type(self, dtype: Any = None) -> Any:
        """In another dtype; without one, the name of its type as PyTorch says it."""
        if dtype is not None:
            return self.to(dtype)
        return _TYPE_NAMES.get(self.dtype, "torch.BFloat16Tensor")

    def type_as(self, other: "Tensor") -> "Tensor":
        """In the dtype of another tensor."""
        return self.to(other.dtype)

    def cpu(self) -> "Tensor":
        """On the processor."""
        return self.to(backend.cpu)

    def cuda(self, device: Any = None, non_blocking: Any = False) -> "Tensor":
        """On a graphics card: the one with a number, or the current one."""
        return self.to("cuda" if device is None else device, non_blocking=non_blocking)

    def get_device(self) -> Any:
        """The number of the card it is on; -1 on the processor."""
        return -1 if self.device.index is None else self.device.index

    def pin_memory(self) -> "Tensor":
        """Itself, or a copy in memory that a card can fetch by itself (see `to`).

        Raises:
            DeviceError: it is not on the processor, or this machine has no card.
        """
        if self.device is not backend.cpu:
            raise DeviceError(f"Only the processor's memory can be pinned; this is {self.device}.")
        return self if self.is_pinned() else self.like(backend.pin(self.array))

    def is_pinned(self) -> Any:
        """Whether it lies in such memory."""
        return backend.is_pinned(self.array)

    def float(self) -> "Tensor":
        return self.to(float32)

    def double(self) -> "Tensor":
        return self.to(float64)

    def half(self) -> "Tensor":
        return self.to(float16)

    def bfloat16(self) -> "Tensor":
        return self.to("bfloat16")

    def cfloat(self) -> "Tensor":
        return self.to(complex64)

    def cdouble(self) -> "Tensor":
        return self.to(complex128)

    def long(self) -> "Tensor":
        return self.to(int64)

    def int(self) -> "Tensor":
        return self.to(int32)

    def short(self) -> "Tensor":
        return self.to(int16)

    def char(self) -> "Tensor":
        return self.to(int8)

    def byte(self) -> "Tensor":
        return self.to(uint8)

    def bool(self) -> "Tensor":
        return self.to(bool_)

    def view(self, *shape: Any, size: Any = None, dtype: Any = None) -> "Tensor":
        """Another shape over the same memory, or the same bytes as numbers of another dtype.

        Raises:
            ShapeError: the shape holds another amount of numbers; or they do not lie in memory in
                such an order that it is a view. `reshape` then copies.
        """
        if dtype is not None or len(shape) == 1 and isinstance(shape[0], backend.dtype):
            return self._reread(shape[0] if dtype is None else dtype)
        wanted = ops.inferred("view", self.shape, ops.sizes(shape, size))
        new = ops.reshape_(self, shape=wanted)
        if self.numel() and not backend.overlap(self.array, new.array):
            raise ShapeError(
                f"view: size={wanted} is no view of this {self.shape} tensor, whose numbers do not "
                "lie in order in memory; use reshape(), which copies."
            )
        return new

    def _reread(self, kind: Any) -> "Tensor":
        """The same bytes as numbers of another dtype, without a history."""
        try:
            new = self.like(self.array.view(kind))
        except ValueError:
            raise ShapeError(
                f"view: dtype {kind} has {kind.itemsize} bytes, {self.dtype} has "
                f"{self.element_size()}; the last dimension of {self.shape} must lie in order and "
                "hold whole numbers."
            ) from None
        self.version.share(self, new)
        return new

    def view_as(self, other: "Tensor") -> "Tensor":
        return self.view(other.shape)

    def reshape_as(self, other: "Tensor") -> "Tensor":
        return ops.reshape(self, other.shape)

    def expand_as(self, other: "Tensor") -> "Tensor":
        return ops.expand(self, other.shape)

    def new_tensor(
        self, data: Any, *, dtype: Any = None, device: Any = None, requires_grad: Any = False
    ) -> "Tensor":
        """A copy of the data, in this tensor's dtype and on its device unless others are named."""
        array = getattr(data, "array", data)
        new = Tensor(array, dtype or self.dtype).clone().to(device=device or self.device)
        return new.requires_grad_() if requires_grad else new

    def new_full(
        self, size: Any, fill_value: Any, *, dtype: Any = None, device: Any = None,
        requires_grad: Any = False,
    ) -> "Tensor":  # fmt: skip
        """One number everywhere, in this tensor's dtype and on its device if none is named."""
        one = self.new_tensor(fill_value, dtype=dtype, device=device)
        new = ops.expand(one, *ops.sizes((size,))).clone()
        return new.requires_grad_() if requires_grad else new

    def new_zeros(self, *shape: Any, size: Any = None, **options: Any) -> "Tensor":
        """All 0, as new_full."""
        return self.new_full(ops.sizes(shape, size), 0, **options)

    def new_ones(self, *shape: Any, size: Any = None, **options: Any) -> "Tensor":
        """All 1, as new_full."""
        return self.new_full(ops.sizes(shape, size), 1, **options)

    new_empty = new_zeros


def _from_python(data: Any, dtype: Any) -> Any:
    """Nested lists, numbers and tensors as an array: floats of the default dtype, ints of int64."""
    if hasattr(data, "__cuda_array_interface__"):
        return backend.device("cuda").asarray(data, dtype)
    plain = _unwrapped(data)
    array = backend.cpu.asarray(plain, None if dtype is None else backend.as_dtype(dtype))
    if backend.category(array.dtype) > 3:
        raise TypeError(
            f"A tensor holds numbers; {type(data).__name__} became {array.dtype}. Are the nested "
            "lists of one length?"
        )
    if dtype is None and not hasattr(data, "dtype"):
        if array.dtype == float64:
            array = array.astype(get_default_dtype())
        elif array.dtype == complex128:
            array = array.astype(complex_of(get_default_dtype()))
    return array


def _unwrapped(data: Any) -> Any:
    """Tensors inside lists as plain numbers."""
    if isinstance(data, Tensor):
        return data.tolist()
    return [_unwrapped(x) for x in data] if isinstance(data, (list, tuple)) else data


def _is_operand(x: Any) -> bool:
    """Whether x can be compared with a tensor; None and words are never equal to one."""
    return isinstance(x, Tensor) or backend.is_number(x) or hasattr(x, "dtype")


def destination(
    targets: tuple,
    dtype: Any = None,
    device: Any = None,
    non_blocking: bool = False,
    copy: bool = False,
    memory_format: Any = None,
    other: Any = None,
) -> tuple[Device | None, Any, bool, bool]:
    """What the arguments of `Tensor.to` and `Module.to` ask for: device, dtype, non_blocking, copy.

    Raises:
        DeviceError: a device that this machine does not have.
        TypeError: something that is neither a device, a dtype nor a tensor.
    """
    flags = []
    for target in (*targets, other):
        if isinstance(target, Tensor):
            dtype, device = target.dtype, target.device
        elif isinstance(target, bool):
            flags.append(target)
        elif isinstance(target, int) or isinstance(target, Device) or _names_device(target):
            device = target
        elif target is not None:
            dtype = target
    non_blocking, copy = (*flags, *(non_blocking, copy)[len(flags) :])
    place = f"cuda:{device}" if isinstance(device, int) else device
    place = None if place is None else backend.device(place)
    return place, None if dtype is None else backend.as_dtype(dtype), non_blocking, copy


def _names_device(name: Any) -> bool:
    return isinstance(name, str) and name.partition(":")[0] in ("cpu", "cuda")
