"""What the machine under NumPy is: its matrix library, and how many threads that may use."""

from __future__ import annotations

import glob
import os
import sys
from collections.abc import Callable
from typing import Any, NamedTuple, final

# How builds of BLAS spell one function: NumPy's wheels put scipy_ before and, where the sizes they
# take have 64 bits, 64_ behind; Accelerate names its new interface; others use the plain name.
SPELLINGS = (
    ("scipy_", "64_", 64),
    ("scipy_", "", 32),
    ("", "64_", 64),
    ("", "$NEWLAPACK$ILP64", 64),
    ("", "", 32),
)
EXTENSION = "numpy._core._multiarray_umath"  # the part of NumPy that calls BLAS


@final
class Blas(NamedTuple):
    """The library that multiplies matrices for NumPy.

    handle: the loaded library, by ctypes; its functions are its attributes.
    sgemm, dgemm: the symbols of C's interface (`cblas_sgemm`) as this build spells them.
    bits: how wide the integers are that those take, 32 or 64.
    name: library and version, as far as it tells.
    core: the processor family whose kernels it runs, "" where it does not tell.
    set_threads, get_threads: None where the library offers no such call.
    """

    handle: Any
    sgemm: str
    dgemm: str
    bits: int
    name: str
    core: str
    set_threads: Callable[[int], Any] | None
    get_threads: Callable[[], int] | None

    def address(self, symbol: str) -> int:
        """Where a function begins in memory, for code that calls it through a pointer."""
        import ctypes

        return ctypes.cast(getattr(self.handle, symbol), ctypes.c_void_p).value or 0


_found: list[Blas] = []


def blas() -> Blas | None:
    """NumPy's matrix library; None before NumPy is loaded, and where its BLAS cannot be reached."""
    if not _found and EXTENSION in sys.modules:
        _found.extend(filter(None, map(_open, _libraries(sys.modules[EXTENSION].__file__ or ""))))
    return _found[0] if _found else None


def _libraries(extension: str) -> list[str]:
    """Files to look in. Linux and macOS search what a file was linked with, too; Windows does not,
    so there the libraries that the wheel brought along are asked themselves."""
    package = os.path.dirname(os.path.dirname(extension))
    return [extension, *sorted(glob.glob(os.path.join(f"{package}.libs", "*openblas*")))]


def _open(path: str) -> Blas | None:
    try:
        import ctypes

        library = ctypes.CDLL(path)
    except (ImportError, OSError):
        return None
    known = [s for s in SPELLINGS if hasattr(library, f"{s[0]}cblas_sgemm{s[1]}")]
    if not known:
        return None
    before, after, bits = known[0]

    def find(symbol: str, result: Any) -> Any:
        function = getattr(library, symbol, None)
        if function is not None:
            function.restype = result
        return function

    text = ctypes.c_char_p
    config = find(f"{before}openblas_get_config{after}", text)
    corename = find(f"{before}openblas_get_corename{after}", text)
    words = (config() or b"").decode() if config else ""
    return Blas(
        handle=library,
        sgemm=f"{before}cblas_sgemm{after}",
        dgemm=f"{before}cblas_dgemm{after}",
        bits=64 if "USE64BITINT" in words else bits,
        name=" ".join(words.split()[:2]) or "BLAS",
        core=(corename() or b"").decode() if corename else "",
        set_threads=find(f"{before}openblas_set_num_threads{after}", None)
        or find("MKL_Set_Num_Threads", None),
        get_threads=find(f"{before}openblas_get_num_threads{after}", ctypes.c_int)
        or find("MKL_Get_Max_Threads", ctypes.c_int),
    )
