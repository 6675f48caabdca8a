"""Watches a learner's class at work: which line made each value, inside which functions."""

import sys
from pathlib import Path
from types import CodeType, FrameType
from typing import Any, final

from .source import callers, line

_HERE = str(Path(__file__).parent)


@final
class Watch:
    """While it is entered, each new value's line, calling functions and order are written down."""

    def __init__(self, engine: type, entry: CodeType | None) -> None:
        self.engine, self.entry = engine, entry
        self.made: list[Any] = []
        self.notes: dict[int, tuple[str, tuple[str, ...], bool]] = {}
        self._frames: dict[FrameType, str] = {}
        self._counts: dict[tuple[FrameType | None, str], int] = {}

    def __enter__(self) -> "Watch":
        self._plain = plain = self.engine.__init__

        def __init__(value: Any, *args: Any, **keywords: Any) -> None:
            self._note(value, sys._getframe(1))
            plain(value, *args, **keywords)

        self._own = "__init__" in vars(self.engine)
        self.engine.__init__ = __init__
        return self

    def __exit__(self, *_: object) -> None:
        if self._own:
            self.engine.__init__ = self._plain
        else:
            del self.engine.__init__
        self._counts.clear()

    def theirs(self, code: CodeType) -> bool:
        """Code that is neither the engine's class nor ours."""
        return not self._inside(code) and not code.co_filename.startswith(_HERE)

    def names(self) -> dict[int, str]:
        """What the learner's variables call the values: outer functions first."""
        found: dict[int, str] = {}
        for frame in sorted(self._frames, key=lambda frame: frame.f_code is not self.entry):
            for name, value in frame.f_locals.items():
                if isinstance(value, self.engine) and name != "self":
                    found.setdefault(id(value), name)
        self._frames.clear()
        return found

    def _inside(self, code: CodeType) -> bool:
        return f"{self.engine.__qualname__}." in code.co_qualname

    def _note(self, value: Any, frame: FrameType) -> None:
        if id(value) in self.notes and any(value is v for v in self.made[-1:]):
            return  # a class whose __init__ calls its parent's
        self.made.append(value)
        frames = callers(frame, self.entry)
        engine = max((i for i, f in enumerate(frames) if self._inside(f.f_code)), default=-1)
        outside, seen = frames[engine + 1 :], frames[-1].f_code is self.entry
        if not outside:
            return
        for kept in outside if seen else outside[:1]:
            self._frames.setdefault(kept, "")
        inner = [f for f in outside[:-1] if f.f_code.co_name[0] != "<"] if seen else []
        scope = tuple(self._label(f) for f in reversed(inner))
        place, constant = outside[0], engine >= 0
        self.notes[id(value)] = (line(place.f_code.co_filename, place.f_lineno), scope, constant)

    def _label(self, frame: FrameType) -> str:
        """ "Neuron 2": the second call of this function from the same caller."""
        if not self._frames.get(frame):
            name = frame.f_code.co_qualname.rpartition("<locals>.")[2]
            name = name.removesuffix(".__call__").removesuffix(".forward")
            key = (frame.f_back, name)
            self._counts[key] = self._counts.get(key, 0) + 1
            self._frames[frame] = f"{name} {self._counts[key]}"
        return self._frames[frame]
