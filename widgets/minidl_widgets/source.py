"""Which line of the learner's code made a value, and which one stopped: frames, said in words."""

import linecache
import traceback
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import CodeType, FrameType

LONGEST = 64


@cache
def line(filename: str, number: int) -> str:
    """The place and text of a line: `line 3: z = x * y`; a file is named, a notebook cell not."""
    text = linecache.getline(filename, number).strip()
    text = text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
    cell = filename.startswith("<") or "ipykernel" in filename or not Path(filename).exists()
    place = f"line {number}" if cell else f"{Path(filename).name}, line {number}"
    return f"{place}: {text}" if text else place


def stopped(error: BaseException, theirs: Callable[[CodeType], bool]) -> str:
    """An exception as a sentence; `theirs` tells the learner's code from the engine's."""
    steps = [(f.f_code, n) for f, n in traceback.walk_tb(error.__traceback__) if theirs(f.f_code)]
    where = f" at {line(steps[-1][0].co_filename, steps[-1][1])}" if steps else ""
    said = " ".join(str(error).split()) or "no message"
    return f"The code stopped{where}. {type(error).__name__}: {said}"


def callers(frame: FrameType | None, until: CodeType | None) -> list[FrameType]:
    """The frames from `frame` outwards, up to and including the one that runs `until`."""
    found = []
    while frame is not None:
        found.append(frame)
        if frame.f_code is until:
            return found
        frame = frame.f_back
    return found


def code_of(f: Callable) -> CodeType | None:
    """The code that runs when `f` is called, so that its frame is known when met."""
    function = getattr(f, "__func__", f)
    if not hasattr(function, "__code__"):
        kind = type(f)
        function = getattr(kind, "forward", None) or kind.__call__
    return getattr(function, "__code__", None)
