"""One compiled meaning of a function: a program, and when it holds."""

from functools import lru_cache
from threading import RLock
from typing import Any, final

from .arguments import Arguments
from .calling import Call, Moved as Moved
from .capture import Capture
from .emitting import prepared
from .graph import Graph
from .guards import MISS as MISS
from .program import Ends
from .reach import Reach
from .results import Place, written


@final
class Entry:
    """A program with its guards.

    Attributes:
        capture: the trace it was made from.
        place: the device that it works on.
        program: what runs; notes: why it is not of the kind asked for.
        call: (args, kwargs, trusted=False) -> the result, or `MISS`; trusted: look at nothing.
        text: the source of `call`.
    """

    def __init__(self, capture: Capture, arguments: Arguments, backend: str):
        self.capture = capture
        self.replay: Any = None
        self.place = capture.place
        if capture.pullback is not None:
            from .replay import Replay  # most steps walk back themselves

            self.replay = Replay(capture, backend)
        self.program, self.notes = prepared(
            capture.graph, capture.targets, backend, self.place, ends_of(capture, self.replay)
        )
        self.lock = RLock()
        self.memory: dict[int, Any] = {}
        # whose gradient is set must be a leaf: behind another the walk back would go on
        roles = enumerate(capture.roles)
        given = {i for i, role in roles if role.source.kind == "argument"}
        set_ = [e.index for e in capture.effects if e.kind == "grad" and e.value is not None]
        self.leaves = [i for i in set_ if i in given]
        self.prints = [*arguments.prints, *capture.reach.prints]
        self.presence = self._gradients_present(arguments, capture.reach)
        self.rebase(arguments, capture.reach)

    @property
    def graph(self) -> Graph:
        """What the passes make of the trace."""
        from .passes import optimise

        return optimise(self.capture.graph)

    def tensor(self, number: int, arguments: Arguments, found: Reach) -> Any:
        """The tensor that now plays the part of a subject of the trace."""
        source = self.capture.roles[number].source
        if source.kind == "grad":
            return self.tensor(source.index, arguments, found).grad
        holders = {"argument": arguments.tensors, "state": found.tensors}
        return holders.get(source.kind, self.capture.extras)[source.index]

    def _gradients_present(self, arguments: Arguments, found: Reach) -> dict[int, bool]:
        """Which tensors have a gradient, where the function depends on it."""
        if not self.capture.gradients_matter:
            return {}
        parts = [i for i, role in enumerate(self.capture.roles)
                 if role.source.kind != "grad" and role.held]  # fmt: skip
        return {i: self.tensor(i, arguments, found).grad is not None for i in parts}

    def fits(self, arguments: Arguments, found: Reach) -> bool:
        """Whether a walk found what the trace had found."""
        prints = [*arguments.prints, *found.prints]
        return (
            prints == self.prints
            and self._gradients_present(arguments, found) == self.presence
            and all(self.tensor(i, arguments, found).node is None for i in self.leaves)
        )

    def difference(self, arguments: Arguments, found: Reach) -> str:
        """What is not as it was, in a few words."""
        then, now = self.prints, [*arguments.prints, *found.prints]
        for (path, before), (where, after) in zip(then, now, strict=False):
            if path != where:
                return f"{where} stands where {path} stood"
            if before != after:
                return f"{path} was {before!r:.60} and is {after!r:.60}"
        if len(then) != len(now):
            return f"{len(now)} things are reached instead of {len(then)}"
        return "other tensors have a gradient, or a history"

    def rebase(self, arguments: Arguments, found: Reach) -> None:
        """Makes the call anew, for tensors and containers that play the same parts as before."""
        made = Call(self, arguments, found)
        self.text, scope = made.text(), made.scope()
        exec(_code(self.text), scope)
        self.call = scope["call"]


def ends_of(capture: Capture, replay: Any) -> Ends:
    """Where a trace's inputs come from, and which of its outputs are results and nothing else."""
    positions = range(len(capture.sources))
    numbers = [p for p in positions if capture.is_number(p)]
    given = [p for p in positions if p not in numbers and capture.is_given(p)]
    shown: list[int] = []
    written(capture.pattern, lambda x: shown.append(x.index) or "" if isinstance(x, Place) and
            x.kind == "output" else "")  # fmt: skip
    effects = [e.value[0] if isinstance(e.value, tuple) else e.value for e in capture.effects
               if e.kind in ("write", "grad", "number")]  # fmt: skip
    others = {*effects, *([] if replay is None else [*replay.outputs, *replay.saved])}
    taken = [n for n in dict.fromkeys(shown) if shown.count(n) == 1 and n not in others]
    return Ends(numbers, given, taken)


@lru_cache(maxsize=256)
def _code(text: str) -> Any:
    return compile(text, "<minidl.compile>", "exec")
