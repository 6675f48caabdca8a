"""How nests grow: a member enters the nest that makes what it reads, until some kernel must wait.

A nest stays open while nothing outside asks for its results, so that later calls can still join.
"""

from __future__ import annotations

from collections import Counter
from math import prod
from typing import Any, final

from .kernels import Fill
from .nests import LIMIT, Member, Nest, Operand, is_chain, row_of, same_places
from .views import View


@final
class Growing:
    """The kernels in the order in which they run, and the nests that are still open.

    Attributes:
        asking: the primitive that is being lowered.
        reasons: why results went through memory instead of staying in a loop, and how often.
    """

    def __init__(self) -> None:
        self.kernels: list[Any] = []
        self.open: list[Nest] = []
        self.asking = ""
        self.reasons: Counter[str] = Counter()

    def require(self, view: View) -> None:
        """Closes the nests that write a buffer, and has their results there stored."""
        for member in view.buffer.made.values():
            self.store(member, f"{self.asking} reads it whole")
        for kernel in view.buffer.writers:
            if kernel.position is None:
                self.close(kernel)

    def store(self, member: Member, reason: str) -> None:
        """Has a result written to memory."""
        if not member.stored:
            self.reasons[reason] += 1
        member.stored = True

    def enter(self, member: Member, columns: int | None = None) -> None:
        """Brings a member into a nest that makes what it reads, or into a new one."""
        for nest in self._candidates(member):
            level = self._level(nest, member, columns)
            if level is not None and self._may_join(nest, member):
                self._join(nest, member, level, columns)
                return
        nest = Nest(prod(member.shape))
        if member.kind == "fold":
            nest.columns = columns
        self.open.append(nest)
        self._join(nest, member, "row" if member.kind == "fold" else "full", columns)

    def _candidates(self, member: Member) -> list[Nest]:
        found: dict[int, Nest] = {}
        for operand in member.operands:
            maker = _maker(operand)
            if maker is not None:
                found[id(maker.nest)] = maker.nest
        nests = list(found.values())
        if len(nests) > 1:
            self._merge(nests, member)
            nests = list({id(n): n for o in member.operands
                          if (m := _maker(o)) is not None for n in [m.nest]}.values())  # fmt: skip
        return sorted(nests, key=lambda n: (n.position is None, n.position or 0, -len(n.members)),
                      reverse=True)  # fmt: skip

    def _level(self, nest: Nest, member: Member, columns: int | None) -> str | None:
        """At which level a member could be part of a nest; None where it cannot."""
        if len(nest.members) >= LIMIT:
            return None
        size = prod(member.shape)
        if nest.position is not None and member.kind == "map" and size == nest.size:
            return None  # made so early it would be kept for long; made late it costs no memory
        level = "full" if size == nest.size else "row"
        if level == "row" and (nest.columns is None or size != nest.rows or nest.columns == 1):
            return None
        if member.kind == "fold" and (level == "row" or nest.columns not in (None, columns)):
            return None
        if not nest.fits(member.shape, level, columns):
            return None
        for operand in member.operands:
            maker = _maker(operand)
            if maker is None or maker.nest is not nest:
                continue
            if maker.kind == "collect" or not _at_hand(nest, maker, operand, level):
                return None
        if member.kind == "fold":
            return "row"
        return level

    def _may_join(self, nest: Nest, member: Member) -> bool:
        """Whether everything else that a member needs can be there before its nest runs."""
        for kernel in member.view.buffer.writers:  # zeros come before what is written over them
            if isinstance(kernel, Fill) and nest.position is not None:
                if kernel.position > nest.position:  # type: ignore[operator]
                    return False
        for operand in member.operands:
            for view in operand.views:
                for kernel in view.buffer.writers:
                    if kernel is nest:
                        if _maker(operand) is None or _maker(operand).nest is not nest:  # type: ignore[union-attr]
                            return False
                    elif nest.position is not None:
                        if kernel.position is None or kernel.position >= nest.position:
                            return False
                    elif kernel.position is None and reaches(kernel, nest):
                        return False
        return True

    def _join(self, nest: Nest, member: Member, level: str, columns: int | None) -> None:
        if member.kind == "fold":
            nest.columns = columns
        nest.add(member, level)
        for operand in member.operands:
            maker = _maker(operand)
            if maker is not None and maker.nest is nest:
                operand.member = maker
            else:
                for view in operand.views:
                    for made in view.buffer.made.values():
                        self.store(made, _hindrance(made, member))
        view = member.view
        if nest not in view.buffer.writers:
            view.buffer.writers.append(nest)
        view.buffer.made[view.offset] = member
        if view.size != view.buffer.size or view.buffer.kind == "output":
            member.stored = True

    def _merge(self, nests: list[Nest], member: Member) -> None:
        """Makes open nests one, if a member wants the results of all and none waits for another."""
        first = nests[0]
        size = prod(member.shape)
        for other in nests[1:]:
            both = (first, other)
            if any(n.position is not None or n.size != size for n in both):
                continue
            if None not in (first.columns, other.columns) and first.columns != other.columns:
                continue
            if len(first.members) + len(other.members) >= LIMIT:
                continue
            if not is_chain(first.cuts | other.cuts):
                continue
            if reaches(first, other) or reaches(other, first):
                continue
            first.cuts |= other.cuts
            first.columns = first.columns or other.columns
            for moved in other.members:
                moved.nest, moved.number = first, len(first.members)
                first.members.append(moved)
                writers = moved.view.buffer.writers
                moved.view.buffer.writers = [k for k in writers if k is not other]
                if first not in moved.view.buffer.writers:
                    moved.view.buffer.writers.append(first)
            self.open.remove(other)

    def close(self, nest: Nest) -> None:
        """Puts a nest into the program, after those it reads from."""
        waiting = [nest]
        while waiting:
            top = waiting[-1]
            if top.position is not None:
                waiting.pop()
                continue
            before = [k for k in feeding(top) if k.position is None]
            if before:
                waiting += before
            else:
                self.append(top)
                self.open.remove(top)
                waiting.pop()

    def close_all(self) -> None:
        for nest in list(self.open):
            self.close(nest)

    def release(self) -> None:
        """Takes kernels and buffers apart, which know each other in circles, once text is written:
        they would wait for Python's collector while the program takes its memory."""
        for kernel in self.kernels:
            for buffer in (*kernel.reads, *kernel.writes):
                buffer.writers.clear()
                buffer.made.clear()
        for kernel in self.kernels:
            if isinstance(kernel, Nest):
                kernel.members.clear()
        self.kernels.clear()

    def append(self, kernel: Any) -> None:
        """Puts a kernel at the end of the program."""
        kernel.position = len(self.kernels)
        self.kernels.append(kernel)
        for buffer in kernel.writes:
            if kernel not in buffer.writers:
                buffer.writers.append(kernel)


