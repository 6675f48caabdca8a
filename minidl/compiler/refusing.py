"""What a trace cannot repeat is refused as soon as it is about to happen, with the user's line."""

import builtins
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from traceback import walk_tb
from types import CodeType, FrameType
from typing import Any, final

import numpy

from .. import dtypes, tape
from ..errors import CompileError
from ..ops import default_generator
from .reading import is_users, names_of

_CALLS = {
    **dict.fromkeys((builtins.print, builtins.input, builtins.open), "happens once, at the trace"),
    **dict.fromkeys(
        (time.time, time.time_ns, time.perf_counter, time.perf_counter_ns, time.monotonic,
         time.process_time), "would be the time of the trace for ever"
    ),
}  # fmt: skip
_CLOCKS = {"datetime.now", "datetime.utcnow", "date.today"}


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

    def __call__(self, frame: FrameType, event: str, arg: Any) -> None:
        """What `sys.setprofile` calls at every call of a function."""
        code = frame.f_code
        if event == "call" and code not in self.ran and is_users(code.co_filename):
            self.ran[code] = frame.f_globals
            for name, line in names_of(code).stored:
                self._refuse(code, line, f"the global '{name}' is assigned; return it instead")
        elif event == "c_call" and is_users(code.co_filename):
            why = _CALLS.get(arg)
            if getattr(arg, "__qualname__", "") in _CLOCKS:
                why = "would be the time of the trace for ever"
            if why is not None:
                self._refuse(code, frame.f_lineno, f"{arg.__name__}() {why}; call it outside")

    def _refuse(self, code: CodeType, line: int, what: str) -> None:
        place = f"{Path(code.co_filename).name}:{line} in {code.co_name}"
        self.refused = CompileError(f"{place}: {what} the compiled function.")
        raise self.refused


@contextmanager
def refusing() -> Iterator[Refusing]:
    """In this block what a trace cannot repeat raises.

    Raises:
        CompileError: naming the line of the user's code.
    """
    watcher, outer, before = Refusing(), sys.getprofile(), _hidden_state()
    sys.setprofile(watcher)
    try:
        yield watcher
    except CompileError as error:
        raise (error if error is watcher.refused else _placed(error)) from None
    finally:
        sys.setprofile(None)
        if hasattr(outer, "enable"):
            outer.enable()  # type: ignore[union-attr]
        elif outer is not None:
            sys.setprofile(outer)
    if watcher.refused is not None:
        raise watcher.refused
    _unchanged(before)


def _placed(error: CompileError) -> CompileError:
    """The same refusal with the nearest line of the user's code in front."""
    place = ""
    for frame, line in walk_tb(error.__traceback__):
        code = frame.f_code
        if is_users(code.co_filename):
            place = f"{Path(code.co_filename).name}:{line} in {code.co_name}: "
    return CompileError(place + str(error))


def _hidden_state() -> dict[str, Any]:
    """What no variable shows, but a function may change."""
    return {
        "draws from Python's random": _random().getstate() if _random() else None,
        "draws from numpy.random": str(numpy.random.get_state(legacy=False)["state"]),
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
