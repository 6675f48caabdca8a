"""Two Jacobians of any function: the true one, by nudging, and the one that rules give.

Row i answers to the number i of the output, column j to the number j of one input.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, final

import numpy as np

from .asking import Precision, settled
from .hosting import host
from .nudged_slopes import nudged
from .pulling import Rule, RuleRows, rows
from .signals import same_dice


@final
@dataclass
class Maps:
    """Both Jacobians (rows, columns) of a function by one input, where it stands."""

    output: np.ndarray  # the function's value
    left: np.ndarray  # slopes to the left and to the right of where the input stands
    right: np.ndarray
    true: np.ndarray  # by nudges to either side; nan where there is no number
    doubt: np.ndarray  # how far two nudges disagree
    rules: RuleRows
    precision: Precision

    @property
    def corner(self) -> np.ndarray:
        """Where the function has no slope: it turns there."""
        return np.nan_to_num(self.left) != np.nan_to_num(self.right)

    @property
    def wrong(self) -> np.ndarray:
        """Where the rules say something else than the nudge; on a corner, all between is right."""
        low = np.where(self.corner, np.minimum(self.left, self.right), self.true)
        high = np.where(self.corner, np.maximum(self.left, self.right), self.true)
        room = self.precision.absolute + self.precision.relative * abs(self.true) + self.doubt
        with np.errstate(all="ignore"):
            off = ~((low - room <= self.rules.table) & (self.rules.table <= high + room))
        return off & ~np.isnan(self.true) & self.rules.answered[:, None]


def maps(f: Callable, inputs: Sequence[Any], which: int, rule: Rule = None) -> Maps:
    """Both Jacobians of `f` by the input `which`.

    Args:
        f: a function of tensors, or a Module (a copy of it is asked), that returns one tensor.
        inputs: arrays; those of float64 may be nudged, others are handed over as they are.
        rule: (g, output, *inputs) -> the gradient of the one input, or a list of all; or such a
            rule for each input. Without it `f` is walked back by the rules at work in minidl.

    Raises:
        What the function raises; Unanswerable where it gives no tensor. What a rule raises is told
        in `problem`.
    """
    with same_dice(), np.errstate(all="ignore"):
        own, output, precision = settled(f, inputs)
        value = host(output)
        left, right, true, doubt = nudged(own, inputs, which, precision)
        found = rows(own, inputs, which, rule, precision)
        return Maps(value, left, right, true, doubt, found, precision)
