"""CUDA source built by g++, over card.h: the threads' turns are taken there."""

import ctypes
import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

COMPILER = shutil.which("g++") or shutil.which("clang++") or "g++"
FLAGS = ["-O1", "-std=c++17", "-fPIC", "-shared", "-w", "-fno-strict-aliasing", "-fwrapv",
         "-ffp-contract=off", "-fpermissive"]  # fmt: skip
HEADER = (Path(__file__).parent / "card.h").read_text(encoding="utf-8")
ASSEMBLY = {  # what only a card's processor has instructions for
    r'asm\("cvt.rn.f16.f32 %0, %1;" : "=h"\((\w+)\) : "f"\((\w+)\)\);':
        r"{ _Float16 h = \2; memcpy(&\1, &h, 2); }",
    r'asm\("cvt.f32.f16 %0, %1;" : "=f"\((\w+)\) : "h"\((\w+)\)\);':
        r"{ _Float16 h; memcpy(&h, &\2, 2); \1 = h; }",
}  # fmt: skip


def built(text: str) -> ctypes.CDLL:
    """A library of C++ source that comes after card.h; built once for each text."""
    for instruction, words in ASSEMBLY.items():
        text = re.sub(instruction, words, text)
    text = HEADER + text
    folder = Path(tempfile.gettempdir()) / "minidl-imitation"
    folder.mkdir(exist_ok=True)
    stem = folder / hashlib.sha256(text.encode()).hexdigest()[:32]
    library = stem.with_suffix(".so")
    if not library.exists():
        own = stem.with_suffix(f".{os.getpid()}.so")  # others may be at the same
        source = own.with_suffix(".cpp")
        source.write_text(text, encoding="utf-8")
        subprocess.run([COMPILER, *FLAGS, source, "-o", own], check=True, capture_output=True)
        own.replace(library)
    return ctypes.CDLL(str(library))


@cache
def missing() -> str | None:
    """Why nothing can be played here."""
    try:
        built('extern "C" void nothing() {}')
    except (OSError, subprocess.CalledProcessError) as error:
        return f"g++ cannot build what plays a card: {error}"
    return None
