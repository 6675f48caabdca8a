"""A graphics card as a place where arrays live, by CuPy; loaded when the first card is used."""

from functools import cached_property
from typing import Any, final

from . import backend
from .alarm_gpu import alarm
from .backend import Device
from .uploads_gpu import Uploads


@final
class CUDA(Device):
    """One NVIDIA graphics card, by CuPy."""

    type = "cuda"
    index: int

    def __init__(self, index: int):
        self.index = index
        self.xp = backend.cupy()
        self._lacking = set()
        alarm(self.xp)  # its memory is there before any work is captured
        self.alone = backend.cuda_count() == 1  # then no array need be asked where it is
        place = self if self.alone else lambda array: backend.cuda(array.device.id)
        backend.in_use(self, self.xp.ndarray, place)

    @cached_property
    def uploads(self) -> Uploads:
        """Copies to the card that run beside its computing."""
        return Uploads(self.xp)

    def receive(self, array, non_blocking=False):
        with self.here():
            if type(array) is self.xp.ndarray:
                return self.xp.array(array)  # from card to card
            if non_blocking and array.flags.c_contiguous and backend.is_pinned(array):
                return self.uploads.send(array)
        return super().receive(array)

    def run(self, primitive, inputs, params):
        forward = primitive.overrides.get("cuda")
        if forward is None and primitive.composition is not None:
            return primitive.composition(*inputs, **params)  # fused for a processor's caches
        return self.call(forward or primitive.forward, *inputs, **params)

    def call(self, rule, *inputs, **params):
        if self.alone:
            return rule(self.xp, *inputs, **params)
        with self.xp.cuda.Device(self.index):
            return rule(self.xp, *inputs, **params)

    def _computes_halves(self, primitive):
        """By a kernel of its own, or where one rounding is all there is; CuPy lacks some."""
        known = "cuda" in primitive.overrides or primitive.composition is not None
        return (known or primitive.name in backend.ROUNDED) and primitive not in self._lacking

    def asarray(self, data, dtype=None):
        if self.alone:
            return self.xp.asarray(data, dtype)
        with self.xp.cuda.Device(self.index):
            return self.xp.asarray(data, dtype)

    def filled(self, shape, number, dtype):
        with self.here():
            return self.xp.full(shape, number, dtype)

    def to_host(self, array):
        host = self.xp.asnumpy(array)
        alarm(self.xp).look()
        return host

    def work_into(self, name, x, y, factor=None):
        if backend.repeats(x):
            raise ValueError(backend.NOT_TO_WRITE)
        if self.alone:
            return backend.overwrite(self.xp, name, x, y, factor)
        with self.here():
            backend.overwrite(self.xp, name, x, y, factor)

    def address(self, array):
        return array.data.ptr

    def overlap(self, source, array):
        if type(source) is not self.xp.ndarray:
            return False
        base = array.base  # of a view, what it is of, or what that is of
        if base is not None and (base is source or base is source.base):
            return True
        return source.data.mem is array.data.mem and self.xp.may_share_memory(source, array)

    def synchronize(self):
        self.here().synchronize()
        alarm(self.xp).look()

    def here(self) -> Any:
        """A context in which CuPy works on this card."""
        return self.xp.cuda.Device(self.index)

    def select(self) -> None:
        """Makes "cuda" mean this card, in this thread."""
        self.here().use()

    def properties(self) -> dict[str, Any]:
        """What the driver says of the card."""
        return self.xp.cuda.runtime.getDeviceProperties(self.index)

    def name(self) -> str:
        """The card's name, as its driver gives it."""
        return self.properties()["name"].decode()

    def reaches(self, other: "CUDA") -> bool:
        """Whether this card can read another's memory."""
        return bool(self.xp.cuda.runtime.deviceCanAccessPeer(self.index, other.index))

    def memory(self) -> tuple[int, int]:
        """Bytes that are free on the card, and bytes in all."""
        with self.here():
            return self.xp.cuda.runtime.memGetInfo()

    def in_pool(self, question: str) -> int:
        """What CuPy's pool of memory answers for this card: "used_bytes" or "total_bytes"."""
        with self.here():
            return getattr(self.xp.get_default_memory_pool(), question)()
