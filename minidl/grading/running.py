"""Runs one part on one set of inputs, and turns whatever happens into an outcome with a name."""

from __future__ import annotations

import contextlib
import copy
import io
import linecache
import os
import random
import re
import sys
import traceback
import types
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, final

import numpy as np

from ..ops import default_generator
from .compare import Tolerance, compare, plain
from .limits import OutOfTime, time_limit
from .spec import Exercise, Part

HERE = str(Path(__file__).resolve().parents[1])  # minidl's own frames are not the learner's
EXACT = Tolerance(0.0, 0.0, dtype=True)
LONGEST = 2000  # letters of an error's words that are kept


@final
@dataclass(frozen=True)
class Outcome:
    """What one run gave: a status, the value when it returned, a sentence when it did not.

    status: returned, missing, not written, error, recursion, too slow or mutated; and of a worker's
        end crashed or not allowed.
    error, words: the kind of error it raised, and what that says.
    """

    status: str
    value: Any = None
    sentence: str = ""
    error: str = ""
    words: str = ""
    printed: str = ""


@final
class Silence(io.StringIO):
    """Takes what a run prints: prints cost nothing, and no more than the first lines are kept."""

    limit = 4000

    def write(self, text: str) -> int:
        """Keeps the text while there is room."""
        if self.tell() < self.limit:
            super().write(text[: self.limit - self.tell()])
        return len(text)


def entry_points(exercise: Exercise, namespace: Mapping[str, Any]) -> types.SimpleNamespace | str:
    """The learner's pieces as `code.NAME`, or a sentence that names what is not there."""
    missing = [name for name in exercise.entry if name not in namespace]
    if missing:
        names = " and ".join(f"`{name}`" for name in missing)
        are = "is" if len(missing) == 1 else "are"
        return f"{names} {are} not defined yet: write the cell above and run it."
    return types.SimpleNamespace(**{name: namespace[name] for name in exercise.entry})


def attempt(
    part: Part, code: types.SimpleNamespace, inputs: Mapping[str, Any], seconds: float | None = None
) -> Outcome:
    """Runs the part's `run` on its own copy of the inputs; nothing that goes wrong gets out."""
    mine, silence = copy.deepcopy(dict(inputs)), Silence()
    before = plain(copy.deepcopy(mine))
    limit = sys.getrecursionlimit()
    try:
        sys.setrecursionlimit(min(limit, _frames() + 1000))
        with own_dice(), quiet(silence), time_limit(part.seconds if seconds is None else seconds):
            value = plain(part.run(code, **mine))
    except OutOfTime:
        sentence = f"This took longer than {part.seconds:g} s and was stopped."
        return Outcome("too slow", sentence=sentence, printed=silence.getvalue())
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        return _failure(error, part, silence.getvalue())
    finally:
        sys.setrecursionlimit(limit)
    changed = [name for name in before if not _same(before[name], plain(mine[name]))]
    if changed and not part.mutates:
        names = " and ".join(f"`{name}`" for name in changed)
        sentence = f"Your code changed its input {names}. Leave inputs as they came."
        return Outcome("mutated", value, sentence, printed=silence.getvalue())
    return Outcome("returned", value, printed=silence.getvalue())


@contextlib.contextmanager
def own_dice() -> Iterator[None]:
    """Inside, random numbers begin at a seed of their own; outside, they go on as if nothing was.

    So code that draws is judged the same each time, and a check shifts no training run below it.
    """
    drawn = default_generator.state_dict(), random.getstate(), np.random.get_state()
    default_generator.manual_seed(0)
    random.seed(0)
    np.random.seed(0)
    try:
        yield
    finally:
        default_generator.load_state_dict(drawn[0])
        random.setstate(drawn[1])
        np.random.set_state(drawn[2])


@contextlib.contextmanager
def quiet(out: io.TextIOBase) -> Iterator[None]:
    """Prints go to `out`; warnings, NumPy's among them, are not shown."""
    with (
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(out),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")
        with np.errstate(all="ignore"):
            yield


@contextlib.contextmanager
def kept_classes(namespace: Mapping[str, Any]) -> Iterator[None]:
    """Undoes what the block does to the namespace's own classes, such as `Value.__mul__ = ...`."""
    own = [
        piece
        for piece in namespace.values()
        if isinstance(piece, type) and piece.__module__ == namespace.get("__name__")
    ]
    kept = [(piece, dict(vars(piece))) for piece in own]
    try:
        yield
    finally:
        for piece, before in kept:
            for name in [name for name in vars(piece) if name not in before]:
                delattr(piece, name)
            for name, value in before.items():
                if vars(piece).get(name) is not value:
                    setattr(piece, name, value)


def execute(source: str, name: str, namespace: dict[str, Any]) -> None:
    """Runs source under a file name of its own, so that a traceback can quote its lines."""
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    exec(compile(source, name, "exec", dont_inherit=True), namespace)


def _failure(error: BaseException, part: Part, printed: str) -> Outcome:
    kind, words = type(error).__name__, _words(error)
    status, sentence = "error", _without_addresses(f"{kind}: {words}".rstrip(": "))
    if isinstance(error, NotImplementedError):
        return Outcome("not written", None, "Not written yet.", kind, words, printed)
    if isinstance(error, RecursionError):
        status = "recursion"
        sentence = (
            "The call went ever deeper into itself until Python stopped it (RecursionError). "
            "A loop has no such limit."
        )
    return Outcome(status, None, sentence + _line(error, part), kind, words, printed)


def _words(error: BaseException) -> str:
    """What an error says; not all of it where it says too much, nothing where it cannot."""
    try:
        words = str(error)
    except Exception:
        return ""
    return words if len(words) <= LONGEST else words[:LONGEST] + " ..."


def _line(error: BaseException, part: Part) -> str:
    """The innermost line that belongs to the learner, quoted."""
    frames = traceback.extract_tb(error.__traceback__)
    spec = getattr(getattr(part.run, "__code__", None), "co_filename", "")
    own = [f for f in frames if f.line and f.filename != spec and _is_learners(f.filename)]
    return f" (line {own[-1].lineno}: `{own[-1].line}`)" if own else ""


def _is_learners(filename: str) -> bool:
    libraries = ("site-packages", "dist-packages", os.path.dirname(os.__file__))
    return not filename.startswith((HERE, "<frozen")) and not any(p in filename for p in libraries)


def _without_addresses(text: str) -> str:
    return re.sub(r" at 0x[0-9a-fA-F]+", "", text)


def _same(before: Any, after: Any) -> bool:
    """Equal to the bit, for arrays, numbers and strings; other objects count as unchanged."""
    if isinstance(before, (Mapping, tuple)):
        return not [gap for gap in compare(before, after, EXACT) if gap.kind != "type"]
    if isinstance(before, np.ndarray):
        return isinstance(after, np.ndarray) and not compare(before, after, EXACT)
    return True


def _frames() -> int:
    frame, depth = sys._getframe(), 0
    while frame is not None:
        frame, depth = frame.f_back, depth + 1
    return depth


def shorten(text: str, lines: int = 8) -> Sequence[str]:
    """The first lines of what was printed."""
    found = text.rstrip().splitlines()
    return found if len(found) <= lines else [*found[:lines], "..."]
