"""The machine under NumPy: what is set up before NumPy is loaded, its matrix library, its threads.

Importing this file sets up three things, each only where it is needed and the user has not chosen:

* kernels: newer AMD processors with AVX-512 are made to use it. MINIDL_KERNELS=off leaves them be.
* allocator: big arrays come from memory that the process keeps, so that a temporary of the last
  step serves the next. Fresh ones made training steps 1.1 to 1.4 times as long.
  MINIDL_ALLOCATOR=off leaves it be.
* threads: no more of them than a container's share of the processor, and BLAS's give their core
  back when they have nothing to do. MINIDL_THREADS=off leaves them be.

`minidl doctor` tells what was done.
"""

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


# Threads --------------------------------------------------------------------------------------

_asked: list[int] = []  # the number asked for, where there is no library to keep it


def cores() -> int:
    """How many cores this process may use: those it is bound to, and no more than its share."""
    return max(1, min([_bound(), *_shares()]))


def _bound() -> int:
    """How many cores the system may put this process on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _shares(root: str = "/sys/fs/cgroup") -> list[int]:
    """The limits Linux sets on groups of processes that we are in, in whole cores, rounded up."""
    group = next((x[3:] for x in _read("/proc/self/cgroup").splitlines() if x[:3] == "0::"), "/")
    parts = [part for part in group.split("/") if part]
    paths = ["/".join([root, *parts[:i], "cpu.max"]) for i in range(len(parts) + 1)]
    limits = [_read(path).split() for path in paths]
    limits.append([_read(f"{root}/cpu/cpu.cfs_{part}_us").strip() for part in ("quota", "period")])
    pairs = [limit for limit in limits if len(limit) == 2 and all(x.isdigit() for x in limit)]
    return [-(-int(quota) // int(period)) for quota, period in pairs if int(quota) and int(period)]


def get_num_threads() -> int:
    """How many threads multiply matrices, and share out what else minidl shares out."""
    library = blas()
    if library is not None and library.get_threads is not None:
        return library.get_threads()
    return _asked[0] if _asked else cores()


def set_num_threads(threads: int) -> None:
    """Sets that number; more than there are cores make everything slower."""
    if type(threads) is not int or threads < 1:
        raise ValueError(f"set_num_threads: expected a whole number from 1, got {threads!r}.")
    library = blas()
    _asked[:] = [threads]
    if library is not None and library.set_threads is not None:
        library.set_threads(threads)


# What is set up before NumPy is loaded --------------------------------------------------------

AVX512 = {"avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl"}  # what the kernels use
THREADS = ("OPENBLAS_NUM_THREADS", "GOTO_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
KEPT = 1 << 28  # bytes: arrays up to this size, and so much free memory, stay with the process


def processor() -> dict[str, str]:
    """What Linux tells of the first processor; empty elsewhere."""
    lines = _read("/proc/cpuinfo", 1 << 13).split("\n\n")[0].splitlines()
    return {name.strip(): value.strip() for name, _, value in (x.partition(":") for x in lines)}


def has_avx512() -> bool:
    """Whether the processor has the part of AVX-512 that matrix kernels use."""
    return AVX512 <= set(processor().get("flags", "").split())


def _kernels() -> str:
    """An OpenBLAS that does not know a processor falls back to AVX2: 112 GFLOP/s, not 218, were
    seen on an AMD processor with AVX-512. On family 25 (Zen 4) the wheels of NumPy 2.0 to 2.4 all
    took AVX-512 by themselves; families after it are told to. `minidl doctor` names the outcome."""
    if os.environ.get("OPENBLAS_CORETYPE"):
        return f"as OPENBLAS_CORETYPE={os.environ['OPENBLAS_CORETYPE']} says"
    found = processor()
    family = found.get("cpu family", "")
    newer = found.get("vendor_id") == "AuthenticAMD" and family.isdigit() and int(family) >= 26
    if not newer or not has_avx512():
        return "chosen by the library"
    if EXTENSION in sys.modules:
        return "chosen by the library, since NumPy was loaded before minidl"
    os.environ["OPENBLAS_CORETYPE"] = "SkylakeX"
    return "those for AVX-512 (OPENBLAS_CORETYPE=SkylakeX)"


def _allocator() -> str:
    """Tells glibc's allocator to keep what is freed; others have no such call."""
    own = [name for name in os.environ if name.startswith("MALLOC_") or name == "GLIBC_TUNABLES"]
    if own:
        return f"as {own[0]} says"
    if not sys.platform.startswith("linux"):
        return "the system's"
    try:
        import ctypes

        library = ctypes.CDLL(None)
        trim, mmap = -1, -3  # M_TRIM_THRESHOLD, M_MMAP_THRESHOLD
        kept = hasattr(library, "gnu_get_libc_version") and all(
            library.mallopt(option, KEPT) or library.mallopt(option, 1 << 25)
            for option in (mmap, trim)
        )
    except (ImportError, OSError, AttributeError):
        kept = False
    return f"keeps arrays of up to {KEPT >> 20} MB" if kept else "the system's"


def _threads() -> str:
    """OpenBLAS counts the cores we are bound to, not a container's share. Each of its products then
    waits until the system has let all threads run, and while they wait they give their turn away:
    beside two busy processes on two cores, two threads were ten times slower than one."""
    own = [name for name in THREADS if os.environ.get(name)]
    if own:
        return f"as {own[0]}={os.environ[own[0]]} says"
    if cores() == _bound():
        return "one for each core"
    if EXTENSION in sys.modules:
        set_num_threads(cores())
    else:
        os.environ["OPENBLAS_NUM_THREADS"] = str(cores())
    return f"no more than this process's share of the processor, {cores()}"


def _let_rest() -> None:
    """OpenBLAS's threads look for work in a loop, by default for 2^26 cycles after each product, on
    cores that minidl's own threads (threads.py) then want: on two cores a convolution after a
    product took 1.6 to 2.5 times as long. With 2^16 cycles it did not, and products were as fast.
    """
    if EXTENSION not in sys.modules:
        os.environ.setdefault("OPENBLAS_THREAD_TIMEOUT", "16")


def _read(path: str, size: int = -1) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read(size)
    except OSError:
        return ""


def _set_up() -> dict[str, str]:
    """Makes each setting that is not switched off, and says what came of it."""
    switches = {"MINIDL_KERNELS": _kernels, "MINIDL_ALLOCATOR": _allocator,
                "MINIDL_THREADS": _threads}  # fmt: skip
    if os.environ.get("MINIDL_THREADS") != "off":
        _let_rest()
    return {
        name: f"left alone ({name}=off)" if os.environ.get(name) == "off" else make()
        for name, make in switches.items()
    }


SETTINGS = _set_up()
