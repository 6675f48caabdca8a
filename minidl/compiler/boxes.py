"""Containers with a copy of what was in them, to find what changed and to put it back."""

from operator import length_hint
from types import CellType, GeneratorType
from typing import Any, NamedTuple, final

EMPTY = object()  # what a variable holds that was not assigned yet


@final
class Check(NamedTuple):
    """Something to look at before a call: whether it still is what the trace saw.

    Attributes:
        kind: how to look, see `guards`.
        holder, key: where.
        value: what must be there.
        path: how a person would call it.
    """

    kind: str
    holder: Any
    key: Any
    value: Any
    path: str


@final
class Box(NamedTuple):
    """A container as it was.

    Attributes:
        kind: "list", "dict", "state", "set", "object", "slots", "cell", "name"; or "iterator",
            "cache", "random", whose state can be compared only.
        holder: the container; for "name" a dictionary of globals and the name.
        before: a copy of its contents.
        path: how a person would call it.
    """

    kind: str
    holder: Any
    before: Any
    path: str

    @staticmethod
    def content(cell: CellType) -> Any:
        """What a closure's variable holds."""
        try:
            return cell.cell_contents
        except ValueError:
            return EMPTY

    @staticmethod
    def place(iterator: Any) -> Any:
        """Where an iterator stands, as far as it can be told without moving it."""
        if isinstance(iterator, GeneratorType):
            frame = iterator.gi_frame
            return -1 if frame is None else frame.f_lasti
        return repr(iterator), length_hint(iterator, -1)

    def now(self) -> Any:
        """The contents as they are."""
        kind, holder = self.kind, self.holder
        if kind in ("dict", "state"):
            return holder
        if kind == "object":
            return vars(holder)
        if kind == "cell":
            return Box.content(holder)
        if kind == "name":
            return holder[0].get(holder[1], EMPTY)
        if kind == "slots":
            return {k: getattr(holder, k) for k in self.before if hasattr(holder, k)}
        if kind == "cache":
            return holder.cache_info().misses
        if kind == "random":
            return str(holder.bit_generator.state)
        return Box.place(holder) if kind == "iterator" else holder

    def changes(self) -> list[tuple[Any, Any, Any]]:
        """(key, before, now) of whatever is not the same object any more."""
        before, now = self.before, self.now()
        if isinstance(before, dict):
            keys = [*before, *(k for k in now if k not in before)]
            pairs = [(k, before.get(k, EMPTY), now.get(k, EMPTY)) for k in keys]
            return [(k, old, new) for k, old, new in pairs if old is not new]
        if self.kind in ("cell", "name"):
            return [] if before is now else [(None, before, now)]
        if self.kind == "list":
            same = len(before) == len(now) and all(a is b for a, b in zip(before, now, strict=True))
            return [] if same else [(None, before, list(now))]
        return [] if before == now else [(None, before, now)]

    def restore(self) -> None:
        """Puts everything back as it was."""
        if not self.changes():
            return
        kind, holder, before = self.kind, self.holder, self.before
        if kind == "list":
            holder.clear()
            holder.extend(before)
        elif kind in ("dict", "state", "set", "object"):
            contents = vars(holder) if kind == "object" else holder
            contents.clear()
            contents.update(before)
        elif kind == "slots":
            for name, value in before.items():
                setattr(holder, name, value)
        elif kind == "name":
            scope, name = holder
            scope[name] = before
        elif kind == "cell" and before is not EMPTY:
            holder.cell_contents = before
        elif kind == "cache":
            holder.cache_clear()
