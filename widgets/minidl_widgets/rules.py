"""An edge of minidl's graph: it pushes by the primitive's own rule, which is also its label."""

import dis
import inspect
import linecache
from collections.abc import Callable
from functools import cache
from typing import Any

from .picture import Edge, filled

LONGEST = 24
FRAME = ("RESUME", "RETURN_VALUE", "COPY_FREE_VARS", "MAKE_CELL")  # of the lambda, not of its body


def edges(
    primitive: Any, inputs: list[int], target: int, operands: tuple, params: dict
) -> list[Edge]:
    """The edges of one call, input by input; `operands` are the output and the inputs."""
    found = []
    for slot, source in enumerate(inputs):
        edge = Edge(source, target, slot)
        if primitive.rules is not None:
            edge.push = _push(primitive, slot, operands, params)
            slope = _slope(edge.push, operands, slot)
            edge.local = text_of(primitive, slot) if slope is None else slope
        found.append(edge)
    return found


def _push(primitive: Any, slot: int, operands: tuple, params: dict) -> Callable[[Any], Any]:
    """The contribution to one input, by the primitive's rule; None where it has no derivative."""
    wanted = tuple(slot if i == slot else None for i in range(len(operands) - 1))
    return lambda g: primitive.pull(g, operands, wanted, params)[slot]


def _slope(push: Callable, operands: tuple, slot: int) -> float | None:
    """Between two numbers a rule is a number: what it makes of 1."""
    output, x = operands[0], operands[1 + slot]
    if not all(hasattr(one, "reshape") and one.shape == () for one in (output, x)):
        return None
    part = push(filled(output, 1.0))
    return None if part is None else float(part)


def text_of(primitive: Any, slot: int) -> str:
    """The rule for one input, if it is short enough to stand on an edge; else nothing."""
    if primitive.joint or not primitive.rules or slot >= len(primitive.rules):
        return ""
    rule = primitive.rules[slot]
    return _body(rule) if rule is not None else ""


@cache
def _body(rule: Callable) -> str:
    """The source text that a one-line lambda's instructions came from."""
    if not inspect.isfunction(rule) or rule.__name__ != "<lambda>":
        return ""
    steps = [step for step in dis.get_instructions(rule) if step.opname not in FRAME]
    places = [step.positions for step in steps]
    known = [tuple(p) for p in places if p and None not in tuple(p)]
    if not known or len({row for first, last, *_ in known for row in (first, last)}) > 1:
        return ""
    source = linecache.getline(rule.__code__.co_filename, known[0][0] or 0).encode()
    start, end = min(p[2] or 0 for p in known), max(p[3] or 0 for p in known)
    text = source[start:end].decode().replace("_(", "(")
    return text if len(text) <= LONGEST else ""
