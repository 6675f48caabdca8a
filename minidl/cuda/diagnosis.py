"""What stands between this machine and computing on a graphics card, and what mends it."""

import ctypes
import importlib.metadata
import sys
from typing import NamedTuple, final

from ..backend import cuda_count, cuda_search, device as device_named
from .cards import get_device_properties


@final
class Diagnosis(NamedTuple):
    """What was found.

    Attributes:
        cards: a line for each card that minidl can use.
        software: the versions of driver, CUDA and CuPy, as far as they are there.
        missing: what is, in words; "" where nothing is, or where there is no card to want it for.
        command: the one command that mends it, or "".
    """

    cards: list[str]
    software: str
    missing: str
    command: str


def diagnose() -> Diagnosis:
    """Looks for cards, a driver and CuPy; never raises, whatever is missing or broken."""
    driver, package = driver_version(), _package()
    try:
        cards = [_line(i) for i in range(cuda_count())]
        return Diagnosis(cards, _software(driver, package), *_lacking(driver, package, cards))
    except Exception as error:  # a broken driver or library can fail anywhere
        return Diagnosis([], _software(driver, package), f"CuPy fails: {error}", "")


def driver_version() -> int:
    """The newest CUDA that NVIDIA's driver serves, such as 13000; 0 without a driver."""
    version = ctypes.c_int(0)
    try:
        name = "nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1"
        ctypes.CDLL(name).cuDriverGetVersion(ctypes.byref(version))
    except (OSError, AttributeError):
        return 0
    return version.value


def _line(index: int) -> str:
    card = get_device_properties(index)
    gigabytes, generation = card.total_memory / 2**30, f"{card.major}.{card.minor}"
    return f"cuda:{index} ({card.name}, {gigabytes:.0f} GiB, compute capability {generation})"


def _package() -> tuple[str, str] | None:
    """The name and version of the distribution that brought CuPy."""
    for name in ("cupy-cuda13x", "cupy-cuda12x", "cupy-cuda11x", "cupy"):
        try:
            return name, importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return None


def _software(driver: int, package: tuple[str, str] | None) -> str:
    parts = [f"driver for CUDA {_dotted(driver)}"] if driver else ["no NVIDIA driver"]
    if cuda_count():
        xp = device_named("cuda").xp  # type: ignore[attr-defined]
        parts.append(f"CUDA runtime {_dotted(xp.cuda.runtime.runtimeGetVersion())}")
    parts.append(" ".join(package) if package else "no CuPy")
    return ", ".join(parts)


def _dotted(version: int) -> str:
    return f"{version // 1000}.{version % 1000 // 10}"


def _lacking(driver: int, package: tuple[str, str] | None, cards: list[str]) -> tuple[str, str]:
    """What is missing, and what to type."""
    if cards or not driver and not package:
        return "", ""
    if not driver:
        return "CuPy is installed, but no NVIDIA driver; install the driver of your card.", ""
    extra = "gpu13" if driver >= 13000 else "gpu12"
    command = f"pip install 'minidl[{extra}]'"
    if package is None:
        return "There is an NVIDIA driver, but no CuPy.", command
    name, _ = package
    if name == "cupy-cuda13x" and extra == "gpu12":
        return f"{name} needs a driver for CUDA 13.", f"pip uninstall -y {name} && {command}"
    return f"{name} finds no card: {cuda_search()[1]:.200}", ""
