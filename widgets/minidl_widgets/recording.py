"""What a checkup records: every part's numbers on the way forward and back, and two steps."""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, final

import numpy as np

import minidl
from minidl import Tensor, nn

from .hosting import host
from .patients import Patient, every_dial, every_part
from .signals import same_dice

Arrays = dict[str, np.ndarray]


@final
@dataclass
class Passing:
    """One part of the network while a batch passed through."""

    path: str
    part: nn.Module
    output: np.ndarray
    gradient: np.ndarray | None = None  # of the loss, at the output


@final
@dataclass
class Record:
    """A batch on its way forward and back through a twin."""

    passings: list[Passing]
    output: np.ndarray
    loss: float
    gradients: Arrays  # of the dials that have one
    silent: list[str]  # dials that have none


@final
@dataclass
class Steps:
    """The second of two steps on one batch."""

    own: Arrays  # the gradients that this batch alone makes
    used: Arrays  # those by which the optimiser turned
    left: Arrays  # those that the first step had left behind
    before: Arrays  # the dials
    after: Arrays
    losses: list[float] = field(default_factory=list)  # before, and after a few more steps
    turned: bool = True  # whether the optimiser was asked to turn at all


def record(patient: Patient) -> Record:
    """One batch forward and back."""
    model, calls = patient.twin(), []
    with same_dice(0), minidl.enable_grad(), np.errstate(all="ignore"), ExitStack() as hooks:
        for path, part in every_part(model):
            hooks.enter_context(part.register_forward_hook(_noting(calls, path)))
        output = patient.run(model)
        loss = patient.loss_fn(output, patient.batch[1])
        loss.backward()
    found = gradients(model)
    silent = [path for path, dial in every_dial(model) if dial.requires_grad and path not in found]
    passings = [
        Passing(path, part, host(given), None if given.grad is None else host(given.grad))
        for path, part, given in calls
    ]
    return Record(passings, host(output), float(loss.item()), found, silent)


def take_two(patient: Patient, more: int = 4) -> Steps:
    """Two steps on twins, and some more to see where they lead."""
    model, optimizer = patient.twins()
    used: list[Arrays] = []
    _overhear(optimizer, lambda: used.append(gradients(model)))
    assert patient.step is not None

    def step() -> None:
        patient.step(model, optimizer, patient.loss_fn, *patient.batch)  # type: ignore

    with minidl.enable_grad(), np.errstate(all="ignore"):
        with same_dice(0):
            step()
        left, twin = gradients(model), deepcopy(model)
        for _, dial in every_dial(twin):
            dial.grad = None
        with same_dice(1):
            first = patient.loss_fn(patient.run(twin), patient.batch[1])
            first.backward()
        before = weights(model)
        with same_dice(1):
            step()
        after = weights(model)
        for seed in range(2, 2 + more):
            with same_dice(seed):
                step()
        with same_dice(1), minidl.no_grad():
            last = patient.loss_fn(patient.run(model), patient.batch[1])
    seen = used[1] if len(used) > 1 else {}
    losses = [float(first.item()), float(last.item())]
    return Steps(gradients(twin), seen, left, before, after, losses, len(used) > 1)


def gradients(model: nn.Module) -> Arrays:
    """Copies of the gradients by path, in float64; dials without one are left out."""
    found = ((path, dial.grad) for path, dial in every_dial(model))
    return {path: host(grad).astype(np.float64) for path, grad in found if grad is not None}


def weights(model: nn.Module) -> Arrays:
    """Copies of the dials by path."""
    return {path: host(dial).copy() for path, dial in every_dial(model)}


def size(x: np.ndarray) -> float:
    """The root of the mean square; 0 where there are no numbers."""
    with np.errstate(all="ignore"):
        return float(np.sqrt((x.astype(np.float64) ** 2).mean())) if x.size else 0.0


def length(arrays: Mapping[str, np.ndarray]) -> float:
    """All numbers as one arrow: how long it is."""
    with np.errstate(all="ignore"):
        return float(np.sqrt(sum((a.astype(np.float64) ** 2).sum() for a in arrays.values())))


def _noting(calls: list, path: str) -> Callable:
    def note(part: nn.Module, _: tuple, given: Any) -> None:
        first = given[0] if isinstance(given, (tuple, list)) else given
        if isinstance(first, Tensor) and first.dtype.kind == "f":
            if first.requires_grad:
                first.retain_grad()
            calls.append((path, part, first))

    return note


def _overhear(optimizer: Any, note: Callable[[], None]) -> None:
    """Calls `note` each time before the optimiser turns the dials."""
    turn = optimizer.step

    def step(*arguments: Any, **named: Any) -> Any:
        note()
        return turn(*arguments, **named)

    optimizer.step = step
