"""What can be tried under two frameworks, and how its numbers are made.

Code speaks of the framework as `m` and of its inputs by their names: Case("m.add(x, y, alpha=3)",
x=real(3, 4), y=real(4)).
"""

from typing import Any, final

import numpy as np

# Numbers ----------------------------------------------------------------------------------------


def _draws(shape: tuple[int, ...], seed: int) -> np.random.Generator:
    """The same numbers for the same shape, whatever else is tried."""
    return np.random.default_rng([seed, *shape])


def real(*shape: int, seed: int = 0) -> np.ndarray:
    """Normal numbers that keep away from 0, where many functions have a corner."""
    draws = _draws(shape, seed).normal(size=shape)
    return np.asarray(draws + np.where(draws < 0, -0.05, 0.05))


def complexes(*shape: int, seed: int = 0) -> np.ndarray:
    """Complex numbers of two `real` parts; tried in the complex dtype of each kind."""
    return np.asarray(real(*shape, seed=seed) + 1j * real(*shape, seed=seed + 1000))


def positive(*shape: int, seed: int = 0) -> np.ndarray:
    """Numbers from 0.3 to 3."""
    return np.asarray(_draws(shape, seed).uniform(0.3, 3.0, shape))


def unit(*shape: int, seed: int = 0) -> np.ndarray:
    """Numbers strictly between 0.05 and 0.95."""
    return np.asarray(_draws(shape, seed).uniform(0.05, 0.95, shape))


def ints(high: int, *shape: int, low: int = 0, seed: int = 0) -> np.ndarray:
    """Integers from low to high - 1, as int64."""
    return np.asarray(_draws(shape, seed).integers(low, high, shape))


def bools(*shape: int, seed: int = 0) -> np.ndarray:
    """True and False in equal parts."""
    return np.asarray(_draws(shape, seed).random(shape) < 0.5)


# Trials -----------------------------------------------------------------------------------------


@final
class Case:
    """An expression whose value and gradients must agree.

    Args:
        code: a Python expression; `m` is the framework.
        kinds: the dtypes that the floating inputs are tried in.
        strided: whether it is also tried with inputs that do not lie in order in memory.
        gradient: whether gradients are compared (of every floating input).
        second: whether gradients of gradients are compared, where PyTorch has them.
        tolerance: factor on the tolerances of the dtype.
        inputs: arrays (floating and complex ones are cast to each kind), or plain Python values.
    """

    def __init__(
        self,
        code: str,
        *,
        kinds: tuple[str, ...] = ("float64", "float32"),
        strided: bool = True,
        gradient: bool = True,
        second: bool = True,
        tolerance: float = 1.0,
        **inputs: Any,
    ):
        self.code, self.inputs, self.kinds = code, inputs, kinds
        self.strided, self.gradient, self.second = strided, gradient, second
        self.tolerance = tolerance


@final
class Layer:
    """A module with PyTorch's weights, called on inputs; parameters' gradients must agree too.

    Args:
        code: makes the module, for example "m.nn.Linear(3, 4)".
        call: what is computed with it as `net`; the module's buffers are compared afterwards.
        train: whether it is in training mode.
    """

    def __init__(
        self,
        code: str,
        *,
        call: str = "net(x)",
        train: bool = True,
        kinds: tuple[str, ...] = ("float64", "float32"),
        second: bool = False,
        tolerance: float = 1.0,
        **inputs: Any,
    ):
        self.code, self.call, self.train, self.inputs = code, call, train, inputs
        self.kinds, self.second, self.tolerance = kinds, second, tolerance


@final
class Steps:
    """An optimiser, or a schedule on top of one, whose every step must leave the same weights.

    Args:
        code: makes the optimiser from the list `params`, for example "m.optim.SGD(params, lr=0.1)".
        schedule: makes a schedule of the optimiser `opt`; its rates are compared too.
        measured: the schedule's step takes the loss, as ReduceLROnPlateau's does.
        closure: the step is given a function that computes the loss.
    """

    def __init__(
        self,
        code: str,
        *,
        schedule: str | None = None,
        measured: bool = False,
        closure: bool = False,
        steps: int = 12,
        kinds: tuple[str, ...] = ("float64", "float32"),
        tolerance: float = 1.0,
    ):
        self.code, self.schedule, self.measured, self.closure = code, schedule, measured, closure
        self.steps, self.kinds, self.tolerance = steps, kinds, tolerance


@final
class Refused:
    """A call that PyTorch refuses; minidl must too, with a message in which `says` is found.

    Args:
        code: an expression, as for `Case`.
        says: a regular expression; mostly the name of the argument that is wrong.
    """

    kinds = ("float64",)

    def __init__(self, code: str, *, says: str, **inputs: Any):
        self.code, self.says, self.inputs = code, says, inputs


Trial = Case | Layer | Steps | Refused
