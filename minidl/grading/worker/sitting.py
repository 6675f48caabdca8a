"""Inside the sandbox: one learner's cells are run, then asked what the judge wants to know.

Everything here happens beside the learner's code and may be bent by it. So nothing here is
believed: the judge takes what comes back as bytes, and compares it with what it knows itself.
"""

from __future__ import annotations

import sys
import types
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, final

from .. import limits
from ..running import Outcome, attempt
from ..spec import Part
from ..wire import protocol
from ..wire.packing import TooLarge, frame
from .cells import run_cell
from .rebuilding import rebuild
from .withholding import withhold

LEAST = 5.0  # seconds by the clock for any question: many workers may share a machine


@final
@dataclass(frozen=True)
class Wire:
    """Both ends of the wire: `receive(n)` gives n bytes, `send` takes some."""

    receive: Callable[[int], bytes]
    send: Callable[[bytes], None]

    def read(self) -> Any:
        """The judge's next word; it is trusted, so it may be long."""
        return protocol.read(self.receive, protocol.TRUSTED)

    def write(self, value: Any) -> None:
        """Says something to the judge."""
        self.send(frame(value))


def sit(wire: Wire) -> None:
    """Takes the setting, plays the cells, answers where it is told to stop."""
    limits.LEAST = LEAST
    setting = wire.read()
    withhold(setting["withheld"])
    runs = rebuild(setting["runs"], setting["files"])
    namespace = _main()
    slow: list[int] = []
    for position, source, whole, seconds, stop in setting["cells"]:
        if source:
            wire.write(["cell", position])
            if not run_cell(source, position, namespace, whole, seconds):
                slow.append(position)
        if stop:
            missing = [name for name in setting["entries"][stop] if name not in namespace]
            wire.write(["ready", stop, missing, slow])
            present = set(setting["entries"][stop]) - set(missing)
            code = types.SimpleNamespace(**{name: namespace[name] for name in present})
            while question := wire.read():
                wire.send(_answer(question, runs[question["part"]], code))


def _main() -> dict[str, Any]:
    """The namespace in which a notebook's cells run."""
    module = types.ModuleType("__main__")
    sys.modules["__main__"] = module
    return vars(module)


def _answer(question: Mapping[str, Any], run: Callable, code: types.SimpleNamespace) -> bytes:
    """The outcome as a frame, each piece of it short enough for the wire."""
    most = {"seconds": question["seconds"], "mutates": question["mutates"]}
    part = Part(question["part"], "", lambda rng: {}, run, dict, **most)
    try:
        outcome = attempt(part, code, question["inputs"])
    except Exception as error:  # a thing that makes trouble even when it is looked at
        outcome = Outcome("error", None, f"{type(error).__name__}", type(error).__name__)
    head = ["answer", question["nonce"]]
    said = [outcome.status, outcome.sentence[:4000], outcome.error[:200], outcome.words[:4000]]
    try:
        return frame([*head, *said, outcome.printed[:4000], outcome.value])
    except TooLarge as error:
        kind, sentence = "TooLarge", f"{error}."
    except Exception as error:
        kind = sentence = type(error).__name__
    return frame([*head, "error", sentence, kind, "", "", None])
