"""A graphics card made of the processor: the emitted CUDA text as C++, so that its numbers can be
looked at where there is no card."""

import ctypes
from typing import final

import numpy as np

from minidl.compiler.cuda.following import Follower
from minidl.compiler.cuda.loops import THREADS
from tests.imitation.building import built, missing as missing

# The emitted text names its own numbers.
OWN = "".join(
    f"#undef {name}\n" for name in ("INT64_C", "INT64_MAX", "INT64_MIN", "INFINITY", "NAN")
)
OWN += "".join(
    f"#define {sign}int{bits}_t card_{sign}int{bits}_t\n"
    for sign in ("", "u")
    for bits in (8, 16, 32, 64)
)
# A pointer to whatever a kernel wants.
OWN += "struct any { void* p; template <class T> operator T*() const { return (T*)p; } };\n"


@final
class Processor(Follower):
    """Follows a script with NumPy's memory, and its kernels in C++."""

    def _zeros(self, shape, kind):
        return np.zeros(shape, kind)

    def _received(self, array):
        return array.copy()

    def _strided(self, memory, kind, offset, view):
        first = np.ndarray((1,), kind, memory.reshape(-1).view(np.uint8).data, offset)
        steps = [step * kind.itemsize for step in view.steps]
        return np.lib.stride_tricks.as_strided(first, view.shape, steps)

    def _link(self):
        kernels = self.script.kernels
        given = zip(kernels.names, self.script.launches, kernels.parameters, strict=True)
        calls = {(name, launch.blocks): len(places) for name, launch, places in given if name}
        self._library = build(self.script.text, calls)

    def _go(self):
        self._status = np.zeros(1, np.int32)
        self._owned["status", 0] = self._status
        self._sent[: self.numbers.memory.size] = self.numbers.memory
        self._draw()
        for n, launch in enumerate(self.script.launches):
            kernel = launch.kernel
            if kernel is None:
                name, places = self.script.kernels.names[n], self.script.kernels.parameters[n]
                found = [(self._memory(buffer), byte) for buffer, byte in places]
                pointers = [array.ctypes.data + at + byte for (array, at), byte in found]
                run = getattr(self._library, f"run_{name}_{launch.blocks}")
                run((ctypes.c_void_p * len(pointers))(*pointers))
            elif hasattr(kernel, "primitive"):
                self._by_library(launch)
            else:
                self._array(kernel.c)[...] = self._array(kernel.a) @ self._array(kernel.b)
        if self._status[0]:
            raise IndexError("An index is out of range.")


def build(text: str, calls: dict[tuple[str, int], int]) -> ctypes.CDLL:
    """The kernels of a source as functions `run_NAME_BLOCKS` of their pointers.

    Args:
        calls: (kernel, how many blocks) -> of how many pointers.
    """
    entries = []
    for (name, blocks), count in calls.items():
        given = ", ".join(f"any{{p[{i}]}}" for i in range(count))
        dims = f"{{{blocks}, 1, 1}}, {{{THREADS}, 1, 1}}"
        entries.append(
            f'extern "C" void run_{name}_{blocks}(void** p) {{'
            f" stage::play({dims}, [=] {{ {name}({given}); }}); }}"
        )
    return built("\n".join([OWN, text, *entries]))
