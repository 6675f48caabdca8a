"""The rows of a Jacobian that rules give: by a walk back, or by one rule asked alone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, final

import numpy as np

import minidl
from minidl import Tensor
from minidl.primitive import fit

from .asking import Precision, Unanswerable, answer, told
from .hosting import host

Rule = Callable | Sequence[Callable | None] | None


@final
@dataclass
class RuleRows:
    """The Jacobian (rows, columns) by rules; a row that was not given is nan."""

    table: np.ndarray
    answered: np.ndarray  # for each row whether there is one
    yours: list[str] = field(default_factory=list)  # primitives that ran on a learner's rule
    problem: str = ""  # why some row is missing


def rows(
    f: Callable, inputs: Sequence[Any], which: int, rule: Rule, precision: Precision
) -> RuleRows:
    """Asks for each row with a letter that is 1 at one number of the output and 0 elsewhere."""
    output, _ = answer(f, inputs, precision)
    count = output.numel()
    found = RuleRows(np.full((count, inputs[which].size), np.nan), np.zeros(count, bool))
    try:
        by = _by_rule if rule else _by_walk
        row = by(f, inputs, which, rule, precision, found)
    except Exception as error:
        found.problem = told(error)
        return found
    for i in range(count):
        letter = np.zeros(count)
        letter[i] = 1
        g = minidl.tensor(letter.reshape(tuple(output.shape)), dtype=precision.dtype)
        try:
            found.table[i] = host(row(g)).ravel()
            found.answered[i] = True
        except Exception as error:
            found.problem = found.problem or told(error)
    return found


def _by_walk(
    f: Callable, inputs: Sequence[Any], which: int, _: Rule, precision: Precision, found: RuleRows
) -> Callable[[Tensor], Tensor]:
    """The walk back over what the function recorded."""
    with minidl.enable_grad():
        output, given = answer(f, inputs, precision, watch=which)
    x = given[which]
    if not output.requires_grad:
        return lambda g: minidl.zeros_like(x)
    found.yours = _yours(output)

    def row(g: Tensor) -> Tensor:
        g = g.to(output.dtype)
        (share,) = minidl.autograd.grad(output, x, g, retain_graph=True, allow_unused=True)
        return minidl.zeros_like(x) if share is None else share

    return row


def _by_rule(
    f: Callable, inputs: Sequence[Any], which: int, rule: Any, precision: Precision, _: RuleRows
) -> Callable[[Tensor], Tensor]:
    """One rule alone, asked as minidl asks it; what was broadcast is summed afterwards."""
    output, given = answer(f, inputs, precision)
    output, x = output.detach(), given[which]
    own = rule if callable(rule) else rule[which]
    if own is None:
        raise Unanswerable("there is no rule for this input.")

    def row(g: Tensor) -> Tensor:
        with minidl.no_grad():
            share = own(g, output, *given)
        if callable(rule) and isinstance(share, (list, tuple)):
            share = share[which]
        elif callable(rule) and which:
            raise Unanswerable("it answers for the first input alone.")
        if share is None:
            raise Unanswerable("it returned None, and not a gradient.")
        share = share if isinstance(share, Tensor) else minidl.tensor(share, dtype=g.dtype)
        return share if share.shape == x.shape else _fitted(share, x)

    return row


def _fitted(share: Tensor, x: Tensor) -> Tensor:
    try:
        summed = fit(share, x)
    except Exception:
        summed = share
    if summed.shape != x.shape:
        raise Unanswerable(
            f"its gradient has the shape {tuple(share.shape)}, and the input {tuple(x.shape)}."
        )
    return summed


def _yours(output: Any) -> list[str]:
    """The names of the primitives on the way back whose rule is a learner's."""
    names, seen, todo = set(), set(), [output.node]
    while todo:
        node = todo.pop()
        if node is None or id(node) in seen or not hasattr(node, "primitive"):
            continue
        seen.add(id(node))
        todo.extend(node.parents)
        if any(hasattr(rule, "stands_for") for rule in node.primitive.rules or ()):
            names.add(node.primitive.name)
    return sorted(names)
