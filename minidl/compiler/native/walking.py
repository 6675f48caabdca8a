"""How a nest walks through memory: which loops there are, what is known when, and what is read.

A phase ends where a fold must be complete before anything can go on: softmax has three. Numbers
that a later phase needs are computed again where that is cheap, else kept for the length of a row.
What becomes of it in C is written in loops.py.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any

import numpy as np

from ...backend import category
from .letters import c_type, literal
from .nests import Member, Nest, Operand
from .views import Buffer, View

START = {"add": lambda kind: literal(0, kind), "max": lambda kind: _end(kind, -1),
          "min": lambda kind: _end(kind, 1)}  # fmt: skip


def _end(kind: np.dtype, sign: int) -> str:
    """The smallest (or largest) number of a dtype."""
    if category(kind) == 2:
        return literal(sign * float("inf"), kind)
    if kind.kind == "b":
        return "1" if sign > 0 else "0"
    limits = np.iinfo(kind)
    if kind.itemsize == 8:
        return "INT64_MAX" if sign > 0 else "INT64_MIN"
    return str(limits.max if sign > 0 else limits.min)


def joined(join: str, kind: np.dtype, a: str, b: str) -> str:
    """The text that joins two numbers of a fold."""
    return f"{a} + {b}" if join == "add" else f"{join}_{kind.name}({a}, {b})"


class Walk(ABC):
    """Abstract: the function of a nest, in a language of which an emitter writes the loops.

    Attributes:
        text: the function's body, with its parameters' names but without its own.
        arguments: per parameter (C type, view or buffer): what it points to.
        count: how many rows (or places, where there are no rows) are shared.
        flat: whether there are no rows.
        collects: the members whose sums go across rows.
        phases: per member, the phase in which it is known.
        needed: per full member and fold, the phases whose loop it is part of.
        integer: the type of an index.
        memory: places of a row that are kept for a later phase at most.
        dear: from which cost on a number is kept rather than computed again.
    """

    integer = "long"
    memory = 2**14
    dear = 4

    def __init__(self, nest: Nest):
        self.nest = nest
        self.arguments: list[tuple[str, Buffer, int]] = []
        self.collects = [m for m in nest.members if m.kind == "collect"]
        self.checks = False
        self._names: dict[tuple[int, int, bool], str] = {}
        self._loads: dict[Any, str] = {}
        self._steps: dict[Any, list[int]] = {}
        self._kept: dict[Member, str] = {}
        self._last: dict[Member, int] = {}  # the last phase that reads a member
        self._plan()
        self.phases, self.weight = self._find_phases(), self._find_weights()
        self.needed = self._find_needed()
        self.text = "\n".join(self._function())

    @abstractmethod
    def _function(self) -> Iterator[str]:
        """The lines of the function's body."""

    # Which loops there are ------------------------------------------------------------------------

    def _plan(self) -> None:
        """Joins loops that every view walks through as one, and says which are rows."""
        nest = self.nest
        accesses = []
        for member in nest.members:
            for operand in member.operands:
                if operand.member is None:
                    accesses += [nest.steps(v, member.level_of_operands) for v in _all(operand)]
            if member.kind == "collect":
                accesses.append(nest.steps(member.into, member.level))
            elif member.stored:
                accesses.append(nest.steps(member.view, member.level))
        dims = nest.dims
        columns = nest.columns
        groups: list[list[int]] = []  # of neighbours
        inner = len(dims)
        if columns is not None:
            behind = 1
            while inner and behind < columns:
                inner -= 1
                behind *= dims[inner]
        for d in range(len(dims)):
            follows = groups and d != inner and all(
                a[d - 1] == a[d] * dims[d] for a in accesses
            )  # fmt: skip
            if follows:
                groups[-1].append(d)
            else:
                groups.append([d])
        self.groups = groups
        sizes = [int(np.prod([dims[d] for d in group])) for group in groups]
        firsts = [group[0] for group in groups]
        if columns is None:
            rows = max(len(groups) - 1, 0)
        else:
            rows = sum(first < inner for first in firsts)
        self.row_sizes, self.column_sizes = sizes[:rows], sizes[rows:]
        self.flat = columns is None and rows == 0 and not self._row_members()
        self.width = int(np.prod(self.column_sizes)) if self.column_sizes else 1
        self.count = nest.size if self.flat else nest.size // self.width

    def _row_members(self) -> bool:
        return any(m.level == "row" for m in self.nest.members)

    def _walk(self, view: View, level: str) -> tuple[list[int], list[int]]:
        """The steps of a view for the loops over rows and for those over columns."""
        steps = self.nest.steps(view, level)
        joined = [steps[group[-1]] for group in self.groups]
        return joined[: len(self.row_sizes)], joined[len(self.row_sizes) :]

    # What is known when ---------------------------------------------------------------------------

    def _find_phases(self) -> dict[Member, int]:
        """For each member, the phase in which it is known; a fold is known in the next."""
        phases: dict[Member, int] = {}
        for member in self.nest.members:
            before = [phases[o.member] for o in member.operands if o.member is not None]
            phases[member] = max(before, default=0) + (member.kind == "fold")
        return phases

    def _find_needed(self) -> dict[Member, set[int]]:
        """For each full member and fold, the phases whose loop it is part of.

        A full member that later phases need is kept, or computed there again if it costs little.
        """
        needed: dict[Member, set[int]] = {}
        for member in reversed(self.nest.members):
            wanted = needed.setdefault(member, set())
            if member.kind == "fold":
                wanted.add(self.phases[member] - 1)
            elif member.level == "full":
                if member.stored:
                    wanted.add(self.phases[member])
                if wanted and self._dear(member):
                    needed[member] = wanted = {self.phases[member]}
            else:
                continue
            for operand in member.operands:
                if operand.member is not None and operand.member.level == "full":
                    needed.setdefault(operand.member, set()).update(wanted)
                    self._last[operand.member] = max(
                        self._last.get(operand.member, 0), max(wanted, default=0)
                    )
        return needed

    def _dear(self, member: Member) -> bool:
        """Whether a number is better kept than computed a second time."""
        return self.weight[member] >= self.dear and self.width <= self.memory

    def _find_weights(self) -> dict[Member, int]:
        weight: dict[Member, int] = {}
        for member in self.nest.members:
            inner = [o.member for o in member.operands if o.member is not None]
            weight[member] = member.cost + sum(weight[m] for m in inner if m.level == "full")
        return weight

    # What is read ---------------------------------------------------------------------------------

    def _row_indices(self, lines: list[str]) -> Iterator[str]:
        """The index of each loop over rows, from the number of the row."""
        text = "\n".join(lines)
        if len(self.row_sizes) < 2:
            return
        behind = 1
        for d in range(len(self.row_sizes) - 1, -1, -1):
            n = self.row_sizes[d]
            if f"i{d}" in text:
                whole = "r" if behind == 1 else f"r / {behind}"
                yield f"    const {self.integer} i{d} = {whole if d == 0 else f'({whole}) % {n}'};"
            behind *= n

    def _loads_of(self, member: Member) -> Iterator[str]:
        """What a member reads once in a row: pointers to places, numbers that hold for all."""
        level = member.level_of_operands
        for operand in member.operands:
            key = _key(operand, level)
            if operand.member is None and key not in self._loads:
                yield from self._load(key, operand, level)

    def _load(self, key: Any, operand: Operand, level: str) -> Iterator[str]:
        number = len(self._loads)
        rows, columns = self._walk(operand.view, level)
        place = self._row_place(rows)
        shift, fixed = "", True
        for k, (view, bound, step) in enumerate(operand.indices):
            index_rows, index_columns = self._walk(view, level)
            name = f"n{number}_{k}"
            pointer = f"{self._argument(view)}{self._row_place(index_rows)}"
            read = lambda at, p=pointer, b=bound: f"in_bounds(*({p}{at}), {b}, status)"
            self.checks = True
            if any(index_columns):
                fixed = False
                shift += f" + {read(_column_place(index_columns, self.column_sizes))} * {step}"
            else:
                yield f"    const int64_t {name} = {read('')};"
                shift += f" + {name} * {step}"
        if operand.counted:
            base = f"INT64_C({operand.view.offset}){place}"
            if not any(columns):
                yield f"    const int64_t x{number} = {base};"
                self._loads[key] = f"x{number}"
            else:
                self._loads[key] = f"({base}@)"
                self._steps[key] = columns
            return
        kind = c_type(operand.dtype)
        pointer = f"{self._argument(operand.view)}{place}"
        if not any(columns) and fixed:
            text = f"*({pointer}{shift})"
            if operand.bound is not None:
                self.checks = True
                text = f"in_bounds({text}, {operand.bound}, status)"
            yield f"    const {kind} x{number} = {text};"
            self._loads[key] = f"x{number}"
            return
        if fixed:
            yield f"    const {kind}* p{number} = {pointer}{shift};"
            text = f"p{number}[@]"
        else:
            text = f"*({pointer}{shift} @)"
        if operand.bound is not None:
            self.checks = True
            text = f"in_bounds({text}, {operand.bound}, status)"
        self._loads[key] = text
        self._steps[key] = columns

    def _row_place(self, steps: list[int]) -> str:
        """The shift of a pointer to the row's begin."""
        index = "r" if len(self.row_sizes) < 2 else None
        terms = [
            f" + {index or f'i{d}'} * {step}"
            for d, step in enumerate(steps)
            if step and self.row_sizes[d] > 1
        ]
        return "".join(terms)

    def _row_text(self, operand: Operand) -> str:
        if operand.member is not None:
            return f"f{operand.member.number}"
        return self._loaded(operand, "row")

    def _loaded(self, operand: Operand, level: str) -> str:
        """A number that was read from memory and holds for all places of a row."""
        return self._loads[_key(operand, level)].replace("@", "0")

    def _read(
        self, operand: Operand, at: str, known: set[Member], read: dict[str, str]
    ) -> Iterator[str]:
        """Reads a number before anything is done, whatever will be asked of it: a load that hangs
        on a condition is no vector's."""
        text = self._text(operand, at, known)
        if text in read:
            return
        if text[0] in "vfx" and text[1:].isdigit():
            read[text] = text
            return
        name = read[text] = f"l{len(read)}"
        yield f"      const {c_type(operand.dtype)} {name} = {text};"

    def _recalled(self, member: Member, at: str) -> str:
        """A number that an earlier phase kept."""
        return f"{self._kept[member]}[{at}]"

    def _text(self, operand: Operand, at: str, known: set[Member]) -> str:
        source = operand.member
        if source is not None:
            if source.level == "row":
                return f"f{source.number}"
            if source in known:
                return f"v{source.number}"
            return self._recalled(source, at)
        key = _key(operand, "full")
        text = self._loads[key]
        if "@" not in text:
            return text
        place = _column_place(self._steps[key], self.column_sizes, at)
        return text.replace("[@]", f"[{place[3:] or 0}]").replace("@", place)

    # Where results go -----------------------------------------------------------------------------

    def _into(self, member: Member) -> tuple[list[int], list[int]]:
        return self._walk(member.into, member.level)

    def _store_place(self, member: Member, view: View, at: str) -> str:
        rows, columns = self._walk(view, "full")
        base = f"{self._argument(view, True)}{self._row_place(rows)}"
        place = _column_place(columns, self.column_sizes, at)
        return f"*({base}{place})"

    # Parameters -----------------------------------------------------------------------------------

    def _argument(self, view: View, written: bool = False) -> str:
        """The parameter that points to a view's first number."""
        key = (id(view.buffer), view.offset, written)
        if key not in self._names:
            self._names[key] = f"{'z' if written else 'in'}{len(self._names)}"
            const = "" if written else "const "
            self.arguments.append((f"{const}{c_type(view.dtype)}*", view.buffer, view.offset))
        return self._names[key]

    @property
    def names(self) -> list[str]:
        return list(self._names.values())


