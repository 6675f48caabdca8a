"""What a trace cannot repeat is refused as soon as it is about to happen, with the user's line."""

import builtins
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import BuiltinFunctionType, CodeType, FrameType, ModuleType
from typing import Any, final

import numpy

from .. import dtypes, tape
from ..errors import CompileError
from ..ops import default_generator
from .graph import Symbol
from .reading import is_users, names_of

_ONCE = "happens once, at the trace"
_FROZEN = "would be the time of the trace for ever"
_CALLS = {
    **dict.fromkeys((builtins.print, builtins.input, builtins.open), _ONCE),
    **dict.fromkeys((time.time, time.time_ns, time.perf_counter, time.perf_counter_ns,
                     time.monotonic, time.process_time), _FROZEN),
}  # fmt: skip
_CLOCKS = {"now", "utcnow", "today"}  # of datetime, its class or its module


@final
class Refusing:
    """Watches the code that runs during a trace.

    Attributes:
        ran: the user's code that ran, with its globals, in order.
        refused: the first refusal, in case somebody caught it.
    """

    def __init__(self) -> None:
        self.ran: dict[CodeType, dict[str, Any]] = {}
        self.refused: CompileError | None = None
        self._foreign: dict[int, CodeType] = {}  # by id, since hashing code is slow
        self._warned: dict[CodeType, dict[int, str]] = {}  # by line: what it must not do

    def hook(self) -> Callable[[FrameType, str, Any], Any]:
        """What `sys.settrace` calls whenever a function is entered."""
        foreign = self._foreign

        def enter(frame: FrameType, event: str, arg: Any) -> Any:
            return None if id(frame.f_code) in foreign else self._enter(frame)

        return enter

    def _enter(self, frame: FrameType) -> Any:
        """Looks at code that runs; what is returned looks at each of its lines."""
        code = frame.f_code
        if not is_users(code.co_filename):
            self._foreign[id(code)] = code
            return None
        if code not in self.ran:
            self.ran[code] = frame.f_globals
            for name, line in names_of(code).stored:
                self._refuse(code, line, f"the global '{name}' is assigned; return it from")
            self._warned[code] = _doubtful(code, frame.f_globals)
        return self._line if self._warned[code] else None

    def _line(self, frame: FrameType, event: str, arg: Any) -> Any:
        why = self._warned[frame.f_code].get(frame.f_lineno)
        if event == "line" and why is not None:
            self._refuse(frame.f_code, frame.f_lineno, f"{why}; call it outside")
        return self._line

    def _refuse(self, code: CodeType, line: int, what: str) -> None:
        place = f"{Path(code.co_filename).name}:{line} in {code.co_name}"
        self.refused = CompileError(f"{place}: {what} the compiled function.")
        raise self.refused


def _doubtful(code: CodeType, scope: dict[str, Any]) -> dict[int, str]:
    """By line, what a trace cannot repeat."""
    found = {}
    for name, attribute, line in names_of(code).loaded:
        value = scope.get(name, getattr(builtins, name, None))
        if attribute and isinstance(value, ModuleType) and value.__name__ == "time":
            value = getattr(value, attribute, None)
        if attribute in _CLOCKS and getattr(value, "__module__", name) == "datetime":
            found[line] = f"{attribute}() {_FROZEN}"
        elif isinstance(value, BuiltinFunctionType) and value in _CALLS:
            found[line] = f"{value.__name__}() {_CALLS[value]}"
    return found


@contextmanager
def refusing() -> Iterator[Refusing]:
    """In this block what a trace cannot repeat raises.

    Raises:
        CompileError: naming the line of the user's code.
    """
    watcher, outer, before = Refusing(), sys.gettrace(), _hidden_state()
    sys.settrace(watcher.hook())
    try:
        yield watcher
    except CompileError as error:
        raise (error if error is watcher.refused else _placed(error)) from None
    except AttributeError as error:
        if not isinstance(error.obj, Symbol):
            raise
        raise _placed(error, f"On paper there is no memory, so no {error.name} of it.") from None
    finally:
        sys.settrace(outer)
    if watcher.refused is not None:
        raise watcher.refused
    _unchanged(before)


def _placed(error: Exception, said: str = "") -> CompileError:
    """The same refusal, or another one, with the nearest line of the user's code in front."""
    place, entry = "", error.__traceback__
    while entry is not None:
        code = entry.tb_frame.f_code
        if is_users(code.co_filename):
            place = f"{Path(code.co_filename).name}:{entry.tb_lineno} in {code.co_name}: "
        entry = entry.tb_next
    return CompileError(place + (said or str(error)))


def _hidden_state() -> dict[str, Any]:
    """What no variable shows, but a function may change."""
    return {
        "draws from Python's random": _random().getstate() if _random() else None,
        "draws from numpy.random": [part.tobytes() if isinstance(part, numpy.ndarray) else part
                                    for part in numpy.random.get_state()],
        "seeds or draws from the default generator outside of a tensor operation": (
            default_generator.bits,
            str(default_generator.bits.bit_generator.state),
        ),
        "changes set_grad_enabled": tape.is_recording(),
        "changes the default dtype": dtypes.get_default_dtype(),
    }


def _random() -> Any:
    return sys.modules.get("random")


def _unchanged(before: dict[str, Any]) -> None:
    for what, state in _hidden_state().items():
        if state != before[what]:
            raise CompileError(
                f"The function {what}, which would happen once, at the trace, and not at each "
                "call; use minidl.rand and its kin, and settings outside of the function."
            )
