"""A graphics card made of the processor: the emitted CUDA text as C++, so that its numbers can be
looked at where there is no card."""

import ctypes
import hashlib
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import final

import numpy as np

from minidl.compiler.cuda.following import Follower

FLAGS = ["-O1", "-std=c++17", "-fPIC", "-shared", "-w", "-fno-strict-aliasing", "-fwrapv",
         "-ffp-contract=off"]  # fmt: skip
ASSEMBLY = {  # what only a card's processor has instructions for
    'asm("cvt.rn.f16.f32 %0, %1;" : "=h"(y) : "f"(x));': "_Float16 h = x; memcpy(&y, &h, 2);",
    'asm("cvt.f32.f16 %0, %1;" : "=f"(y) : "h"(x));': "_Float16 h; memcpy(&h, &x, 2); y = h;",
}
COMPILER = shutil.which("g++") or shutil.which("clang++")


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
        entries.append(f'extern "C" void run_{name}_{blocks}(void** p) '
                       f"{{ card({blocks}, [=] {{ {name}({given}); }}); }}")  # fmt: skip
    header = (Path(__file__).parent / "card.h").read_text(encoding="utf-8")
    for ours, theirs in ASSEMBLY.items():
        text = text.replace(ours, theirs)
    whole = "\n".join([header, text, *entries])
    folder = Path(tempfile.gettempdir()) / "minidl-card"
    folder.mkdir(exist_ok=True)
    name = folder / hashlib.sha256(whole.encode()).hexdigest()
    if not name.with_suffix(".so").exists():
        name.with_suffix(".cpp").write_text(whole, encoding="utf-8")
        assert COMPILER is not None
        files = [f"{name}.cpp", "-o", f"{name}.so"]
        subprocess.run([COMPILER, *FLAGS, *files], check=True, capture_output=True, text=True)
    return ctypes.CDLL(str(name) + ".so")