class Rows(Walk):
    """Abstract: the function of a nest that walks row by row, and through each row in phases."""

    @abstractmethod
    def _row_member(self, member: Member) -> Iterator[str]:
        """A number that is computed once for a row."""

    @abstractmethod
    def _phase(self, inside: list[Member], phase: int) -> Iterator[str]:
        """The loop over a row's places in one phase."""

    def _whole_row(self) -> Iterator[str]:
        """What is done for one row: its indices, and all phases."""
        lines = list(self._phases_of_row())
        yield from self._row_indices(lines)
        yield from lines

    def _phases_of_row(self) -> Iterator[str]:
        members = self.nest.members
        for member in members:
            yield from self._loads_of(member)
        for phase in range(max(self.phases.values(), default=0) + 1):
            for member in members:
                if member.level == "row" and member.kind != "fold" and self.phases[member] == phase:
                    yield from self._row_member(member)
            inside = [m for m in members if phase in self.needed.get(m, ())]
            if inside:
                yield from self._phase(inside, phase)

    def _rooms(self, inside: list[Member], phase: int, size: int) -> Iterator[str]:
        """Room for what this phase computes and later ones recall."""
        for member in inside:
            if self._last.get(member, 0) > self.phases[member] == phase and self._dear(member):
                yield f"    {c_type(member.dtype)} k{member.number}[{size}];"
                self._kept[member] = f"k{member.number}"


def _all(operand: Operand) -> list[View]:
    return [operand.view, *(view for view, _, _ in operand.indices)]


def _key(operand: Operand, level: str) -> Any:
    """What makes two loads the same."""
    views = [(id(v.buffer), v.offset, v.shape, v.steps) for v in _all(operand)]
    return (tuple(views), operand.counted, operand.bound, level)


def _column_place(steps: list[int], sizes: list[int], at: str = "c") -> str:
    """The shift of a pointer from a row's begin to one of its places."""
    dims: list[tuple[int, int]] = []  # neighbours that are one walk are one dimension
    for n, step in zip(sizes, steps, strict=True):
        if dims and dims[-1][1] == step * n:
            dims[-1] = (dims[-1][0] * n, step)
        else:
            dims.append((n, step))
    terms, behind = [], 1
    for d in range(len(dims) - 1, -1, -1):
        n, step = dims[d]
        if step and n > 1:
            index = at if behind == 1 else f"{at} / {behind}"
            index = index if d == 0 else f"({index}) % {n}"
            index = f"({index})" if " " in index else index
            terms.append(f" + {index}" if step == 1 else f" + {index} * {step}")
        behind *= n
    return "".join(terms)
