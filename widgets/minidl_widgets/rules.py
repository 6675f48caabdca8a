"""A derivative rule as it is written: the text after the colon of `lambda g, z, x, y: g * y`."""

import dis
import inspect
import linecache
from collections.abc import Callable
from functools import cache
from typing import Any

LONGEST = 24
FRAME = ("RESUME", "RETURN_VALUE", "COPY_FREE_VARS", "MAKE_CELL")  # of the lambda, not of its body


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
