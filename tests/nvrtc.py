"""NVIDIA's compiler of CUDA source, where a wheel brought it: it needs no graphics card."""

import ctypes
import importlib.util
from pathlib import Path
from typing import Any

import pytest


def _library() -> Any:
    for parent in ("nvidia.cu13", "nvidia.cuda_nvrtc", "nvidia.cu12"):
        try:
            found = importlib.util.find_spec(parent)
        except ModuleNotFoundError:
            continue
        for folder in found.submodule_search_locations or () if found else ():
            for file in sorted(Path(folder).rglob("libnvrtc.so*")):
                return ctypes.CDLL(str(file))
    return pytest.skip("the wheel nvidia-cuda-nvrtc is not installed")


def objections(source: str, *options: str) -> str:
    """What the compiler says against a source; "" where it takes it. Skips where there is none."""
    library, program, size = _library(), ctypes.c_void_p(), ctypes.c_size_t()
    library.nvrtcCreateProgram(ctypes.byref(program), source.encode(), b"kernel.cu", 0, None, None)
    words = (ctypes.c_char_p * len(options))(*(option.encode() for option in options))
    status = library.nvrtcCompileProgram(program, len(options), words)
    library.nvrtcGetProgramLogSize(program, ctypes.byref(size))
    log = ctypes.create_string_buffer(size.value)
    library.nvrtcGetProgramLog(program, log)
    return log.value.decode() if status else ""
