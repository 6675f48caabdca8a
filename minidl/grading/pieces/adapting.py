"""Lets a learner's function stand where one with more options stood."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, final


@final
class Unfit(Exception):
    """The call uses an option that the learner's function does not have."""


def adapt(piece: Callable, original: Callable) -> Callable:
    """The piece, callable as the original is.

    minidl's own `cross_entropy(input, target, weight, reduction, ...)` is called with every option
    spelled out; a learner writes `cross_entropy(logits, target)`. Options at their default are left
    out of the call, and one that is not raises Unfit unless the piece has it too.
    """
    try:
        mine, theirs = inspect.signature(piece), inspect.signature(original)
    except (TypeError, ValueError):
        return piece
    if list(mine.parameters) == list(theirs.parameters) or _takes_anything(theirs):
        return piece
    open_ended = any(p.kind is p.VAR_KEYWORD for p in mine.parameters.values())

    def adapted(*args: Any, **kwargs: Any) -> Any:
        given = theirs.bind(*args, **kwargs).arguments
        needed = [value for name, value in given.items() if _is_required(theirs, name)]
        options = {
            name: value
            for name, value in given.items()
            if not _is_required(theirs, name) and not _equal(value, theirs.parameters[name].default)
        }
        unknown = [name for name in options if name not in mine.parameters]
        if unknown and not open_ended:
            raise Unfit(" and ".join(f"{name}=" for name in unknown))
        return piece(*needed, **options)

    return adapted


def _takes_anything(signature: inspect.Signature) -> bool:
    kinds = {p.kind for p in signature.parameters.values()}
    return bool(kinds & {inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD})


def _is_required(signature: inspect.Signature, name: str) -> bool:
    return signature.parameters[name].default is inspect.Parameter.empty


def _equal(value: Any, default: Any) -> bool:
    plain = isinstance(value, (int, float, str)) and isinstance(default, (int, float, str))
    return value is default or (plain and value == default)