def reaches(start: Any, end: Any) -> bool:
    """Whether an open nest waits, perhaps through others, for another."""
    seen, stack = set(), [start]
    while stack:
        kernel = stack.pop()
        if kernel is end:
            return True
        if id(kernel) in seen or kernel.position is not None:
            continue
        seen.add(id(kernel))
        stack += feeding(kernel)
    return False


def feeding(nest: Nest) -> list[Any]:
    """The kernels that write what a nest reads."""
    return [k for buffer in nest.reads for k in buffer.writers if k is not nest]


def _hindrance(maker: Member, member: Member) -> str:
    """Why a result could not be handed on within a loop."""
    if maker.kind == "collect":
        return "a sum over many rows is known when all are done"
    if len(maker.nest.members) >= LIMIT:
        return f"a loop holds {LIMIT} calls at most"
    if prod(member.shape) not in (maker.nest.size, maker.nest.rows):
        return "it is read by a loop over another number of places"
    return "it is read in another order, or between two loops that wait for each other"


def _maker(operand: Operand) -> Member | None:
    """The member of a nest whose result an operand looks at, plainly."""
    if operand.indices or operand.counted:
        return None
    return operand.view.buffer.made.get(operand.view.offset)


def _at_hand(nest: Nest, maker: Member, operand: Operand, level: str) -> bool:
    """Whether a member of a nest has the number that an operand wants when it wants it."""
    if maker.level == level:
        return same_places(nest, maker, operand.view)
    if maker.level == "row" and nest.columns is not None:
        row = row_of(operand.view, nest.columns)
        return row is not None and same_places(nest, maker, row)
    return False
