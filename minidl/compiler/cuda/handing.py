"""Arrays that a call brings along, and those that it takes: kernels are told where they lie.

A copy asked of CuPy takes as long as a dozen kernels. So where arrays lie is written down beside
the numbers of a call, and the captured kernels look there. What libraries read or write must always
lie at one place: such arrays are copied by a kernel. So are those that are read while others are
changed in place, since an argument may show the memory of a parameter.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod
from typing import Any

from ..native.letters import c_type
from ..native.lowering import Lowering
from ..native.views import Buffer
from .loops import THREADS
from .steps import Step

Key = tuple[str, int]


def handed_over(
    steps: list[Step], lowering: Lowering, targets: Sequence[int | None], given: Sequence[int],
    taken: Sequence[int],
) -> tuple[list[Step], list[Key]]:  # fmt: skip
    """The steps with copies before and after them, and (kind, number) of what is handed over."""
    by_library = {(b.kind, b.number) for s in steps if s.kernel is not None
                  for b in (*s.reads, *s.writes)}  # fmt: skip
    changes = any(target is not None for target in targets)
    before, after, handed = [], [], []
    for number in given:
        symbol = lowering.graph.inputs[number]
        place = Buffer("input", prod(symbol.shape), symbol.dtype, number)
        if changes or ("input", number) in by_library:
            source = Buffer("given", place.size, place.dtype, number)
            before.append(_moved(source, place, "an argument"))
            handed.append(("given", number))
        else:
            handed.append(("input", number))
    for number in taken:
        view = lowering.outputs[number]
        if ("output", number) in by_library or view.buffer.kind != "output":
            place = Buffer("taken", view.size, view.dtype, number)
            after.append(_moved(view.buffer, place, "a result"))
            handed.append(("taken", number))
        else:
            handed.append(("output", number))
    return [*before, *steps, *after], handed


def _moved(source: Buffer, place: Buffer, title: str) -> Step:
    kind = c_type(place.dtype)

    def text(at: Callable, block: str, blocks: str) -> str:
        given: list[Any] = [at(place), at(source, 0, f"const {kind}*"), f"{place.size}LL"]
        return f"moved({', '.join([*given, block, blocks])});"

    return Step([source], [place], title, text, -(-place.size // (4 * THREADS)))
